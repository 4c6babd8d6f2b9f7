import type { InstantMs, Paisa } from '@vend/kernel';
import { idToBytes } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import { isCreditNormal, type AccountCode } from '../chart';
import { lastIdAt, type Position } from './positions';

/** What an account holds at a moment. */
export interface Balance {
  readonly code: AccountCode;
  readonly debitPaisa: Paisa;
  readonly creditPaisa: Paisa;
  /** In the account's own sense: a positive number is cash in the till, revenue earned, a debt we owe. */
  readonly balancePaisa: Paisa;
}

/** Both sides of an account, and the difference in the account's own sense. */
export function balanceOf(code: AccountCode, debitPaisa: Paisa, creditPaisa: Paisa): Balance {
  const net = creditPaisa - debitPaisa;
  return { code, debitPaisa, creditPaisa, balancePaisa: isCreditNormal(code) ? net : -net };
}

/**
 * An account's balance now, or at the end of any millisecond: read from the stored balance, or from the last
 * snapshot before and the postings since. Never a sum over the history.
 *
 * @param at omitted: now. The last minute may still gain entries; see `settledThrough`
 * @returns zero for an account that nobody has opened
 * @example (await balanceAt(database, 'cash:NESCO-RAJ-01', startOfDay('2026-11-21') - 1)).balancePaisa
 */
export async function balanceAt(database: Database, code: AccountCode, at?: InstantMs): Promise<Balance> {
  if (at === undefined) {
    const [row] = await database.read<{ debit: string; credit: string }>(
      `SELECT b.debit_paisa AS debit, b.credit_paisa AS credit
       FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id WHERE a.code = ?`,
      [code],
    );
    return balanceOf(code, BigInt(row?.debit ?? 0), BigInt(row?.credit ?? 0));
  }
  return balanceBefore(database, code, { until: lastIdAt(at), throughMs: at });
}

/**
 * What accounts hold at this moment, in their own sense, without a lock: by the time of the commit it may be less, and
 * the books refuse then what would go below zero. An account that nobody has opened is missing.
 *
 * @example (await balancesNow(tx, ['float:V-17'])).get('float:V-17') // 2_500_000n
 */
export async function balancesNow(
  tx: Pick<Tx, 'query'>,
  codes: readonly AccountCode[],
): Promise<Map<AccountCode, Paisa>> {
  if (codes.length === 0) return new Map();
  const rows = await tx.query<{ code: AccountCode; debit: string; credit: string }>(
    `SELECT a.code, b.debit_paisa AS debit, b.credit_paisa AS credit
     FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id WHERE a.code IN (?)`,
    [codes],
  );
  return new Map(
    rows.map(({ code, debit, credit }) => [code, balanceOf(code, BigInt(debit), BigInt(credit)).balancePaisa]),
  );
}

/** The balance after a line of a statement. */
export function balanceAfter(database: Database, code: AccountCode, { entryId, line }: Position): Promise<Balance> {
  const until = idToBytes(entryId);
  return balanceBefore(database, code, { until, throughMs: until.readUIntBE(0, 6) - 1, line });
}

interface Until {
  /** The last entry that counts, and of it the last line; all lines when there is none. */
  readonly until: Buffer;
  readonly line?: number;
  /** Snapshots up to here are before it. */
  readonly throughMs: InstantMs;
}

async function balanceBefore(
  database: Database,
  code: AccountCode,
  { until, line, throughMs }: Until,
): Promise<Balance> {
  const [start] = await database.read<{
    id: number;
    through_ms: string | null;
    debit: string | null;
    credit: string | null;
  }>(
    `SELECT a.id, s.through_ms, s.debit_paisa AS debit, s.credit_paisa AS credit
     FROM ledger_accounts a
     LEFT JOIN ledger_snapshots s ON s.account_id = a.id AND s.through_ms <= ?
     WHERE a.code = ? ORDER BY s.through_ms DESC LIMIT 1`,
    [throughMs, code],
  );
  if (!start) return balanceOf(code, 0n, 0n);
  const since = lastIdAt(start.through_ms === null ? 0 : Number(start.through_ms));
  const beyond = line === undefined ? '' : 'AND NOT (entry_id = ? AND line > ?)';
  const side = (column: string) => `(SELECT COALESCE(SUM(amount_paisa), 0)
    FROM ledger_postings FORCE INDEX (ix_ledger_postings_${column})
    WHERE ${column}_account_id = ? AND entry_id > ? AND entry_id <= ? ${beyond}) AS ${column}`;
  const range = [start.id, since, until, ...(line === undefined ? [] : [until, line])];
  const [sums] = await database.read<{ debit: string; credit: string }>(`SELECT ${side('debit')}, ${side('credit')}`, [
    ...range,
    ...range,
  ]);
  return balanceOf(
    code,
    BigInt(start.debit ?? 0) + BigInt(sums!.debit),
    BigInt(start.credit ?? 0) + BigInt(sums!.credit),
  );
}

/** How far the books are final, and which days are closed. */
export interface Horizon {
  /** Nothing at or before this instant will be booked any more. */
  readonly settledThrough: InstantMs;
  readonly closedThrough: string;
  /** Totals and snapshots reach this far; what is beyond is added up when asked for. */
  readonly rolledThrough: InstantMs;
}

/** @example (await horizon(database)).closedThrough // '2026-11-20' */
export async function horizon(database: Database): Promise<Horizon> {
  const [row] = await database.read<{ settled_ms: string; closed_through: string; rolled_ms: string }>(
    `SELECT h.settled_ms, h.closed_through, r.rolled_ms FROM ledger_horizon h JOIN ledger_rollup r ON r.id = h.id`,
  );
  return {
    settledThrough: Number(row!.settled_ms),
    closedThrough: row!.closed_through,
    rolledThrough: Number(row!.rolled_ms),
  };
}
