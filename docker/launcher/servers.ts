import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptCommand, aptInstall } from './apt';
import { readIfThere, writeWhole } from './files';
import type { Layout } from './layout';
import { mariaDbAnswers, mariaDbUrl, startMariaDb } from './mariadb';
import { choosePorts } from './ports';
import { readLiveRecord, stopProcess } from './processes';
import type { ProcessRecord } from './processes';
import { findProgram, findServerPrograms } from './programs';
import type { Finder, ServerPrograms } from './programs';
import { redisAnswers, redisUrl, startRedis } from './redis';
import type { RunningServer } from './mariadb';
import { serverPasswords } from './secrets';

/** The database and the queue's server, ours or somebody else's. */
export interface Servers {
  /** An account that may create databases and users. */
  readonly databaseAdminUrl: string;
  readonly redisUrl: string;
  /** What to tell the person watching: where each came from. */
  readonly remark: string;
}

export const NOTHING_AVAILABLE =
  'MariaDB and Redis are needed, and this machine has neither the programs nor a way to install them from here. ' +
  'Install them (Debian and Ubuntu: sudo apt-get install mariadb-server redis-server; they need not be configured or ' +
  'running, a private copy is started under .local/), or point DATABASE_URL and REDIS_URL at servers you already ' +
  'have, or let Docker do all of it: docker compose -f docker/compose.yml up';

export type ServerName = 'mariadb' | 'redis';

const kept = (layout: Layout): string => join(layout.run, 'keep-servers');

/** Asks that the servers outlive the command that started them. */
export function keepServers(layout: Layout): void {
  writeWhole(kept(layout), '');
}

/**
 * The programs of the servers; installs them with apt where it may.
 *
 * @throws Error with one paragraph on what to do when there is no way to have them
 */
export async function provideServerPrograms(
  layout: Layout,
  needs: readonly ServerName[],
  say: (line: string) => void,
  find: Finder = findProgram,
): Promise<Partial<ServerPrograms>> {
  const present = findServerPrograms(find);
  const packages = missingPackages(present, needs);
  if (packages.length === 0) return present;
  const apt = aptCommand(find);
  if (apt === undefined) throw new Error(NOTHING_AVAILABLE);
  const logFile = join(layout.logs, 'apt.log');
  say(`servers: installing ${packages.join(' and ')} with apt (log: ${logFile}) ...`);
  try {
    await aptInstall(apt, packages, logFile);
  } catch (error) {
    throw new Error(`${NOTHING_AVAILABLE}\n(${(error as Error).message}; log: ${logFile})`);
  }
  const installed = findServerPrograms(find);
  if (missingPackages(installed, needs).length > 0) throw new Error(NOTHING_AVAILABLE);
  return installed;
}

/** Debian's packages for what is needed and not there. */
function missingPackages(present: Partial<ServerPrograms>, needs: readonly ServerName[]): string[] {
  const packages: string[] = [];
  if (needs.includes('mariadb') && !(present.mariadbd && present.mariadbInstallDb)) packages.push('mariadb-server');
  if (needs.includes('redis') && !present.redisServer) packages.push('redis-server');
  return packages;
}

/**
 * Finds or starts MariaDB and Redis: the given URLs first, else private instances under `.local/`. An instance
 * that an earlier launcher left behind is used again when it answers, and stopped when it does not.
 */
export async function provideServers(
  layout: Layout,
  given: { readonly databaseUrl?: string; readonly redisUrl?: string },
  say: (line: string) => void,
): Promise<Servers> {
  if (given.databaseUrl && given.redisUrl) {
    return {
      databaseAdminUrl: given.databaseUrl,
      redisUrl: given.redisUrl,
      remark: 'MariaDB and Redis as given',
    };
  }
  const needs: ServerName[] = [];
  if (!given.databaseUrl) needs.push('mariadb');
  if (!given.redisUrl) needs.push('redis');
  const programs = await provideServerPrograms(layout, needs, say);
  const ports = await chooseServerPorts(layout);
  const passwords = serverPasswords(layout);
  const remarks: string[] = [];
  const provide = async (name: ServerName, instance: Instance): Promise<string> => {
    const { url, reused } = await reuseOrStart(recordFileOf(layout, name), instance);
    remarks.push(`${name} ${reused ? 'still running' : 'started'} on port ${new URL(url).port}`);
    return url;
  };
  const databaseAdminUrl =
    given.databaseUrl ??
    (await provide('mariadb', {
      url: (port) => mariaDbUrl(port, passwords.databaseRoot),
      answers: mariaDbAnswers,
      start: () =>
        startMariaDb({
          programs,
          directory: join(layout.local, 'mariadb'),
          port: ports.mariadb,
          rootPassword: passwords.databaseRoot,
          logFile: join(layout.logs, 'mariadb.log'),
          recordFile: recordFileOf(layout, 'mariadb'),
          size: 'roomy',
        }),
    }));
  const redis =
    given.redisUrl ??
    (await provide('redis', {
      url: (port) => redisUrl(port, passwords.redis),
      answers: redisAnswers,
      start: () =>
        startRedis({
          programs,
          directory: join(layout.local, 'redis'),
          port: ports.redis,
          password: passwords.redis,
          logFile: join(layout.logs, 'redis.log'),
          recordFile: recordFileOf(layout, 'redis'),
        }),
    }));
  return {
    databaseAdminUrl,
    redisUrl: redis,
    remark: remarks.join(', '),
  };
}

function recordFileOf(layout: Layout, name: ServerName): string {
  return join(layout.run, `${name}.json`);
}

interface Instance {
  url(port: number): string;
  answers(url: string): Promise<boolean>;
  start(): Promise<RunningServer>;
}

async function reuseOrStart(file: string, instance: Instance): Promise<{ url: string; reused: boolean }> {
  const left = readLiveRecord(file);
  if (left?.port !== undefined) {
    const url = instance.url(left.port);
    if (await instance.answers(url)) return { url, reused: true };
  }
  if (left) await stopProcess(left, 60_000);
  return { url: (await instance.start()).url, reused: false };
}

async function chooseServerPorts(layout: Layout): Promise<{ mariadb: number; redis: number }> {
  const file = join(layout.run, 'server-ports.json');
  const remembered = JSON.parse(readIfThere(file) ?? '{}') as { mariadb?: number; redis?: number };
  const live = (name: ServerName): ProcessRecord | undefined => readLiveRecord(recordFileOf(layout, name));
  // A port our own living server holds is not free, and is still the right one.
  const isOurs = { mariadb: live('mariadb')?.port, redis: live('redis')?.port };
  const ports = await choosePorts(layout.local, ['mariadb', 'redis'], { ...remembered, ...definedOnly(isOurs) });
  const result = { mariadb: isOurs.mariadb ?? ports.mariadb, redis: isOurs.redis ?? ports.redis };
  writeWhole(file, `${JSON.stringify(result)}\n`);
  return result;
}

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Stops the private servers of this checkout that are running; answers the names of those it stopped. */
export async function stopServers(layout: Layout): Promise<string[]> {
  rmSync(kept(layout), { force: true });
  const stopped: string[] = [];
  for (const name of ['redis', 'mariadb'] as const) {
    const file = recordFileOf(layout, name);
    const record = readLiveRecord(file);
    if (!record) continue;
    await stopProcess(record, 60_000);
    rmSync(file, { force: true });
    stopped.push(name);
  }
  return stopped;
}

/** The end of a command: stops the private servers unless `servers` was asked to leave them running. */
export async function releaseServers(layout: Layout): Promise<void> {
  if (!existsSync(kept(layout))) await stopServers(layout);
}
