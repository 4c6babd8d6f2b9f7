import { createWriteStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DomainError, newId, type Id } from '@vend/kernel';
import { adoptOffices, recordAudit } from '@vend/identity';
import {
  ImportJobs,
  metersErrors,
  officesOfCustomers,
  paceOf,
  type ImportJob,
  type MetersErrorCode,
} from '@vend/meters';
import { openDatabase, readConfig, type Tx } from '@vend/platform';
import { ImportFiles, kindOf, type FileKind } from '@vend/tables';

const USAGE = `usage: npm run import:meters -- <file.csv|file.xlsx> [--report <out.csv|out.json>]
  DATABASE_URL=mysql://user:password@host:port/database  where to store
Reads customers, connections and meters; see test/fixtures/customers-200.csv for the columns.
Rows with a fault are listed and not stored; a report in CSV has them whole, to be mended and imported in their turn.
Running the same file again goes on where a killed run was, and else changes nothing.
Exit status: 0 all rows stored, 1 some rows refused, 2 nothing imported.`;

const ACTOR = 'cli:import-meters';
const SHOWN_MAX = 20;
const REPORTED_MAX = 10_000;
/** How often the bar moves on a terminal, and how often a line is written elsewhere. */
const BAR_EVERY_MS = 250;
const LINE_EVERY_MS = 2_000;
const BAR_CHARS = 30;

/** `npm run import:meters`: exit status 0 all stored, 1 some rows refused, 2 could not import. */
async function main(args: readonly string[]): Promise<number> {
  const { file, reportFile } = readArguments(args);
  const config = readConfig(['DATABASE_URL', 'IMPORT_DIR']);
  // Before the first row is stored: a path that cannot be written must not be found out after the last.
  if (reportFile !== undefined) await (await open(reportFile, 'w')).close();
  const kind = await kindOfFile(file);
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 3, entities: [] });
  try {
    const jobs = new ImportJobs(database, new ImportFiles(config.IMPORT_DIR, Number.MAX_SAFE_INTEGER));
    const fileName = basename(file).slice(0, 120);
    const { id } = await jobs.ofFile({ id: newId(), fileName, kind, by: ACTOR, at: Date.now() }, file);
    const startedMs = Date.now();
    await workThrough(jobs, id, file);
    const job = await jobs.byId(id);
    if (job.refusal) throw new DomainError(job.refusal.code, job.refusal.facts);
    await database.transaction(async (tx) => adoptOffices(tx, await officesOfCustomers(database)));
    if (reportFile !== undefined) await writeReport(jobs, job, file, reportFile);
    await print(jobs, job, Date.now() - startedMs);
    return job.counts.rejected > 0 ? 1 : 0;
  } finally {
    await database.dataSource.destroy();
  }
}

/** A run that was killed has the import until its lease ends: that is waited for. */
async function workThrough(jobs: ImportJobs, id: Id, file: string): Promise<void> {
  const onProgress = progressLine();
  for (let said = false; ; said = true) {
    const outcome = await jobs.work(id, { atEnd: audit, onProgress }, file);
    if (outcome !== 'elsewhere') return;
    const { state } = await jobs.byId(id);
    if (state === 'DONE' || state === 'FAILED') return;
    if (!said) process.stderr.write('another run has this file, or was killed just now; waiting for it to let go\n');
    await pause(1_000);
  }
}

async function kindOfFile(file: string): Promise<FileKind> {
  const handle = await open(file);
  try {
    const first = Buffer.alloc(2);
    await handle.read(first, 0, 2, 0);
    return kindOf(first);
  } finally {
    await handle.close();
  }
}

function readArguments(args: readonly string[]): { file: string; reportFile: string | undefined } {
  const options = { report: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new Error(USAGE);
  return { file, reportFile: values.report };
}

/** A bar that moves on a terminal; elsewhere a line now and then. */
function progressLine(): (job: ImportJob) => void {
  const { isTTY } = process.stderr;
  let saidMs = Date.now();
  return (job) => {
    const now = Date.now();
    if (job.state !== 'RUNNING' || now - saidMs < (isTTY ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    saidMs = now;
    const { percent, rowsPerSecond, secondsLeft } = paceOf(job);
    const left = secondsLeft === null ? '' : `, ${timeText(secondsLeft)} left`;
    const words = `${percent} %  ${job.counts.rows} rows, ${rowsPerSecond} a second${left}, ${job.counts.rejected} refused`;
    const full = Math.round((BAR_CHARS * percent) / 100);
    const bar = `${'#'.repeat(full)}${'.'.repeat(BAR_CHARS - full)}`;
    process.stderr.write(isTTY ? `\r[${bar}] ${words}\x1b[K` : `${words}\n`);
  };
}

/** @example timeText(84) // '1:24' */
function timeText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function audit(tx: Tx, job: ImportJob): Promise<void> {
  return recordAudit(tx, {
    actor: ACTOR,
    action: 'meters-imported',
    subject: `import:${job.id}`,
    detail: { file: job.fileName, sha256: job.sha256, state: job.state, ...job.counts },
    at: Date.now(),
  });
}

/** As CSV the faulty rows themselves; as JSON the counts and the places, without a customer's data. */
async function writeReport(jobs: ImportJobs, job: ImportJob, file: string, reportFile: string): Promise<void> {
  if (reportFile.endsWith('.csv')) {
    await pipeline(Readable.from(jobs.report(job.id, file)), createWriteStream(reportFile, { mode: 0o600 }));
    return;
  }
  const faults = await jobs.faults(job.id, REPORTED_MAX);
  const report = { ...job.counts, faults, faultsNotShown: job.faults - faults.length };
  await writeFile(reportFile, `${JSON.stringify(report, null, 2)}\n`);
}

async function print(jobs: ImportJobs, job: ImportJob, elapsedMs: number): Promise<void> {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  for (const { line, column, code, reason } of await jobs.faults(job.id, SHOWN_MAX)) {
    console.log(`line ${line}${column === null ? '' : `, ${column}`}: ${code}: ${reason.en} ${reason.bn}`);
  }
  const more = job.faults - SHOWN_MAX;
  if (more > 0) console.log(`… and ${more} more; --report writes them all`);
  const { rows, inserted, updated, unchanged, rejected } = job.counts;
  console.log(
    `${rows} rows in ${(elapsedMs / 1000).toFixed(1)} s (${paceOf(job).rowsPerSecond} a second): ` +
      `${inserted} inserted, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`,
  );
}

function messageOf(error: unknown): string {
  if (error instanceof DomainError && error.code in metersErrors) {
    const { en, bn } = metersErrors[error.code as MetersErrorCode];
    const facts = Object.entries(error.facts).filter(([, value]) => value !== '' && value !== 0);
    return [`${error.code}: ${en}`, bn, ...facts.map(([name, value]) => `  ${name}: ${value}`)].join('\n');
  }
  return error instanceof Error ? error.message : String(error);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 2;
  },
);
