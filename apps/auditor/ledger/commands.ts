import {
  dhakaDay,
  formatInstant,
  formatTaka,
  startOfDay,
  type InstantMs,
  type LocalDay,
  type Paisa,
} from '@vend/kernel';
import {
  accountRule,
  balanceAt,
  horizon,
  isAccountCode,
  LedgerService,
  proveAll,
  rebateReturn,
  statement,
  storedBalances,
  trialBalance,
  vatReturn,
  type AccountCode,
} from '@vend/ledger';
import type { Database } from '@vend/platform';

/** What a command found: a table for people, the same as data for programs. */
export interface Answer {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly data: unknown;
  /** How many, of a proof. */
  readonly faults?: number;
}

/** The auditor's questions to the ledger. Amounts are Taka with two decimals, times Dhaka's. */
export class LedgerCommands {
  constructor(private readonly database: Database) {}

  /** Every account, or one, now or at the end of a millisecond. */
  async balance(account: string | undefined, at: string | undefined): Promise<Answer> {
    const instant = at === undefined ? undefined : instantOf(at);
    const codes =
      account === undefined ? (await storedBalances(this.database)).map(({ code }) => code) : [codeOf(account)];
    const balances = await Promise.all(codes.map((code) => balanceAt(this.database, code, instant)));
    const { settledThrough } = await horizon(this.database);
    const still = (instant ?? Number.POSITIVE_INFINITY) > settledThrough;
    return {
      head: ['account', 'kind', 'debit', 'credit', 'balance'],
      rows: balances.map((b) => [
        b.code,
        accountRule(b.code).kind,
        ...taka(b.debitPaisa, b.creditPaisa, b.balancePaisa),
      ]),
      notes: still ? [`final through ${formatInstant(settledThrough)}`] : [],
      data: balances,
    };
  }

  /** A page of an account's statement. */
  async statement(
    account: string,
    { from, to, cursor, limit }: { from: string; to?: string; cursor?: string; limit?: string },
  ): Promise<Answer> {
    const page = await statement(this.database, codeOf(account), {
      from: instantOf(from),
      ...(to === undefined ? {} : { to: lastInstantOf(to) }),
      ...(cursor === undefined ? {} : { cursor }),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
    });
    return {
      head: ['booked at', 'entry', 'business id', 'contra', 'debit', 'credit', 'balance'],
      rows: page.lines.map((line) => [
        formatInstant(line.bookedAt),
        line.template,
        line.businessId,
        line.contra,
        ...taka(line.debitPaisa, line.creditPaisa, line.balancePaisa),
      ]),
      notes: [
        `opening balance ${formatTaka(page.openingPaisa)}`,
        ...(page.nextCursor === null ? [] : [`more: --cursor ${page.nextCursor}`]),
      ],
      data: page,
    };
  }

  /** What days moved, by account and office. */
  async trialBalance(fromDay: LocalDay, toDay: LocalDay, office: string | undefined): Promise<Answer> {
    startOfDay(fromDay);
    startOfDay(toDay);
    const balance = await trialBalance(this.database, { fromDay, toDay, ...(office === undefined ? {} : { office }) });
    return {
      head: ['office', 'account', 'debit', 'credit'],
      rows: [
        ...balance.rows.map((row) => [
          row.office || '(head office)',
          row.code,
          ...taka(row.debitPaisa, row.creditPaisa),
        ]),
        ['', 'sum', ...taka(balance.debitPaisa, balance.creditPaisa)],
      ],
      notes: [balance.closed ? 'closed' : 'not closed: it may still change'],
      data: balance,
    };
  }

  async vatReturn(month: string): Promise<Answer> {
    const answer = await vatReturn(this.database, monthOf(month));
    return {
      head: ['office', 'supply', 'sold', 'taken back', 'gross', 'net of VAT', 'VAT'],
      rows: answer.lines.map((line) => [
        line.office || '(head office)',
        line.supply,
        String(line.sold),
        String(line.takenBack),
        ...taka(line.grossPaisa, line.netPaisa, line.vatPaisa),
      ]),
      notes: [
        `VAT of ${month}: ${formatTaka(sumOf(answer.lines, ({ vatPaisa }) => vatPaisa))}`,
        answer.closed ? 'closed' : 'the month is not closed: it may still change',
      ],
      data: answer,
    };
  }

  async rebateReturn(month: string): Promise<Answer> {
    const answer = await rebateReturn(this.database, monthOf(month));
    return {
      head: ['office', 'what', 'given', 'taken back', 'given Tk', 'taken back Tk', 'net Tk'],
      rows: answer.lines.map((line) => [
        line.office || '(head office)',
        line.account,
        String(line.given),
        String(line.takenBack),
        ...taka(line.givenPaisa, line.takenBackPaisa, line.netPaisa),
      ]),
      notes: [answer.closed ? 'closed' : 'the month is not closed: it may still change'],
      data: answer,
    };
  }

  /** Closes a business day and all before it. */
  async closeDay(day: LocalDay, username: string): Promise<Answer> {
    startOfDay(day);
    await new LedgerService(this.database).closeDay(day, `user:${username}`);
    return { head: [], rows: [], notes: [`${day} and every day before it are closed`], data: { closedThrough: day } };
  }

  /** Proves everything there is, through the last closed day. */
  async verify(onDay: (day: LocalDay) => void): Promise<Answer> {
    await new LedgerService(this.database).rollUp();
    const { closedThrough } = await horizon(this.database);
    const proof = await proveAll(this.database, closedThrough, onDay);
    return {
      head: ['fault'],
      rows: proof.faults.map((fault) => [fault]),
      notes: [`${proof.days} closed days proved through ${closedThrough}: ${proof.faults.length} faults`],
      data: { ...proof, closedThrough },
      faults: proof.faults.length,
    };
  }
}

/** @throws {RangeError} for a text that the chart does not allow */
function codeOf(text: string): AccountCode {
  if (!isAccountCode(text)) throw new RangeError(`no such account: ${text}`);
  return text;
}

/** A day is its first millisecond; an RFC 3339 time needs its offset. */
function instantOf(text: string): InstantMs {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return startOfDay(text);
  const at = /(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new RangeError(`not a day or an RFC 3339 time with offset: ${text}`);
  return at;
}

/** A day is its last millisecond. */
function lastInstantOf(text: string): InstantMs {
  const at = instantOf(text);
  return text === dhakaDay(at) ? at + 86_400_000 - 1 : at;
}

function monthOf(text: string): number {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new RangeError(`not a month (YYYY-MM): ${text}`);
  return Number(text.replace('-', ''));
}

function taka(...amounts: readonly Paisa[]): string[] {
  return amounts.map(formatTaka);
}

function sumOf<Row>(rows: readonly Row[], paisa: (row: Row) => Paisa): Paisa {
  return rows.reduce((total, row) => total + paisa(row), 0n);
}

/** The answer as JSON with money as Taka text, or as columns. */
export function textOf({ head, rows, notes, data }: Answer, json: boolean): string {
  if (json)
    return JSON.stringify(data, (_key, value: unknown) => (typeof value === 'bigint' ? formatTaka(value) : value));
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const columns = (row: readonly string[]) =>
    row
      .map((cell, i) => (/^-?[\d.]+$/.test(cell) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [...(rows.length > 0 ? [columns(head), ...rows.map(columns)] : []), ...notes].join('\n');
}
