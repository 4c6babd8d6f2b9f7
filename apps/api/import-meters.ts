import { createReadStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { DomainError } from '@vend/kernel';
import { adoptOffices, recordAudit } from '@vend/identity';
import { importMeters, metersErrors, officesOfCustomers, type ImportReport, type MetersErrorCode } from '@vend/meters';
import { openDatabase, readConfig, type Database } from '@vend/platform';

const USAGE = `usage: npm run import:meters -- <file.csv> [--report <out.json>]
  DATABASE_URL=mysql://user:password@host:port/database  where to store
Reads customers, connections and meters from CSV; see test/fixtures/customers-200.csv for the columns.
Rows with a fault are listed and not stored; running the same file again changes nothing.
Exit status: 0 all rows stored, 1 some rows refused, 2 nothing imported.`;

const SHOWN_MAX = 20;
/** A shorter import needs no progress; a longer one says every two seconds how far it is. */
const PROGRESS_EVERY_MS = 2_000;

/** `npm run import:meters`: exit status 0 all stored, 1 some rows refused, 2 could not import. */
async function main(args: readonly string[]): Promise<number> {
  const { file, reportFile } = readArguments(args);
  const config = readConfig(['DATABASE_URL']);
  // Before the first row is stored: a path that cannot be written must not be found out after the last.
  if (reportFile !== undefined) await (await open(reportFile, 'w')).close();
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, poolSize: 2, entities: [] });
  try {
    const startedMs = Date.now();
    const report = await importMeters(database, createReadStream(file), {
      nowMs: startedMs,
      onProgress: progressLine(startedMs),
    });
    await audit(database, basename(file), report);
    await database.transaction(async (tx) => adoptOffices(tx, await officesOfCustomers(database)));
    if (reportFile !== undefined) await writeFile(reportFile, `${JSON.stringify(report, null, 2)}\n`);
    print(report, Date.now() - startedMs);
    return report.rejected > 0 ? 1 : 0;
  } finally {
    await database.dataSource.destroy();
  }
}

function readArguments(args: readonly string[]): { file: string; reportFile: string | undefined } {
  const options = { report: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new Error(USAGE);
  return { file, reportFile: values.report };
}

function progressLine(startedMs: number): (rows: number) => void {
  let saidMs = startedMs;
  return (rows) => {
    const now = Date.now();
    if (now - saidMs < PROGRESS_EVERY_MS) return;
    saidMs = now;
    process.stderr.write(`${rows} rows, ${ratePerSecond(rows, now - startedMs)} a second\n`);
  };
}

function ratePerSecond(rows: number, elapsedMs: number): number {
  return Math.round((rows * 1000) / Math.max(1, elapsedMs));
}

function audit(database: Database, file: string, report: ImportReport): Promise<void> {
  const { rows, inserted, updated, unchanged, rejected } = report;
  return database.transaction((tx) =>
    recordAudit(tx, {
      actor: 'cli:import-meters',
      action: 'meters-imported',
      subject: 'meters',
      detail: { file, rows, inserted, updated, unchanged, rejected },
      at: Date.now(),
    }),
  );
}

function print(report: ImportReport, elapsedMs: number): void {
  const { rows, inserted, updated, unchanged, rejected, faults } = report;
  for (const { line, column, code, reason } of faults.slice(0, SHOWN_MAX)) {
    console.log(`line ${line}${column === null ? '' : `, ${column}`}: ${code}: ${reason.en} ${reason.bn}`);
  }
  const more = faults.length + report.faultsNotShown - SHOWN_MAX;
  if (more > 0) console.log(`… and ${more} more; --report writes them all`);
  console.log(
    `${rows} rows in ${(elapsedMs / 1000).toFixed(1)} s (${ratePerSecond(rows, elapsedMs)} a second): ` +
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
