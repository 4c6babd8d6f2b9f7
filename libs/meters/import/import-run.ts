import { setImmediate as breathe } from 'node:timers/promises';
import { DomainError, dhakaDay } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import type { RowGroup, SourceRow } from '@vend/tables';
import type { MetersErrorCode } from '../meters.errors';
import { prepareBatch, storeBatch, type ImportedBy, type PreparedBatch } from '../store/import';
import { FileMemory } from './file-memory';
import type { ImportPlan } from './plan';
import { OPTIONAL_COLUMNS, REQUIRED_COLUMNS, rowValidator, type Column, type ImportRow, type RowResult } from './row';
import type { RowFault } from './row-faults';

/** Rows are counted once each: rows = inserted + updated + unchanged + rejected. */
export interface RowCounts {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
}

/** What became of one group of rows. */
export interface GroupOutcome {
  readonly counts: RowCounts;
  /** In the order of the file. */
  readonly faults: readonly RowFault[];
  readonly lastLine: number;
  readonly doneBytes: number;
}

export interface RunOptions extends ImportedBy {
  /** Rows up to this line were stored by a run before this one: they are read, and not stored again. */
  readonly afterLine?: number;
  /** Written in the transaction that stores the group: neither is there without the other. */
  readonly alongside?: (tx: Tx, outcome: GroupOutcome) => Promise<void>;
  /** After the commit of a group. */
  readonly onGroup?: (outcome: GroupOutcome) => void;
}

/** A column whose name begins like this is a report's: its rows can be mended and sent again as they are. */
export const REPORT_COLUMN = /^fault[A-Z]/;
type HeaderColumn = Column | undefined;

/** Rows that are checked at a stretch: the database's answer must not wait for a whole group's checks. */
const STRETCH_ROWS = 100;

/**
 * Checks and stores the rows of one file, a group at a time and in their order. While the database stores one, the next
 * is checked, looked up and written out, so that both are busy; never more than these two are in memory.
 */
export class ImportRun {
  private header: readonly HeaderColumn[] | undefined;
  private readonly validate: ReturnType<typeof rowValidator>;
  private readonly memory = new FileMemory();
  private storing: Promise<void> = Promise.resolve();
  /** Whose rows are being stored, or were last. */
  private inHand: ReadonlySet<string> = new Set();

  constructor(
    private readonly database: Database,
    private readonly options: RunOptions,
  ) {
    this.validate = rowValidator(dhakaDay(options.nowMs));
  }

  /** Takes the next group; resolves when the one before it is stored. */
  async take(group: RowGroup): Promise<void> {
    const rows = this.header ? group.rows : group.rows.slice(1);
    const header = (this.header ??= readHeader(group.rows[0]!.fields ?? []));
    const done = this.options.afterLine ?? 0;
    const good: ImportRow[] = [];
    const faults: RowFault[][] = [];
    let count = 0;
    for (const [index, source] of rows.entries()) {
      if (index % STRETCH_ROWS === STRETCH_ROWS - 1) await breathe();
      // Rows stored before are checked once more, for what they say of later ones.
      const result = this.check(source, header);
      if (source.line <= done) continue;
      count++;
      if (result.ok) good.push(result.row);
      else faults.push([...result.faults]);
    }
    // A customer's second meter must find the customer.
    if (good.some((row) => this.inHand.has(row.customerNo))) await this.storing;
    const prepared = await prepareBatch(this.database, good, this.options);
    await this.storing;
    if (count === 0) return;
    this.inHand = new Set(good.map((row) => row.customerNo));
    this.storing = this.store(prepared, faults, { count, lastLine: rows.at(-1)!.line, doneBytes: group.doneBytes });
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    this.storing.catch(() => undefined);
  }

  /** Resolves when all that was taken is stored. @throws {DomainError} `import-header-invalid`: there was no row */
  async end(): Promise<void> {
    if (!this.header) readHeader([]);
    await this.storing;
  }

  /** A file that cannot be read on: what was begun is finished before the caller closes the database. */
  async settled(): Promise<void> {
    await this.storing.catch(() => undefined);
  }

  private async store(
    prepared: PreparedBatch,
    refused: readonly (readonly RowFault[])[],
    group: { readonly count: number; readonly lastLine: number; readonly doneBytes: number },
  ): Promise<void> {
    const outcomeOf = (plan: ImportPlan): GroupOutcome => ({
      counts: {
        rows: group.count,
        inserted: plan.inserted,
        updated: plan.updated,
        unchanged: plan.unchanged,
        rejected: plan.rejected + refused.length,
      },
      faults: [...refused.flat(), ...plan.faults].sort((a, b) => a.line - b.line),
      lastLine: group.lastLine,
      doneBytes: group.doneBytes,
    });
    const { alongside, onGroup } = this.options;
    const plan = await storeBatch(this.database, prepared, this.options, async (tx, each) => {
      await alongside?.(tx, outcomeOf(each));
    });
    onGroup?.(outcomeOf(plan));
  }

  private check({ line, fields, numbers }: SourceRow, header: readonly HeaderColumn[]): RowResult {
    if (!fields) return { ok: false, faults: [{ line, column: null, code: 'csv-malformed' }] };
    if (fields.length !== header.length) {
      return { ok: false, faults: [{ line, column: null, code: 'column-count-wrong' }] };
    }
    const cells: Record<string, string> = {};
    for (let i = 0; i < header.length; i++) {
      const column = header[i];
      if (column === undefined) continue;
      if (numbers?.[i] === true && NEVER_NUMBERS.includes(column)) {
        return { ok: false, faults: [{ line, column, code: 'cell-is-number' }] };
      }
      cells[column] = withoutTextMark(fields[i]!);
    }
    const result = this.validate(line, cells);
    if (!result.ok) return result;
    const fault = this.memory.contradictionOf(result.row);
    return fault ? { ok: false, faults: [fault] } : result;
  }
}

/** Kept as a number, 00123 is 123: another meter's or customer's number, and nobody could tell. */
const NEVER_NUMBERS: readonly string[] = ['meterNo', 'customerNo'] satisfies Column[];

/** A report puts an apostrophe before what a spreadsheet would take for a formula (report.ts); here it goes again. */
function withoutTextMark(cell: string): string {
  return cell.startsWith("'") && /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** The columns in the file's order. Unknown names are refused: a misspelt optional column would be lost in silence. */
function readHeader(cells: readonly string[]): HeaderColumn[] {
  const known = new Map([...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS].map((name) => [name.toLowerCase(), name]));
  const columns = cells.map((cell) => known.get(cell.toLowerCase()));
  const unknown = cells.filter((cell, i) => columns[i] === undefined && !REPORT_COLUMN.test(cell));
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
  return columns;
}
