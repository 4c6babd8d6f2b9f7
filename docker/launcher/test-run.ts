import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { layoutOf } from './layout';
import type { Layout } from './layout';
import { startMariaDb } from './mariadb';
import { choosePorts } from './ports';
import { readLiveRecord, recordOf, stopProcess, writeRecord } from './processes';
import type { Progress } from './progress';
import { startRedis } from './redis';
import { serverPasswords } from './secrets';
import { provideServerPrograms } from './servers';
import { addUp, summaryLine, tally } from './summary';
import type { JestReport, Tally } from './summary';

const JEST_RECORD = /^jest-\d+\.json$/;
const PROJECTS = ['unit', 'integration', 'e2e'] as const;
type Project = (typeof PROJECTS)[number];

/** After its report is written Jest has this long to end; a suite that left something open would hold it for ever. */
const EXIT_GRACE_MS = 20_000;

/**
 * After so many files a new process: in one for all, what each file loads anew stays. Every promise then passes hundreds
 * of dead AsyncLocalStorages, and after a hundred files everything was ten times slower. End-to-end files are long,
 * and each brings up processes.
 */
const FILES_PER_PROCESS = { integration: 16, e2e: 9 } as const;

export interface TestSelection {
  readonly projects: readonly Project[];
  /** Path patterns and flags, for Jest. */
  readonly jestArgs: readonly string[];
}

/** Reads `npm test -- ...`: the words unit, integration and e2e choose kinds, everything else narrows by path. */
export function selectTests(args: readonly string[]): TestSelection {
  const isProject = (word: string): word is Project => (PROJECTS as readonly string[]).includes(word);
  const chosen = args.filter(isProject);
  return { projects: chosen.length > 0 ? chosen : PROJECTS, jestArgs: args.filter((word) => !isProject(word)) };
}

/**
 * Runs the tests and ends with the line `N passed, N failed`.
 *
 * @returns the exit status: 0 only when at least one test ran, none failed and the build was whole
 */
export async function runTests(
  root: Layout,
  args: readonly string[],
  buildFailed: boolean,
  progress: Progress,
): Promise<number> {
  const { projects, jestArgs } = selectTests(args);
  const tallies: Tally[] = [];
  if (buildFailed) tallies.push({ passed: 0, failed: 1, brokenSuites: ['the build'] });
  await clearUpAfterDead(root);
  const layout = layoutOf(root.root, join(root.local, 'test', String(process.pid)));
  const own = recordOf(process.pid);
  if (own) writeRecord(join(layout.run, 'runner.json'), own);
  const jest = new JestRunner(layout, progress);
  const stop = async (): Promise<void> => {
    await jest.stop();
    await stopRecordedBelow(layout.local);
    removeDirectory(layout.local);
  };
  onInterrupt(stop);
  try {
    if (projects.includes('unit')) tallies.push(await jest.run('unit', 'unit', ['--maxWorkers=2', ...jestArgs], {}));
    const integration = projects.includes('integration') ? await jest.shares('integration', jestArgs) : [];
    const e2e = projects.includes('e2e') ? await jest.shares('e2e', jestArgs) : [];
    if (integration.length + e2e.length > 0) {
      const env = await testServers(layout, progress);
      const take = async ({ project, shard }: Share): Promise<void> => {
        const args = ['--runInBand', `--shard=${shard}`, '--testTimeout=60000', ...jestArgs];
        tallies.push(await jest.run(project, `${project} ${shard}`, args, env));
      };
      await Promise.all([inTurn(e2e, take), inTurn(integration, take)]);
    }
  } catch (error) {
    progress.say(`test: ${error instanceof Error ? error.message : String(error)}`);
    tallies.push({ passed: 0, failed: 1, brokenSuites: ['the test run'] });
  } finally {
    await stop();
  }
  return conclude(addUp(tallies), progress);
}

/** The part of one kind of tests that one Jest process runs, one file after the other: "3/8". */
interface Share {
  readonly project: keyof typeof FILES_PER_PROCESS;
  readonly shard: string;
}

/**
 * One of two lanes side by side: the end-to-end tests mostly wait (for processes to start, for retries), the others mostly
 * compute. Every file has a database, a Redis database and a folder of its own.
 */
async function inTurn(shares: readonly Share[], take: (share: Share) => Promise<void>): Promise<void> {
  for (const share of shares) await take(share);
}

function conclude(total: Tally, progress: Progress): number {
  for (const suite of total.brokenSuites) progress.plain(`could not start, or broke outside its tests: ${suite}`);
  if (total.passed + total.failed === 0) {
    progress.plain('No test matched; a run that tests nothing counts as failed.');
    progress.plain(summaryLine({ passed: 0, failed: 1 }));
    return 1;
  }
  progress.plain(summaryLine(total));
  return total.failed === 0 ? 0 : 1;
}

/**
 * Servers for one run, thrown away with it: private ones, or, where DATABASE_URL is given, databases of their
 * own on that server (its account must be allowed to create them).
 */
