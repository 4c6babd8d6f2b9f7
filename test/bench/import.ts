/*
 * npm run bench:import: rows a second of an import of new customers, then of the same file again, with the CPU time of this
 * process and of the database for each row, the memory held at a tenth, at half and at the end, and the report of the refused
 * rows. BENCH_ROWS=500000 chooses how many, BENCH_FORMAT=xlsx a workbook, BENCH_AGAIN=no leaves the second run out.
 * On a MariaDB of its own, or on a database at TEST_DATABASE_ADMIN_URL that is dropped at the end. The last line is JSON.
 */
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '@vend/kernel';
import { ImportJobs } from '@vend/meters';
import { ImportFiles, type FileKind } from '@vend/tables';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { REFUSED_EVERY, writeCustomers, writeCustomersWorkbook } from './customers';
import { secondsOf } from './processes';
import { withOwnServer } from './own-server';
import { hmacMicroseconds } from './yardstick';

const ROWS = Number(process.env['BENCH_ROWS'] ?? '100000');
const KIND: FileKind = process.env['BENCH_FORMAT'] === 'xlsx' ? 'xlsx' : 'csv';
const AGAIN = process.env['BENCH_AGAIN'] !== 'no';
const MEBIBYTE = 1_048_576;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'));
  const fresh = await freshDatabase({ poolSize: 4 });
  try {
    const file = join(folder, `customers.${KIND}`);
    await (KIND === 'xlsx' ? writeCustomersWorkbook(file, ROWS) : writeCustomers(file, ROWS));
    console.log(`${ROWS} rows, ${Math.round(statSync(file).size / MEBIBYTE)} MB of ${KIND}`);
    const serverPid = await pidOf(fresh);
    const first = await measured('new rows', serverPid, file, fresh);
    const again = AGAIN ? await measured('the same file again', serverPid, file, fresh) : undefined;
    const hmacUs = Number(hmacMicroseconds().toFixed(2));
    console.log(JSON.stringify({ benchmark: 'import', kind: KIND, rows: ROWS, first, again, hmacUs }));
  } finally {
    await fresh.drop();
    rmSync(folder, { recursive: true });
  }
}

async function measured(what: string, serverPid: number | undefined, file: string, fresh: FreshDatabase) {
  const jobs = new ImportJobs(fresh.database, new ImportFiles(join(file, '..', 'received'), ROWS * 10_000));
  const order = { id: newId(), fileName: 'customers', kind: KIND, by: 'bench', at: Date.now() };
  const { id } = await jobs.ofFile(order, file);
  const server = () => (serverPid === undefined ? 0 : (secondsOf(serverPid) ?? 0));
  const [ownBefore, serverBefore, startedMs] = [process.cpuUsage(), server(), performance.now()];
  const memory = new Memory();
  await jobs.work(id, { onProgress: ({ counts }) => memory.note(counts.rows / ROWS) }, file);
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(ownBefore);
  const serverSeconds = server() - serverBefore;
  const { state, counts } = await jobs.byId(id);
  const refused = Math.floor(ROWS / REFUSED_EVERY);
  if (state !== 'DONE' || counts.rows !== ROWS || counts.rejected !== refused) {
    throw new Error(`${state}: ${counts.rows} rows, ${counts.rejected} refused`);
  }
  const result = {
    perSecond: Math.round(ROWS / seconds),
    seconds: Number(seconds.toFixed(1)),
    ownCpuUsPerRow: Math.round((user + system) / ROWS),
    databaseCpuUsPerRow: Math.round((serverSeconds * 1_000_000) / ROWS),
    ...memory.end(),
    reportLines: await reportOf(jobs, id, file),
  };
  console.log(
    `${what}: ${ROWS} rows in ${result.seconds} s, ${result.perSecond} a second; CPU for each row: this process ` +
      `${result.ownCpuUsPerRow} us, database ${result.databaseCpuUsPerRow} us; memory ${result.mbAtTenth} MB at a tenth, ` +
      `${result.mbAtHalf} at half, ${result.mbAtEnd} at the end, ${result.mbPeak} at most; report of ${result.reportLines} lines`,
  );
  return result;
}

/** Resident memory of this process while an import goes on. */
class Memory {
  private readonly notes: { readonly part: number; readonly mb: number }[] = [];
  private peakMb = 0;
  private readonly timer = setInterval(() => this.look(), 100);

  note(part: number): void {
    this.notes.push({ part, mb: this.look() });
  }

  end() {
    clearInterval(this.timer);
    const at = (wanted: number) => this.notes.find(({ part }) => part >= wanted)?.mb ?? this.look();
    return { mbAtTenth: at(0.1), mbAtHalf: at(0.5), mbAtEnd: this.look(), mbPeak: this.peakMb };
  }

  private look(): number {
    const mb = Math.round(process.memoryUsage.rss() / MEBIBYTE);
    this.peakMb = Math.max(this.peakMb, mb);
    return mb;
  }
}

/** Writes the report as a person downloads it. @returns its lines, the first one included */
async function reportOf(jobs: ImportJobs, id: string, file: string): Promise<number> {
  const path = join(file, '..', 'faults.csv');
  await pipeline(Readable.from(jobs.report(id, file)), createWriteStream(path));
  return readFileSync(path, 'utf8').trimEnd().split('\r\n').length;
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
