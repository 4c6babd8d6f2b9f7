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

const JEST_RECORD = 'jest.json';
const PROJECTS = ['unit', 'integration', 'e2e'] as const;
type Project = (typeof PROJECTS)[number];

/** After its report is written Jest has this long to end; a suite that left something open would hold it for ever. */
const EXIT_GRACE_MS = 20_000;

/**
 * One file at a time, and after so many a new process: in one for all, what each file loads anew stays. Every promise then
 * passes hundreds of dead AsyncLocalStorages, and after a hundred files everything was ten times slower.
 */
const FILES_PER_PROCESS = 16;

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
    if (projects.includes('unit')) tallies.push(await jest.run(['unit'], ['--maxWorkers=2', ...jestArgs], {}));
    const rest = projects.filter((project) => project !== 'unit');
    const files = rest.length === 0 ? 0 : await jest.countFiles(rest, jestArgs);
    if (files > 0) {
      const env = await testServers(layout, progress);
      const runs = Math.ceil(files / FILES_PER_PROCESS);
      for (let run = 1; run <= runs; run += 1) {
        const shard = ['--runInBand', `--shard=${run}/${runs}`, '--testTimeout=60000', ...jestArgs];
        tallies.push(await jest.run(rest, shard, env));
      }
    }
  } catch (error) {
    progress.say(`test: ${error instanceof Error ? error.message : String(error)}`);
    tallies.push({ passed: 0, failed: 1, brokenSuites: ['the test run'] });
  } finally {
    await stop();
  }
  return conclude(addUp(tallies), progress);
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
  private child: ReturnType<typeof spawn> | undefined;
  private count = 0;

  constructor(
    private readonly layout: Layout,
    private readonly progress: Progress,
  ) {}

  /** Runs some kinds of tests, with Jest's own output passed through, and counts from its report. */
  async run(projects: readonly string[], args: readonly string[], env: NodeJS.ProcessEnv): Promise<Tally> {
    this.progress.say(`test: ${projects.join(' and ')} ...`);
    this.count += 1;
    const reportFile = join(this.layout.local, `report-${this.count}.json`);
    const options = ['--json', `--outputFile=${reportFile}`, '--passWithNoTests', ...args];
    await this.spawnJest(['--selectProjects', ...projects, ...options], 'inherit', env, reportFile);
    if (!existsSync(reportFile)) return { passed: 0, failed: 1, brokenSuites: [`jest (${projects.join(', ')})`] };
    return tally(JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport);
  }

  /** How many files of these kinds the path patterns match, so that servers are not started for nothing. */
  async countFiles(projects: readonly string[], args: readonly string[]): Promise<number> {
    // An option between the two: a pattern right behind the projects would be taken for one of them.
    const output = await this.spawnJest(['--selectProjects', ...projects, '--listTests', ...args], 'pipe', {});
    return output.split('\n').filter((line) => line.startsWith('/')).length;
  }

  async stop(): Promise<void> {
    const record = this.child?.pid === undefined ? undefined : recordOf(this.child.pid);
    if (record) await stopProcess(record, 5_000);
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
    this.child = child;
    const record = child.pid === undefined ? undefined : recordOf(child.pid);
    if (record) writeRecord(join(this.layout.run, JEST_RECORD), record);
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
    const left = readLiveRecord(join(run, 'run', JEST_RECORD)); // first, or it would start more
    if (left) await stopProcess(left, 0);
    await stopRecordedBelow(run);
    removeDirectory(run);
  }
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
