import { idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { isCreditNormal, type AccountCode } from '../chart';
import type { EntryTemplate } from '../entry';
import { balanceAfter, balanceAt } from './balances';
import { cursorOf, lastIdAt, positionOf } from './positions';

/** One posting, as the account sees it. */
export interface StatementLine {
  readonly entryId: Id;
  readonly bookedAt: InstantMs;
  readonly businessDay: LocalDay;
  readonly template: EntryTemplate;
  readonly businessId: Id;
  readonly meterId: Id | null;
  readonly office: string;
  /** The account on the other side. */
  readonly contra: AccountCode;
  readonly debitPaisa: Paisa;
  readonly creditPaisa: Paisa;
  /** After this line, in the account's own sense. */
  readonly balancePaisa: Paisa;
}

export interface StatementPage {
  readonly openingPaisa: Paisa;
  readonly lines: readonly StatementLine[];
  /** Ask with it for the next page; null at the end. */
  readonly nextCursor: string | null;
}

export interface StatementQuestion {
  /** The first millisecond that counts. */
  readonly from: InstantMs;
  /** The last one; omitted: all there is. */
  readonly to?: InstantMs;
  readonly cursor?: string;
  /** Lines on a page, 1 to 1000; 100 when omitted. */
  readonly limit?: number;
}

interface LineRow extends Record<string, unknown> {
  entry_id: Buffer;
  line: number;
  debit: string;
  credit: string;
  booked_at: Date;
  business_day: string;
  template: EntryTemplate;
  business_id: Buffer;
  office: string;
  meter_id: Buffer | null;
  contra: AccountCode;
}

/**
 * A page of an account's statement, in the order of time, with the balance after each line.
 *
 * @throws {RangeError} for a cursor that is none, or a limit outside 1 to 1000
 * @example const page = await statement(database, 'cash:NESCO-RAJ-01', { from: startOfDay('2026-11-21') });
 */
export async function statement(
  database: Database,
  code: AccountCode,
  { from, to = 8.64e15, cursor, limit = 100 }: StatementQuestion,
): Promise<StatementPage> {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new RangeError('a page has 1 to 1000 lines');
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const opening = after ? await balanceAfter(database, code, after) : await balanceAt(database, code, from - 1);
  const rows = await linesOf(database, code, {
    since: after ? idToBytes(after.entryId) : lastIdAt(from - 1),
    line: after ? after.line : 255,
    until: lastIdAt(Math.min(to, 2 ** 48 - 1)),
    limit: limit + 1,
  });
  const sign = isCreditNormal(code) ? 1n : -1n;
  let balancePaisa = opening.balancePaisa;
  const lines = rows.slice(0, limit).map((row): StatementLine => {
    const debitPaisa = BigInt(row.debit);
    const creditPaisa = BigInt(row.credit);
    balancePaisa += sign * (creditPaisa - debitPaisa);
    return {
      entryId: idFromBytes(row.entry_id),
      bookedAt: row.booked_at.getTime(),
      businessDay: row.business_day,
      template: row.template,
      businessId: idFromBytes(row.business_id),
      meterId: row.meter_id && idFromBytes(row.meter_id),
      office: row.office,
      contra: row.contra,
      debitPaisa,
      creditPaisa,
      balancePaisa,
    };
  });
  const last = rows.length > limit ? rows[limit - 1]! : undefined;
  return {
    openingPaisa: opening.balancePaisa,
    lines,
    nextCursor: last ? cursorOf({ entryId: idFromBytes(last.entry_id), line: last.line }) : null,
  };
}

interface Span {
  readonly since: Buffer;
  readonly line: number;
  readonly until: Buffer;
  readonly limit: number;
}

function linesOf(database: Database, code: AccountCode, { since, line, until, limit }: Span): Promise<LineRow[]> {
  // Each side stops at the page's length, so a page costs its own lines, however long the history.
  const side = (column: 'debit' | 'credit') => `(SELECT p.entry_id, p.line,
      ${column === 'debit' ? 'p.amount_paisa' : '0'} AS debit, ${column === 'credit' ? 'p.amount_paisa' : '0'} AS credit
    FROM ledger_postings p FORCE INDEX (ix_ledger_postings_${column})
    WHERE p.${column}_account_id = (SELECT id FROM ledger_accounts WHERE code = ?)
      AND p.entry_id >= ? AND p.entry_id <= ? AND NOT (p.entry_id = ? AND p.line <= ?)
    ORDER BY p.entry_id, p.line LIMIT ?)`;
  const range = [code, since, until, since, line, limit];
  return database.read<LineRow>(
    `SELECT n.entry_id, n.line, n.debit, n.credit, e.booked_at, e.business_day, e.template, e.business_id, e.office,
       p.meter_id, contra.code AS contra
     FROM (${side('debit')} UNION ALL ${side('credit')}) n
     JOIN ledger_entries e ON e.id = n.entry_id
     JOIN ledger_postings p ON p.entry_id = n.entry_id AND p.line = n.line
     JOIN ledger_accounts contra ON contra.id = IF(n.debit > 0, p.credit_account_id, p.debit_account_id)
     ORDER BY n.entry_id, n.line LIMIT ?`,
    [...range, ...range, limit],
  );
}
