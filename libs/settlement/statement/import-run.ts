import { DomainError } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import type { RowGroup, SourceRow } from '@vend/tables';
import type { SettlementErrorCode } from '../settlement.errors';
import { insertFaults, saveLinesDone, type StatementClaim } from '../store/imports';
import { insertBankCredits, insertStatementRows, type CountedCredit } from '../store/lines';
import type { BankReader } from './bank-row';
import type { HeaderFault, LineFault, StatementReader, StatementRow } from './row';

/** Lines that one transaction stores: few enough to be repeated cheaply, enough that its commit costs little. */
const LINES_AT_ONCE = 3_000;

/** How the lines of one kind of file are read and stored. */
export interface LineKind<Line> {
  read(row: SourceRow): { readonly row: Line } | { readonly fault: LineFault } | { readonly skipped: true };
  /** @returns how many of them were new */
  store(tx: Tx, lines: readonly Line[]): Promise<number>;
}

export function statementLines(reader: StatementReader, importNo: number): LineKind<StatementRow> {
  return {
    read: (row) => reader.read(row),
    store: async (tx, lines) => {
      await insertStatementRows(tx, importNo, lines);
      return lines.length;
    },
  };
}

export function bankLines(reader: BankReader, importNo: number): LineKind<CountedCredit> {
  // Credits are a few a day, so counting each of a list is cheap.
  const seen = new Map<string, number>();
  return {
    read: (source) => {
      const reading = reader.read(source);
      if ('fault' in reading) return reading;
      const { account, valueDate, provider, batch, bankRef, amountPaisa } = reading.row;
      const key = JSON.stringify([account, valueDate, provider, batch, bankRef, String(amountPaisa)]);
      const occurrence = (seen.get(key) ?? 0) + 1;
      seen.set(key, occurrence);
      return { row: { ...reading.row, occurrence } };
    },
    store: (tx, lines) => insertBankCredits(tx, importNo, lines, Date.now()),
  };
}

/** One try at an import: lines go in by thousands while the next are read; a stopped one goes on after its last line. */
export class StatementRun<Line> {
  private kind: LineKind<Line> | undefined;
  private lines: Line[] = [];
  private faults: LineFault[] = [];
  private skipped = 0;
  private lastLine: number;
  private doneBytes = 0;
  private storing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly claim: StatementClaim,
    private readonly afterLine: number,
    private readonly kindOf: (header: readonly string[]) => LineKind<Line> | HeaderFault,
  ) {
    this.lastLine = afterLine;
  }

  /** @throws {DomainError<SettlementErrorCode>} statement-header-invalid */
  async take({ rows, doneBytes }: RowGroup): Promise<void> {
    for (const row of rows) {
      if (!this.kind) this.begin(row);
      else this.see(this.kind, row);
    }
    this.doneBytes = doneBytes;
    if (this.lines.length + this.faults.length + this.skipped >= LINES_AT_ONCE) await this.send();
  }

  /** Waits for what is on its way, and stores the rest. */
  async end(): Promise<void> {
    if (!this.kind) throw new DomainError<SettlementErrorCode>('statement-header-invalid', { missing: 'header' });
    await this.send();
    await this.storing;
  }

  /** Waits for what is on its way. */
  async settled(): Promise<void> {
    await this.storing.catch(() => undefined);
  }

  private begin({ fields }: SourceRow): void {
    const kind = this.kindOf(fields ?? []);
    if ('missing' in kind) {
      throw new DomainError<SettlementErrorCode>('statement-header-invalid', { missing: kind.missing.join(', ') });
    }
    this.kind = kind;
  }

  private see(kind: LineKind<Line>, source: SourceRow): void {
    // Also a line that is stored already is read: what comes later may be counted from it.
    const reading = kind.read(source);
    if (source.line <= this.afterLine) return;
    this.lastLine = source.line;
    if ('fault' in reading) this.faults.push(reading.fault);
    else if ('row' in reading) this.lines.push(reading.row);
    else this.skipped++;
  }

  private async send(): Promise<void> {
    const { lines, faults, lastLine, doneBytes } = this;
    this.lines = [];
    this.faults = [];
    this.skipped = 0;
    await this.storing;
    this.storing = this.database.transaction(async (tx) => {
      const stored = await this.kind!.store(tx, lines);
      await insertFaults(tx, this.claim.importNo, faults);
      const done = { stored, known: lines.length - stored, rejected: faults.length, lastLine, doneBytes };
      await saveLinesDone(tx, this.claim, done, Date.now());
    });
    // Seen by whoever waits next; until then it is nobody's unhandled rejection.
    this.storing.catch(() => undefined);
  }
}
