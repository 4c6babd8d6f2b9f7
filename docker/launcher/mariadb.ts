import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { recordOf, spawnServer, stopProcess, until, writeRecord } from './processes';
import type { ProcessRecord } from './processes';
import type { ServerPrograms } from './programs';

export interface MariaDbOptions {
  readonly programs: Partial<Pick<ServerPrograms, 'mariadbd' | 'mariadbInstallDb'>>;
  /** Parent of the data directory; made when missing. */
  readonly directory: string;
  readonly port: number;
  readonly rootPassword: string;
  readonly logFile: string;
  /** Where the process is noted as soon as it exists, so that an interrupted start leaves no unknown server behind. */
  readonly recordFile?: string;
  /** Memory and log sizes: `roomy` for use and benchmarks, `small` for a test's throw-away server. */
  readonly size: 'roomy' | 'small';
}

/** A server that is up and answers to its root account. */
export interface RunningServer {
  readonly url: string;
  readonly record: ProcessRecord;
  stop(): Promise<void>;
}

const SIZES = {
  roomy: ['--innodb-buffer-pool-size=512M', '--innodb-log-file-size=512M'],
  small: ['--innodb-buffer-pool-size=128M', '--innodb-log-file-size=64M'],
} as const;

/** The database profile the platform asserts at boot: what is acknowledged is on the disk. */
export const DURABLE = [
  '--innodb-flush-log-at-trx-commit=1',
  '--log-bin=binlog',
  '--sync-binlog=1',
  '--binlog-format=ROW',
  '--expire-logs-days=1',
  '--max-binlog-size=256M',
  '--transaction-isolation=READ-COMMITTED',
];

const COMMON = [
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  // Relative to the data directory: the path of a Unix socket may hold no more than 107 characters.
  '--socket=m.sock',
  '--pid-file=m.pid',
  '--server-id=1',
  '--character-set-server=utf8mb4',
  '--default-time-zone=+00:00',
  '--max-connections=400',
  '--max-allowed-packet=64M',
  '--performance-schema=OFF',
];

/**
 * Starts a private MariaDB, making its data directory at the first start. After a crash it recovers by itself.
 *
 * @throws Error with the last lines of the server's log when it does not come up
 */
export async function startMariaDb(options: MariaDbOptions): Promise<RunningServer> {
  const { mariadbd, mariadbInstallDb } = options.programs;
  if (!mariadbd || !mariadbInstallDb) throw new Error('MariaDB is not installed');
  mkdirSync(options.directory, { recursive: true });
  const account = serverAccount(options.directory);
  const data = join(options.directory, 'data');
  makeTemporaryDirectory(options.directory, account);
  if (!existsSync(join(data, 'mysql'))) createDataDirectory(mariadbInstallDb, options, data, account);
  const initFile = join(data, 'accounts.sql');
  writeAccounts(initFile, options.rootPassword, account);
  const child = spawnServer({
    program: mariadbd,
    args: [
      '--no-defaults',
      ...(account ? [`--user=${account.name}`] : []),
      `--datadir=${data}`,
      `--tmpdir=${join(options.directory, 'tmp')}`,
      `--port=${options.port}`,
      `--init-file=${initFile}`,
      ...COMMON,
      ...DURABLE,
      ...SIZES[options.size],
    ],
    cwd: options.directory,
    env: { PATH: process.env['PATH'] },
    logFile: options.logFile,
  });
  const record = child.pid === undefined ? undefined : recordOf(child.pid, options.port);
  if (record && options.recordFile) writeRecord(options.recordFile, record);
  const url = mariaDbUrl(options.port, options.rootPassword);
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null || record === undefined;
  // Recovery of a large redo log after a crash may take its time.
  const up = await until(async () => ended() || (await mariaDbAnswers(url)), 180_000);
  rmSync(initFile, { force: true });
  if (!up || record === undefined || ended()) {
    if (record) await stopProcess(record, 1_000);
    throw new Error(`MariaDB did not start:\n${tail(options.logFile)}`);
  }
  return {
    url,
    record,
    stop: async () => {
      await stopProcess(record, 60_000);
    },
  };
}

export function mariaDbUrl(port: number, rootPassword: string): string {
  return `mysql://root:${rootPassword}@127.0.0.1:${port}`;
}

export async function mariaDbAnswers(url: string): Promise<boolean> {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 2_000 });
    await connection.query('SELECT 1');
    await connection.end();
    return true;
  } catch {
    return false;
  }
}

interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account the server runs under when the launcher is root: mysql where it exists and can reach the
 * directory, else root by name (MariaDB refuses root unless told so). Undefined when the launcher is not root.
 */
function serverAccount(directory: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('mysql:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) return { name: 'root', uid: 0, gid: 0 };
  const mysql = { name: 'mysql', uid: Number(uid), gid: Number(gid) };
  const reach = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], { uid: mysql.uid, gid: mysql.gid });
  return reach.status === 0 ? mysql : { name: 'root', uid: 0, gid: 0 };
}

/**
 * A server empties its temporary directory of tables when it starts. In /tmp, which it would use by default, these may
 * be another server's, whose statements then fail.
 */
function makeTemporaryDirectory(directory: string, account: ServerAccount | undefined): void {
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  if (account) chownSync(temporary, account.uid, account.gid);
}

function createDataDirectory(
  installDb: string,
  options: MariaDbOptions,
  data: string,
  account: ServerAccount | undefined,
): void {
  rmSync(data, { recursive: true, force: true }); // what a start that was killed half-way left behind
  mkdirSync(data, { mode: 0o700 });
  if (account) chownSync(data, account.uid, account.gid);
  const result = spawnSync(
    installDb,
    [
      '--no-defaults',
      ...(account ? [`--user=${account.name}`] : []),
      `--datadir=${data}`,
      `--tmpdir=${join(options.directory, 'tmp')}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...SIZES[options.size],
    ],
    { cwd: options.directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  writeFileSync(options.logFile, `${result.stdout ?? ''}${result.stderr ?? ''}\n`, { flag: 'a', mode: 0o600 });
  if (result.status !== 0) {
    rmSync(data, { recursive: true, force: true });
    throw new Error(`mariadb-install-db failed:\n${tail(options.logFile)}`);
  }
}

/** Run by the server at start, before it accepts connections: root never stands open, not even for a moment. */
function writeAccounts(file: string, rootPassword: string, account: ServerAccount | undefined): void {
  if (!/^[\w-]+$/.test(rootPassword)) throw new RangeError('the root password must be base64url');
  const statements = ["'root'@'127.0.0.1'", "'root'@'localhost'", "'root'@'::1'"].map(
    (user) => `ALTER USER IF EXISTS ${user} IDENTIFIED BY '${rootPassword}';`,
  );
  rmSync(file, { force: true });
  writeFileSync(file, `${statements.join('\n')}\n`, { mode: 0o600 });
  if (account) chownSync(file, account.uid, account.gid);
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
}
