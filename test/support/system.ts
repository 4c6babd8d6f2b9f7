/** The whole system as processes, for one test file: brought up in a folder of its own, broken at will, taken down. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Database, createDataSource } from '@vend/platform';
import type { App } from '../../docker/launcher/environment';
import { layoutOf } from '../../docker/launcher/layout';
import type { Layout } from '../../docker/launcher/layout';
import { mariaDbUrl } from '../../docker/launcher/mariadb';
import { readLiveRecord, until } from '../../docker/launcher/processes';
import type { ProcessRecord } from '../../docker/launcher/processes';
import { Progress } from '../../docker/launcher/progress';
import { redisUrl } from '../../docker/launcher/redis';
import { applicationSecrets, serverPasswords } from '../../docker/launcher/secrets';
import type { DemoLogin, DemoPartner } from '../../docker/launcher/secrets';
import { provideServers } from '../../docker/launcher/servers';
import type { ServerName } from '../../docker/launcher/servers';
import { Stack } from '../../docker/launcher/stack';
import { metersCsv } from './installed-meters';
import type { InstalledMeter } from './installed-meters';
import { localDirectory } from './servers';

/** Everything that can be killed. */
export type Part = App | ServerName;

export interface SystemOptions {
  /** Name of its folder; unique within a test run. */
  readonly name: string;
  readonly meters: readonly InstalledMeter[];
  /** Settings of the applications over their usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What one condition may take on a busy machine before it counts as never. */
const EVENTUALLY_MS = 60_000;

const isServer = (part: Part): part is ServerName => part === 'mariadb' || part === 'redis';

/**
 * A running system: MariaDB, Redis, token server, sandbox, api and worker.
 *
 * @example const system = await System.start({ name: 'recharge', meters: installedMeters(8) }); await system.stop();
 */
export class System {
  private readonly paused = new Set<Part>();
  private readonly ended = new Set<Part>();

  private constructor(
    readonly apiUrl: string,
    readonly sandboxUrl: string,
    /** Behind the curtain: the account that owns the database. */
    readonly admin: Database,
    private readonly layout: Layout,
    private readonly stack: Stack,
    private readonly name: string,
  ) {}

  /** @throws {Error} naming the step that failed, with the last lines of its log */
  static async start({ name, meters, settings }: SystemOptions): Promise<System> {
    // Its servers are its own: they will be killed, whatever the test run was given.
    for (const given of ['DATABASE_URL', 'DATABASE_MIGRATION_URL', 'REDIS_URL']) delete process.env[given];
    for (const app of ['API', 'SANDBOX', 'WORKER', 'TOKEN_SERVER']) delete process.env[`${app}_PORT`];
    const layout = layoutOf(undefined, join(localDirectory(), name));
    const metersFile = join(layout.local, 'meters.csv');
    writeFileSync(metersFile, metersCsv(meters));
    const told: string[] = [];
    const stack = new Stack(layout, new Progress(Date.now(), (text) => told.push(text)), false, {
      metersFile,
      settings,
    });
    try {
      const { apiUrl, sandboxUrl } = await stack.up();
      const admin = createDataSource({ url: adminUrl(layout), poolSize: 4 });
      await admin.initialize();
      return new System(apiUrl, sandboxUrl, new Database(admin), layout, stack, name);
    } catch (error) {
      await stack.down();
      throw new Error(`the system did not come up:\n${told.join('')}`, { cause: error });
    }
  }

  get logs(): string {
    return this.layout.logs;
  }

  /** Keys, list of callers and journal of the token server. */
  get tokenServerDirectory(): string {
    return join(this.layout.local, 'token-server');
  }

  /** A file of secrets: decoder-keys.json ... */
  secretsFile(file: string): string {
    return join(this.layout.secrets, file);
  }

  get logins(): readonly DemoLogin[] {
    return applicationSecrets(this.layout).logins;
  }

  get partner(): DemoPartner {
    return applicationSecrets(this.layout).partners[0]!;
  }

  /** The content of a file of secrets: application.json, servers.json, decoder-keys.json ... */
  secrets<Content>(file: string): Content {
    return JSON.parse(readFileSync(join(this.layout.secrets, file), 'utf8')) as Content;
  }

  /** A connection to the system's Redis; disconnect it. */
  redis(): Redis {
    return new Redis(redisUrl(this.record('redis').port!, serverPasswords(this.layout).redis));
  }

  /** Ends a part by SIGTERM, or as a power cut does. */
  async end(part: Part, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.ended.add(part);
    if (!isServer(part)) return this.stack.end(part, signal);
    process.kill(this.record(part).pid, signal);
    await eventually(`${part} is gone`, () => readLiveRecord(this.recordFile(part)) === undefined);
  }

  kill(part: Part): Promise<void> {
    return this.end(part, 'SIGKILL');
  }

  /** Starts a part that was ended, on its old address and data, and waits until it may be used. */
  async startAgain(part: Part): Promise<void> {
    if (isServer(part)) await provideServers(this.layout, {}, () => undefined);
    else await this.stack.startAgain(part);
    this.ended.delete(part);
  }

  /** Starts and wakes whatever a failed test has left ended or paused, so that the next one fails for its own reasons. */
  async bringBack(): Promise<void> {
    for (const part of this.paused) this.resume(part);
    for (const part of this.ended) await this.startAgain(part);
  }

  /** Stops a part in its tracks: it keeps its connections and answers nobody. */
  pause(part: Part): void {
    process.kill(this.record(part).pid, 'SIGSTOP');
    this.paused.add(part);
  }

  resume(part: Part): void {
    this.paused.delete(part);
    process.kill(this.record(part).pid, 'SIGCONT');
  }

  /** Takes everything down and keeps the logs in .local/logs/<name>. Safe after a failure half-way. */
  async stop(): Promise<void> {
    for (const part of this.paused) this.resume(part);
    await this.admin.dataSource.destroy();
    await this.stack.down();
    const kept = join(this.layout.root, '.local', 'logs', `e2e-${this.name}`);
    rmSync(kept, { recursive: true, force: true });
    mkdirSync(kept, { recursive: true });
    cpSync(this.layout.logs, kept, { recursive: true });
    rmSync(this.layout.local, { recursive: true, force: true });
  }

  private record(part: Part): ProcessRecord {
    const record = readLiveRecord(this.recordFile(part));
    if (!record) throw new Error(`${part} is not running`);
    return record;
  }

  private recordFile(part: Part): string {
    return join(this.layout.run, isServer(part) ? `${part}.json` : `app-${part}.json`);
  }
}

function adminUrl(layout: Layout): string {
  const { port } = readLiveRecord(join(layout.run, 'mariadb.json'))!;
  return `${mariaDbUrl(port!, serverPasswords(layout).databaseRoot)}/vend`;
}

/** Waits for a condition. @throws {Error} naming it when it has not come to hold within the bound */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = EVENTUALLY_MS,
): Promise<void> {
  if (!(await until(holds, withinMs, 100))) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
}
