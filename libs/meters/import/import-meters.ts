import type { InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { csvRows, type RowGroup } from '@vend/tables';
import { ImportRun, type GroupOutcome, type RowCounts } from './import-run';
import { rowFaultReasons, type Reason, type RowFault } from './row-faults';

/** A fault with its reason in words. */
export type ReportedFault = RowFault & { readonly reason: Reason };

/** What an import did. */
export interface ImportReport extends RowCounts {
  /** In the order of the file; a row may have several, one a column. At most FAULTS_MAX are kept. */
  readonly faults: readonly ReportedFault[];
  /** Faults beyond FAULTS_MAX, counted only. */
  readonly faultsNotShown: number;
}

export interface ImportOptions {
  /** The instant of the import: nothing can have been installed after its Dhaka day. */
  readonly nowMs: InstantMs;
  /** Whom the history of a changed record names. */
  readonly by?: string;
  /** Called after each batch with the rows done so far. */
  readonly onProgress?: (rows: number) => void;
}

/** A file with more faults than this needs another look at the first hundred, not a longer list. */
export const FAULTS_MAX = 10_000;

/**
 * Imports customers, connections and meters from CSV (UTF-8, with or without byte order mark, first line the
 * columns' names: REQUIRED_COLUMNS and OPTIONAL_COLUMNS). A bad row is reported and nothing of it is stored; good
 * rows go in, some hundreds in a transaction. Importing the same file again changes nothing; changed data of a customer
 * or connection is updated, and its history keeps what it was. The file is streamed: of each meter some eighty bytes
 * stay in memory.
 *
 * For a file that is put in order and watched, that goes on after a kill, and whose faults stay to be read: ImportJobs.
 *
 * @throws {DomainError} `import-header-invalid` with facts `missing`, `unknown`, `repeated`; nothing is stored then
 * @example
 * const report = await importMeters(database, createReadStream('customers.csv'), { nowMs: Date.now() });
 * report.faults[0] // { line: 7, column: 'meterNo', code: 'meter-check-digit-wrong', reason: { en, bn } }
 */
export async function importMeters(
  database: Database,
  source: AsyncIterable<Uint8Array | string>,
  options: ImportOptions,
): Promise<ImportReport> {
  const summary = new Summary(options.onProgress);
  const run = new ImportRun(database, {
    nowMs: options.nowMs,
    by: options.by ?? 'cli:import-meters',
    onGroup: (outcome) => summary.add(outcome),
  });
  await takeAll(run, csvRows(source));
  return summary.report();
}

/** Gives a run every group of a file. */
async function takeAll(run: ImportRun, groups: AsyncIterable<RowGroup>): Promise<void> {
  try {
    for await (const group of groups) await run.take(group);
  } catch (error) {
    await run.settled();
    throw error;
  }
  await run.end();
}

class Summary {
  private readonly faults: RowFault[] = [];
  private faultsNotShown = 0;
  private readonly counts = { rows: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0 };

  constructor(private readonly onProgress: ((rows: number) => void) | undefined) {}

  add({ counts, faults }: GroupOutcome): void {
    for (const name of Object.keys(this.counts) as (keyof RowCounts)[]) this.counts[name] += counts[name];
    const room = FAULTS_MAX - this.faults.length;
    this.faults.push(...faults.slice(0, room));
    this.faultsNotShown += Math.max(0, faults.length - room);
    this.onProgress?.(this.counts.rows);
  }

  report(): ImportReport {
    return {
      ...this.counts,
      faults: this.faults.map((fault) => ({ ...fault, reason: rowFaultReasons[fault.code] })),
      faultsNotShown: this.faultsNotShown,
    };
  }
}