async function testServers(layout: Layout, progress: Progress): Promise<NodeJS.ProcessEnv> {
  const databaseUrl = process.env['DATABASE_URL'];
  const redisUrl = process.env['REDIS_URL'];
  const say = (line: string): void => progress.say(line);
  const needs = [...(databaseUrl ? [] : (['mariadb'] as const)), ...(redisUrl ? [] : (['redis'] as const))];
  const programs = await provideServerPrograms(layout, needs, say);
  const ports = await choosePorts(layout.local, ['mariadb', 'redis']);
  const passwords = serverPasswords(layout);
  const env: NodeJS.ProcessEnv = { TEST_DATABASE_ADMIN_URL: databaseUrl, TEST_REDIS_URL: redisUrl };
  if (!databaseUrl) {
    const mariadb = await startMariaDb({
      programs,
      directory: join(layout.local, 'mariadb'),
      port: ports.mariadb,
      rootPassword: passwords.databaseRoot,
      logFile: join(layout.logs, 'mariadb.log'),
      recordFile: join(layout.run, 'mariadb.json'),
      size: 'small',
    });
    env['TEST_DATABASE_ADMIN_URL'] = mariadb.url;
  }
  if (!redisUrl) {
    const redis = await startRedis({
      programs,
      directory: join(layout.local, 'redis'),
      port: ports.redis,
      password: passwords.redis,
      logFile: join(layout.logs, 'redis.log'),
      recordFile: join(layout.run, 'redis.json'),
    });
    env['TEST_REDIS_URL'] = redis.url;
  }
  return env;
}

class JestRunner {
  private readonly children = new Set<ReturnType<typeof spawn>>();
  private count = 0;

  constructor(
    private readonly layout: Layout,
    private readonly progress: Progress,
  ) {}

  /** Runs tests of one kind, with Jest's own output passed through, and counts from its report. */
  async run(project: Project, label: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Tally> {
    this.progress.say(`test: ${label} ...`);
    this.count += 1;
    const reportFile = join(this.layout.local, `report-${this.count}.json`);
    const options = ['--json', `--outputFile=${reportFile}`, '--passWithNoTests', ...args];
    await this.spawnJest(['--selectProjects', project, ...options], 'inherit', env, reportFile);
    if (!existsSync(reportFile)) return { passed: 0, failed: 1, brokenSuites: [`jest (${label})`] };
    return tally(JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport);
  }

  /** The files of one kind that the path patterns match, in shares; none, and servers are not started for nothing. */
  async shares(project: Share['project'], args: readonly string[]): Promise<Share[]> {
    // An option between the two: a pattern right behind the project would be taken for one more.
    const output = await this.spawnJest(['--selectProjects', project, '--listTests', ...args], 'pipe', {});
    const files = output.split('\n').filter((line) => line.startsWith('/')).length;
    const count = Math.ceil(files / FILES_PER_PROCESS[project]);
    return Array.from({ length: count }, (_, index) => ({ project, shard: `${index + 1}/${count}` }));
  }

  async stop(): Promise<void> {
    const records = [...this.children].flatMap(({ pid }) => (pid === undefined ? [] : (recordOf(pid) ?? [])));
    await Promise.all(records.map((record) => stopProcess(record, 5_000)));
  }

  private spawnJest(
    args: readonly string[],
    output: 'inherit' | 'pipe',
    env: NodeJS.ProcessEnv,
    reportFile?: string,
  ): Promise<string> {
    const jest = join(this.layout.root, 'node_modules/jest/bin/jest.js');
    const child = spawn(process.execPath, [jest, ...args], {
      cwd: this.layout.root,
      env: { ...process.env, ...env, TEST_LOCAL_DIR: this.layout.local },
      stdio: ['ignore', output === 'pipe' ? 'pipe' : 'ignore', output === 'pipe' ? 'ignore' : 'inherit'],
    });
    this.children.add(child);
    const record = child.pid === undefined ? undefined : recordOf(child.pid);
    if (record) writeRecord(join(this.layout.run, `jest-${record.pid}.json`), record);
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    let reportSeenAtMs: number | undefined;
    const watch = setInterval(() => {
      if (reportFile === undefined || !existsSync(reportFile)) return;
      reportSeenAtMs ??= Date.now();
      if (Date.now() - reportSeenAtMs < EXIT_GRACE_MS) return;
      this.progress.say('test: a suite left a handle open, and Jest does not end by itself; ending it');
      child.kill('SIGKILL');
    }, 1_000);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => {
        clearInterval(watch);
        this.children.delete(child);
        resolve(text);
      });
    });
  }
}

function onInterrupt(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void stop().finally(() => process.exit(130));
    });
  }
}

/** A test run that was killed leaves Jest, servers and data behind; the next one clears them away. */
async function clearUpAfterDead(root: Layout): Promise<void> {
  const directory = join(root.local, 'test');
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    const run = join(directory, name);
    if (readLiveRecord(join(run, 'run', 'runner.json'))) continue;
    for (const file of recordsOfJest(run)) {
      const left = readLiveRecord(file); // first, or it would start more
      if (left) await stopProcess(left, 0);
    }
    await stopRecordedBelow(run);
    removeDirectory(run);
  }
}

function recordsOfJest(run: string): string[] {
  const directory = join(run, 'run');
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => JEST_RECORD.test(name))
    .map((name) => join(directory, name));
}

/** Stops every process recorded in a `run/` directory at any depth: suites keep whole systems of their own there. */
async function stopRecordedBelow(directory: string): Promise<void> {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && basename(entry.parentPath) === 'run')
    .map((entry) => join(entry.parentPath, entry.name));
  const isApp = (file: string): boolean => basename(file).startsWith('app-');
  // Applications before the servers that they use.
  for (const file of [...files.filter(isApp), ...files.filter((each) => !isApp(each))]) {
    const record = readLiveRecord(file);
    if (record && record.pid !== process.pid) await stopProcess(record, 5_000);
  }
}

/** Something that was just killed may still be writing: what cannot be removed now is left to the next run. */
function removeDirectory(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}
