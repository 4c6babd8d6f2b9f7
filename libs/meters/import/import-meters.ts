import { DomainError, dhakaDay, type InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { MetersErrorCode } from '../meters.errors';
import { storeBatch } from '../store/import';
import { csvRows, type CsvRow } from './csv-lines';
import { FileMemory } from './file-memory';
import { OPTIONAL_COLUMNS, REQUIRED_COLUMNS, rowValidator, type Column, type ImportRow, type RowResult } from './row';
import { rowFaultReasons, type Reason, type RowFault } from './row-faults';

/** A fault with its reason in words. */
export type ReportedFault = RowFault & { readonly reason: Reason };

/** What an import did. Rows are counted once each: rows = inserted + updated + unchanged + rejected. */
export interface ImportReport {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** In the order of the file; a row may have several, one a column. At most FAULTS_MAX are kept. */
  readonly faults: readonly ReportedFault[];
  /** Faults beyond FAULTS_MAX, counted only. */
  readonly faultsNotShown: number;
}

export interface ImportOptions {
  /** The instant of the import: nothing can have been installed after its Dhaka day. */
  readonly nowMs: InstantMs;
  /** Called after each batch with the rows done so far. */
  readonly onProgress?: (rows: number) => void;
}

/** A file with more faults than this needs another look at the first hundred, not a longer list. */
export const FAULTS_MAX = 10_000;

/**
 * Imports customers, connections and meters from CSV (UTF-8, with or without byte order mark, first line the
 * columns' names: REQUIRED_COLUMNS and OPTIONAL_COLUMNS). A bad row is reported and nothing of it is stored; good
 * rows go in, some 200 in a transaction. Importing the same file again changes nothing; changed data of a customer
 * or connection is updated. The file is streamed: memory grows with the number of meters, not with their data.
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
  const run = new ImportRun(database, options);
  try {
    for await (const group of csvRows(source)) await run.take(group);
  } catch (error) {
    // A file that cannot be read on: what was begun is finished before the caller closes the database.
    await run.settled();
    throw error;
  }
  return run.report();
}

class ImportRun {
  private header: readonly Column[] | undefined;
  private readonly validate: ReturnType<typeof rowValidator>;
  private readonly memory = new FileMemory();
  private readonly faults: RowFault[] = [];
  private faultsNotShown = 0;
  private storing: Promise<void> = Promise.resolve();
  private readonly counts = { rows: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0 };

  constructor(
    private readonly database: Database,
    private readonly options: ImportOptions,
  ) {
    this.validate = rowValidator(dhakaDay(options.nowMs));
  }

  async take(group: readonly CsvRow[]): Promise<void> {
    const rows = this.header ? group : group.slice(1);
    const header = (this.header ??= readHeader(group[0]!.fields ?? []));
    const good: ImportRow[] = [];
    for (const csv of rows) {
      const result = this.check(csv, header);
      if (result.ok) good.push(result.row);
      else this.reject(result.faults);
    }
    // One batch is stored while the next is read, never two: a customer's second meter must find the customer.
    await this.storing;
    this.storing = this.store(good, rows.length);
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    this.storing.catch(() => undefined);
  }

  async report(): Promise<ImportReport> {
    if (!this.header) readHeader([]);
    await this.storing;
    this.faults.sort((a, b) => a.line - b.line);
    return {
      ...this.counts,
      faults: this.faults.map((fault) => ({ ...fault, reason: rowFaultReasons[fault.code] })),
      faultsNotShown: this.faultsNotShown,
    };
  }

  async settled(): Promise<void> {
    await this.storing.catch(() => undefined);
  }

  private async store(good: readonly ImportRow[], rows: number): Promise<void> {
    const stored = await storeBatch(this.database, good, this.options.nowMs);
    this.counts.rows += rows;
    for (const name of ['inserted', 'updated', 'unchanged', 'rejected'] as const) this.counts[name] += stored[name];
    this.keep(stored.faults);
    this.options.onProgress?.(this.counts.rows);
  }

  private check({ line, fields }: CsvRow, header: readonly Column[]): RowResult {
    if (!fields) return { ok: false, faults: [{ line, column: null, code: 'csv-malformed' }] };
    if (fields.length !== header.length) {
      return { ok: false, faults: [{ line, column: null, code: 'column-count-wrong' }] };
    }
    const result = this.validate(line, Object.fromEntries(header.map((column, i) => [column, fields[i]!])));
    if (!result.ok) return result;
    const fault = this.memory.contradictionOf(result.row);
    return fault ? { ok: false, faults: [fault] } : result;
  }

  private reject(faults: readonly RowFault[]): void {
    this.counts.rejected++;
    this.keep(faults);
  }

  private keep(faults: readonly RowFault[]): void {
    const room = FAULTS_MAX - this.faults.length;
    this.faults.push(...faults.slice(0, room));
    this.faultsNotShown += Math.max(0, faults.length - room);
  }
}

/** The columns in the file's order. Unknown names are refused: a misspelt optional column would be lost in silence. */
function readHeader(cells: readonly string[]): Column[] {
  const known = new Map([...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS].map((name) => [name.toLowerCase(), name]));
  const columns = cells.map((cell) => known.get(cell.toLowerCase()));
  const unknown = cells.filter((_, i) => columns[i] === undefined);
  const missing = REQUIRED_COLUMNS.filter((name) => !columns.includes(name));
  const repeated = columns.filter((name, i) => name !== undefined && columns.indexOf(name) !== i);
  if (unknown.length + missing.length + repeated.length > 0) {
    throw new DomainError<MetersErrorCode>('import-header-invalid', {
      missing: missing.join(' '),
      // A file without a header line has a customer's data here: how many cells, then, and not what they hold.
      unknown: columns.some(Boolean) ? unknown.join(' ').slice(0, 200) : unknown.length,
      repeated: repeated.join(' '),
    });
  }
  return columns as Column[];
}
