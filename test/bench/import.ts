/*
 * npm run bench:import: rows a second of an import of new customers from CSV, then of the same file again, with the CPU
 * time of this process and of the database for each row, and the most memory that was held. BENCH_ROWS=100000 chooses how
 * many. On a MariaDB of its own, or on a database at
 * TEST_DATABASE_ADMIN_URL that is dropped at the end. The last line is JSON.
 */
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importMeters } from '@vend/meters';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { writeCustomers } from './customers';
import { secondsOf } from './processes';
import { withOwnServer } from './own-server';
import { hmacMicroseconds } from './yardstick';

const ROWS = Number(process.env['BENCH_ROWS'] ?? '100000');

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'));
  const fresh = await freshDatabase({ poolSize: 2 });
  try {
    const file = join(folder, 'customers.csv');
    await writeCustomers(file, ROWS);
    const serverPid = await pidOf(fresh);
    const first = await measured('new rows', serverPid, file, fresh);
    const again = await measured('the same file again', serverPid, file, fresh);
    console.log(
      JSON.stringify({ benchmark: 'import', rows: ROWS, first, again, hmacUs: Number(hmacMicroseconds().toFixed(2)) }),
    );
  } finally {
    await fresh.drop();
    rmSync(folder, { recursive: true });
  }
}

async function measured(what: string, serverPid: number | undefined, file: string, fresh: FreshDatabase) {
  const server = () => (serverPid === undefined ? 0 : (secondsOf(serverPid) ?? 0));
  const [ownBefore, serverBefore, startedMs] = [process.cpuUsage(), server(), performance.now()];
  let peakBytes = 0;
  const report = await importMeters(fresh.database, createReadStream(file), {
    nowMs: Date.now(),
    onProgress: () => (peakBytes = Math.max(peakBytes, process.memoryUsage().rss)),
  });
  if (report.rows !== ROWS || report.rejected > 0) throw new Error(`${report.rows} rows, ${report.rejected} rejected`);
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(ownBefore);
  const result = {
    perSecond: Math.round(ROWS / seconds),
    seconds: Number(seconds.toFixed(1)),
    ownCpuUsPerRow: Math.round((user + system) / ROWS),
    databaseCpuUsPerRow: Math.round(((server() - serverBefore) * 1_000_000) / ROWS),
    peakMb: Math.round(peakBytes / 1_048_576),
  };
  console.log(
    `${what}: ${ROWS} rows in ${result.seconds} s, ${result.perSecond} a second; CPU for each row: ` +
      `this process ${result.ownCpuUsPerRow} us, database ${result.databaseCpuUsPerRow} us; memory ${result.peakMb} MB`,
  );
  return result;
}

/** Linux and a server on this machine only; elsewhere its CPU time is not known. */
async function pidOf(fresh: FreshDatabase): Promise<number | undefined> {
  const [row] = await fresh.database.read('SELECT @@datadir AS folder, @@pid_file AS file');
  const { folder, file } = row as { folder: string; file: string };
  try {
    return Number(readFileSync(file.startsWith('/') ? file : join(folder, file), 'utf8'));
  } catch {
    return undefined;
  }
}

withOwnServer('import', main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
