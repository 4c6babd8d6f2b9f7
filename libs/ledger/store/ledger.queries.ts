import type { Paisa } from '@vend/kernel';
import type { Database, Reader } from '@vend/platform';
import type { AccountCode, AccountFamily, AccountOf } from '../chart';

export interface AccountBalance {
  readonly code: AccountCode;
  readonly debitPaisa: Paisa;
  readonly creditPaisa: Paisa;
}

/** The stored totals of every account, by code. */
export async function storedBalances(database: Database): Promise<AccountBalance[]> {
  const rows = await database.read<{ code: AccountCode; debit: string; credit: string }>(
    `SELECT a.code, b.debit_paisa AS debit, b.credit_paisa AS credit
     FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id ORDER BY a.code`,
  );
  return rows.map((row) => ({ code: row.code, debitPaisa: BigInt(row.debit), creditPaisa: BigInt(row.credit) }));
}

/** The same totals, recomputed from every posting: law 10. Reads the whole history; for audits and tests. */
export async function recomputedBalances(database: Database): Promise<AccountBalance[]> {
  const rows = await database.read<{ code: AccountCode; debit: string; credit: string }>(
    `SELECT a.code,
       COALESCE((SELECT SUM(p.amount_paisa) FROM ledger_postings p WHERE p.debit_account_id = a.id), 0) AS debit,
       COALESCE((SELECT SUM(p.amount_paisa) FROM ledger_postings p WHERE p.credit_account_id = a.id), 0) AS credit
     FROM ledger_accounts a ORDER BY a.code`,
  );
  return rows.map((row) => ({ code: row.code, debitPaisa: BigInt(row.debit), creditPaisa: BigInt(row.credit) }));
}

/** The accounts of a family that the books have, as they write them, by code. @example await accountsOf(database, 'bank') */
export async function accountsOf<Family extends AccountFamily>(
  reader: Reader,
  family: Family,
): Promise<AccountOf<Family>[]> {
  const rows = await reader.read<{ code: AccountOf<Family> }>(
    'SELECT code FROM ledger_accounts WHERE code LIKE ? ORDER BY code',
    [`${family}:%`],
  );
  return rows.map(({ code }) => code);
}
