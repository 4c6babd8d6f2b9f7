import type { Database } from '@vend/platform';
import type { AccountCode } from '../chart';
import { horizon } from './balances';
import { lastIdAt } from './positions';

const SHOWN = 20;

/** Balances that are not the totals that were rolled up plus what came since; one statement, so one moment. */
export async function wrongBalances(database: Database): Promise<string[]> {
  for (let attempt = 1; attempt <= 20; attempt++) {
    const { rolledThrough } = await horizon(database);
    const since = lastIdAt(rolledThrough);
    const tail = (side: 'debit' | 'credit') => `SELECT p.${side}_account_id AS account_id,
        ${side === 'debit' ? 'p.amount_paisa AS debit, 0 AS credit' : '0 AS debit, p.amount_paisa AS credit'}
      FROM ledger_postings p WHERE p.entry_id > ?`;
    const rows = await database.read<{ code: string; fits: number; rolled_ms: string }>(
      `SELECT a.code, b.debit_paisa = COALESCE(SUM(s.debit), 0) AND b.credit_paisa = COALESCE(SUM(s.credit), 0) AS fits,
         (SELECT rolled_ms FROM ledger_rollup) AS rolled_ms
       FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id
       LEFT JOIN (
         SELECT account_id, debit_paisa AS debit, credit_paisa AS credit FROM ledger_rolled
         UNION ALL ${tail('debit')} UNION ALL ${tail('credit')}) s ON s.account_id = a.id
       GROUP BY a.id, a.code, b.debit_paisa, b.credit_paisa`,
      [since, since],
    );
    if (rows.some((row) => Number(row.rolled_ms) !== rolledThrough)) continue;
    return rows.filter(({ fits }) => !fits).map(({ code }) => `the balance of ${code} is not the sum of its postings`);
  }
  throw new Error('the totals move faster than they can be read');
}

/** Accounts whose rolled-up totals are not the sum of all day totals. One statement, so one moment. */
export async function wrongRolledTotals(database: Database): Promise<string[]> {
  const rows = await database.read<{ code: string }>(
    `SELECT a.code FROM ledger_accounts a JOIN (
       SELECT account_id, debit_paisa AS debit, credit_paisa AS credit FROM ledger_rolled
       UNION ALL SELECT account_id, -debit_paisa, -credit_paisa FROM ledger_day_totals) s ON s.account_id = a.id
     GROUP BY a.id, a.code HAVING SUM(s.debit) <> 0 OR SUM(s.credit) <> 0 LIMIT ${SHOWN}`,
  );
  return rows.map(({ code }) => `the rolled-up total of ${code} is not the sum of its days`);
}

/** What does not sum to zero over all accounts, and sub-ledgers whose meters do not add up to the account. */
export async function wrongSums(database: Database): Promise<string[]> {
  const [row] = await database.read<
    Record<'net' | 'remainder' | 'remainders' | 'arrears' | 'debts' | 'moving', string>
  >(
    `SELECT (SELECT COALESCE(SUM(debit_paisa - credit_paisa), 0) FROM ledger_balances) AS net,
       (SELECT COALESCE(SUM(b.credit_paisa - b.debit_paisa), 0) FROM ledger_balances b
        JOIN ledger_accounts a ON a.id = b.account_id WHERE a.code = 'customer-remainder') AS remainder,
       (SELECT COALESCE(SUM(b.debit_paisa - b.credit_paisa), 0) FROM ledger_balances b
        JOIN ledger_accounts a ON a.id = b.account_id WHERE a.code = 'customer-arrears') AS arrears,
       (SELECT COALESCE(SUM(b.credit_paisa - b.debit_paisa), 0) FROM ledger_balances b
        JOIN ledger_accounts a ON a.id = b.account_id WHERE a.code = 'meter-transfers') AS moving,
       (SELECT COALESCE(SUM(remainder_paisa), 0) FROM meter_states) AS remainders,
       (SELECT COALESCE(SUM(arrears_paisa), 0) FROM meter_states) AS debts`,
  );
  const faults: string[] = [];
  if (BigInt(row!.net) !== 0n) faults.push(`all postings do not sum to zero but to ${row!.net} paisa`);
  if (row!.moving !== '0') faults.push(`meter-transfers holds ${row!.moving} paisa that reached no meter`);
  if (row!.remainder !== row!.remainders) {
    faults.push(`customer-remainder holds ${row!.remainder} paisa, the meters ${row!.remainders}`);
  }
  if (row!.arrears !== row!.debts) {
    faults.push(`customer-arrears holds ${row!.arrears} paisa, the meters ${row!.debts}`);
  }
  return faults;
}

/**
 * Meters whose remainder or arrears is not the sum of their own postings, and money that came in and is neither vended
 * nor owed. Reads the whole history of these accounts: for the full proof.
 */
export async function wrongSubLedgers(database: Database): Promise<string[]> {
  const faults: string[] = [];
  for (const [code, column, sign] of [
    ['customer-remainder', 'remainder_paisa', 1],
    ['customer-arrears', 'arrears_paisa', -1],
  ] as const) {
    const rows = await database.read<{ meter: string }>(
      `SELECT HEX(s.meter_id) AS meter FROM (
         SELECT meter_id, ${column} AS paisa FROM meter_states WHERE ${column} <> 0
         UNION ALL
         SELECT p.meter_id, IF(p.credit_account_id = a.id, ${-sign}, ${sign}) * p.amount_paisa
         FROM ledger_accounts a JOIN ledger_postings p ON p.credit_account_id = a.id OR p.debit_account_id = a.id
         WHERE a.code = ?) s
       GROUP BY s.meter_id HAVING SUM(s.paisa) <> 0 LIMIT ${SHOWN}`,
      [code],
    );
    faults.push(...rows.map(({ meter }) => `meter ${meter}: its ${column} is not its part of ${code}`));
  }
  const [owed] = await database.read<{ booked: string; open: string }>(
    `SELECT (SELECT COALESCE(SUM(b.credit_paisa - b.debit_paisa), 0) FROM ledger_balances b
         JOIN ledger_accounts a ON a.id = b.account_id WHERE a.code = 'unspent-payments') AS booked,
       (SELECT COALESCE(SUM(gross_paisa), 0) FROM recharges WHERE state IN ('RECEIVED', 'REFUND_DUE')) AS open`,
  );
  if (owed!.booked !== owed!.open) {
    faults.push(`unspent-payments holds ${owed!.booked} paisa, open payments are ${owed!.open}`);
  }
  return faults;
}

/** Accounts whose balance goes against a limit that the chart gives them, or whose limit was taken away. */
export async function wrongLimits(database: Database): Promise<string[]> {
  const rows = await database.read<{ code: AccountCode }>(
    `SELECT a.code FROM ledger_accounts a JOIN ledger_chart c ON c.family = a.family
     LEFT JOIN ledger_balances b ON b.account_id = a.id
     WHERE b.account_id IS NULL OR b.never_overdrawn <> c.never_overdrawn OR a.kind <> c.kind
       OR b.credit_normal <> (c.kind IN ('liability', 'revenue', 'equity'))
       OR (c.never_overdrawn AND IF(b.credit_normal, b.credit_paisa < b.debit_paisa, b.debit_paisa < b.credit_paisa))`,
  );
  return rows.map(({ code }) => `${code} is not kept as the chart says`);
}
