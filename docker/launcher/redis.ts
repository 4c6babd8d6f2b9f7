import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RunningServer } from './mariadb';
import { recordOf, spawnServer, stopProcess, until, writeRecord } from './processes';
import type { ServerPrograms } from './programs';

export interface RedisOptions {
  readonly programs: Partial<Pick<ServerPrograms, 'redisServer'>>;
  readonly directory: string;
  readonly port: number;
  readonly password: string;
  readonly logFile: string;
  /** Where the process is noted as soon as it exists. */
  readonly recordFile?: string;
}

/**
 * Starts a private Redis with an append-only file and no eviction, behind a password.
 *
 * @throws Error with the last lines of the server's log when it does not come up
 */
export async function startRedis(options: RedisOptions): Promise<RunningServer> {
  const { redisServer } = options.programs;
  if (!redisServer) throw new Error('Redis is not installed');
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const configuration = join(options.directory, 'redis.conf');
  // In a file, because arguments can be read by every user of the machine.
  writeFileSync(configuration, redisConfiguration(options), { mode: 0o600 });
  const child = spawnServer({
    program: redisServer,
    args: [configuration],
    cwd: options.directory,
    env: { PATH: process.env['PATH'] },
    logFile: options.logFile,
  });
  const record = child.pid === undefined ? undefined : recordOf(child.pid, options.port);
  if (record && options.recordFile) writeRecord(options.recordFile, record);
  const url = redisUrl(options.port, options.password);
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null || record === undefined;
  const up = await until(async () => ended() || (await redisAnswers(url)), 60_000);
  if (!up || record === undefined || ended()) {
    if (record) await stopProcess(record, 1_000);
    const lines = readFileSync(options.logFile, 'utf8').trimEnd().split('\n');
    throw new Error(`Redis did not start:\n${lines.slice(-15).join('\n')}`);
  }
  return {
    url,
    record,
    stop: async () => {
      await stopProcess(record, 20_000);
    },
  };
}

export function redisUrl(port: number, password: string, host = '127.0.0.1'): string {
  return `redis://:${password}@${host}:${port}`;
}

function redisConfiguration(options: RedisOptions): string {
  return [
    `port ${options.port}`,
    'bind 127.0.0.1',
    'protected-mode yes',
    'daemonize no',
    `dir "${options.directory}"`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'databases 64',
    `requirepass ${options.password}`,
    '',
  ].join('\n');
}

export async function redisAnswers(url: string): Promise<boolean> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 900,
    disconnectTimeout: 100,
  });
  client.on('error', () => undefined); // the answer is false; nothing more to say
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
