import { dhakaDay, idToBytes, newId } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import { accountRule, type AccountCode } from '../chart';
import type { Entry } from '../entry';

/**
 * Makes sure that the accounts exist and returns their numbers. Runs outside the recharge's transaction: a row
 * must exist before it is locked, and creating it there would let two recharges wait for each other.
 */
export async function ensureAccounts(
  database: Database,
  codes: readonly AccountCode[],
): Promise<Map<AccountCode, number>> {
  return database.transaction(async (tx) => {
    const accounts = codes.map((code) => [code, accountRule(code).kind]);
    await tx.write('INSERT IGNORE INTO ledger_accounts (code, kind) VALUES ?', [accounts]);
    const rows = await tx.query<{ id: number; code: AccountCode }>(
      'SELECT id, code FROM ledger_accounts WHERE code IN (?) ORDER BY id',
      [codes],
    );
    const balances = rows.map(({ id, code }) => {
      const { kind, neverOverdrawn } = accountRule(code);
      return [id, neverOverdrawn, kind === 'liability' || kind === 'revenue'];
    });
    await tx.write('INSERT IGNORE INTO ledger_balances (account_id, never_overdrawn, credit_normal) VALUES ?', [
      balances,
    ]);
    return new Map(rows.map(({ id, code }) => [code, id]));
  });
}

/** Writes entries and their postings, then moves the balances they touch, once each, in account order. */
export async function insertEntries(
  tx: Tx,
  entries: readonly Entry[],
  accountIds: ReadonlyMap<AccountCode, number>,
): Promise<void> {
  const entryRows: unknown[][] = [];
  const postingRows: unknown[][] = [];
  const moves = new Map<number, { debit: bigint; credit: bigint }>();
  const moveOf = (account: number) => {
    let move = moves.get(account);
    if (!move) moves.set(account, (move = { debit: 0n, credit: 0n }));
    return move;
  };
  for (const entry of entries) {
    const id = idToBytes(newId(entry.bookedAt));
    const meterId = entry.meterId === null ? null : idToBytes(entry.meterId);
    entryRows.push([
      id,
      entry.template,
      idToBytes(entry.businessId),
      dhakaDay(entry.bookedAt),
      new Date(entry.bookedAt),
    ]);
    entry.postings.forEach(({ debit, credit, amountPaisa }, index) => {
      const debitId = numberOf(debit, accountIds);
      const creditId = numberOf(credit, accountIds);
      postingRows.push([id, index + 1, debitId, creditId, amountPaisa.toString(), meterId]);
      moveOf(debitId).debit += amountPaisa;
      moveOf(creditId).credit += amountPaisa;
    });
  }
  await Promise.all([
    tx.write('INSERT INTO ledger_entries (id, template, business_id, business_day, booked_at) VALUES ?', [entryRows]),
    tx.write(
      'INSERT INTO ledger_postings (entry_id, line, debit_account_id, credit_account_id, amount_paisa, meter_id) VALUES ?',
      [postingRows],
    ),
    moveBalances(tx, moves),
  ]);
}

function numberOf(code: AccountCode, accountIds: ReadonlyMap<AccountCode, number>): number {
  const id = accountIds.get(code);
  if (id === undefined) throw new Error(`account ${code} was not opened before the transaction`);
  return id;
}

/**
 * One statement for all accounts: the rows are locked in primary-key order, so that two groups can never wait for
 * each other in a circle, and only now, at the end, so that the shared rows are held for the commit alone.
 */
async function moveBalances(tx: Tx, moves: ReadonlyMap<number, { debit: bigint; credit: bigint }>): Promise<void> {
  const accounts = [...moves.keys()].sort((a, b) => a - b);
  const cases = accounts.map(() => 'WHEN ? THEN ?').join(' ');
  const parameters = [
    ...accounts.flatMap((account) => [account, moves.get(account)!.debit.toString()]),
    ...accounts.flatMap((account) => [account, moves.get(account)!.credit.toString()]),
    accounts,
  ];
  const { affectedRows } = await tx.write(
    `UPDATE ledger_balances SET
       debit_paisa = debit_paisa + CAST(CASE account_id ${cases} END AS SIGNED),
       credit_paisa = credit_paisa + CAST(CASE account_id ${cases} END AS SIGNED)
     WHERE account_id IN (?)
     ORDER BY account_id`,
    parameters,
  );
  if (affectedRows !== accounts.length) throw new Error('a balance row is missing');
}
