/**
 * Real servers for tests. `npm test` starts a private MariaDB and Redis and names them in the environment; a
 * suite asks here for a database of its own and an empty Redis database, or for a whole server it may kill.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createDatabase, dropDatabase } from '../../docker/launcher/database';
import type { DatabaseAccess } from '../../docker/launcher/database';
import { startMariaDb } from '../../docker/launcher/mariadb';
import type { RunningServer } from '../../docker/launcher/mariadb';
import { choosePorts } from '../../docker/launcher/ports';
import { findServerPrograms } from '../../docker/launcher/programs';
import { startRedis } from '../../docker/launcher/redis';
import { randomSecret } from '../../docker/launcher/secrets';

export interface TestDatabase extends DatabaseAccess {
  /** An account that may do anything on the server. */
  readonly adminUrl: string;
  /** Removes the database and its accounts; call it in afterAll. */
  drop(): Promise<void>;
}

/**
 * An empty database with its two accounts, as the launcher makes them; run the migrations to fill it.
 *
 * @param adminUrl the server; default the one `npm test` started
 * @example const database = await createTestDatabase(); afterAll(() => database.drop());
 */
export async function createTestDatabase(adminUrl = fromRunner('TEST_DATABASE_ADMIN_URL')): Promise<TestDatabase> {
  const id = randomBytes(5).toString('hex');
  const names = { database: `vendtest${id}`, migrationUser: `vendmig${id}`, appUser: `vendapp${id}` };
  const passwords = { databaseMigration: randomSecret(24), databaseApp: randomSecret(24) };
  const access = await createDatabase(adminUrl, names, passwords);
  return { ...access, adminUrl, drop: () => dropDatabase(adminUrl, names) };
}

export interface TestRedis {
  readonly url: string;
  /** Empties it again; call it in afterAll. */
  clear(): Promise<void>;
}

/**
 * A Redis database that nothing else uses: the first empty one, so that on a server somebody else owns nothing
 * of theirs is touched.
 */
export async function createTestRedis(serverUrl = fromRunner('TEST_REDIS_URL')): Promise<TestRedis> {
  const url = new URL(serverUrl);
  for (let index = 1; index < 16; index += 1) {
    url.pathname = `/${index}`;
    const mine = url.toString();
    const isMine = await withRedis(mine, async (client) => {
      if ((await client.dbsize()) > 0) return false;
      return (await client.set('vend-test-owner', process.pid, 'NX')) === 'OK';
    });
    if (!isMine) continue;
    return {
      url: mine,
      clear: () =>
        withRedis(mine, async (client) => {
          await client.flushdb();
        }),
    };
  }
  throw new Error('no empty Redis database among 1 to 15; a suite before this one may have left its data');
}

async function withRedis<Result>(url: string, work: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis(url, { lazyConnect: true });
  await client.connect();
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

/** A server of one suite's own, which it may stop, kill -9 and start again on the same data and port. */
export interface OwnServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  kill(): void;
  /** Starts it again after stop or kill. */
  restart(): Promise<void>;
}

/** A MariaDB of one suite's own. @param name a directory name, unique within the test run */
export function startOwnMariaDb(name: string): Promise<OwnServer> {
  const rootPassword = randomSecret(24);
  return ownServer(name, (directory, port) =>
    startMariaDb({
      programs: findServerPrograms(),
      directory,
      port,
      rootPassword,
      ...filesOf(name),
      size: 'small',
    }),
  );
}

/** A Redis of one suite's own. @param name a directory name, unique within the test run */
export function startOwnRedis(name: string): Promise<OwnServer> {
  const password = randomSecret(24);
  return ownServer(name, (directory, port) =>
    startRedis({
      programs: findServerPrograms(),
      directory,
      port,
      password,
      ...filesOf(name),
    }),
  );
}

/** The record lets the next run find what a killed one has left. */
function filesOf(name: string): { logFile: string; recordFile: string } {
  return {
    logFile: join(localDirectory(), 'logs', `${name}.log`),
    recordFile: join(localDirectory(), 'run', `${name}.json`),
  };
}

async function ownServer(
  name: string,
  start: (directory: string, port: number) => Promise<RunningServer>,
): Promise<OwnServer> {
  const directory = join(localDirectory(), name);
  const { port } = await freePorts(name, ['port']);
  let running = await start(directory, port);
  return {
    url: running.url,
    port,
    get pid() {
      return running.record.pid;
    },
    stop: () => running.stop(),
    kill: () => {
      process.kill(running.record.pid, 'SIGKILL');
    },
    restart: async () => {
      await running.stop();
      running = await start(directory, port);
    },
  };
}

/** Free ports by name, for the processes a suite starts. @param seed any text unique to the suite */
function freePorts<Name extends string>(seed: string, names: readonly Name[]): Promise<Record<Name, number>> {
  return choosePorts(join(localDirectory(), seed, String(process.pid)), names);
}

/** A directory of this test run for logs, state and secrets; removed with the run. */
export function localDirectory(): string {
  return fromRunner('TEST_LOCAL_DIR');
}

function fromRunner(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: run tests that need servers by "npm test -- <pattern>"`);
}
