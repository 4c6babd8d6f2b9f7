import { DomainError, idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import { DatabaseFailure, errorNumber, type Database, type Tx } from '@vend/platform';
import { accountRule, type AccountCode } from '../chart';
import type { Entry, EntryTemplate, Posting } from '../entry';
import { LEDGER_ERRORS, type LedgerErrorCode } from '../ledger.errors';

/**
 * Makes sure that the accounts exist and returns their numbers. Runs outside the recharge's transaction: a row
 * must exist before it is locked, and creating it there would let two recharges wait for each other.
 *
 * @throws {RangeError} for a code outside the chart
 * @throws {DomainError<LedgerErrorCode>} ledger-account-spelling: names of accounts are told apart without regard to large
 *   and small letters, and the books write this one otherwise
 */
export async function ensureAccounts(
  database: Database,
  codes: readonly AccountCode[],
): Promise<Map<AccountCode, number>> {
  codes.forEach(accountRule);
  return database.transaction((tx) => openAccounts(tx, codes));
}

/**
 * Opens accounts together with the row that names them, so that its spelling is the books' from then on. Nothing that a
 * recharge waits for may call it: whoever opens the same account meanwhile waits for this transaction.
 *
 * @param codes of the chart's families, without repeats
 * @returns the accounts' numbers
 * @throws {DomainError<LedgerErrorCode>} ledger-account-spelling: two of them, or one of them and the books, differ in
 *   large and small letters only; the caller should roll back
 * @example await openAccounts(tx, ['bank:settlement', 'bank:vat']);
 */
export async function openAccounts(tx: Tx, codes: readonly AccountCode[]): Promise<Map<AccountCode, number>> {
  const select = () =>
    tx.query<{ id: number; code: AccountCode }>(
      `SELECT a.id, a.code FROM ledger_accounts a JOIN ledger_balances b ON b.account_id = a.id WHERE a.code IN (?)`,
      [codes],
    );
  let rows = await select();
  if (rows.length < codes.length) {
    await named(tx.write('CALL ledger_open_accounts(?)', [JSON.stringify(codes)]));
    rows = await select();
  }
  const ids = new Map(rows.map(({ id, code }) => [code, id]));
  const missing = codes.find((code) => !ids.has(code));
  if (missing !== undefined) {
    const written = rows.find(({ code }) => code.toLowerCase() === missing.toLowerCase())?.code ?? '';
    throw new DomainError<LedgerErrorCode>('ledger-account-spelling', { account: missing, written });
  }
  return ids;
}

/**
 * Posts entries by one call of the database's procedure, which checks them against every law it can and moves the
 * balances they touch, once each, in account order. Hex and numbers only, so that nothing in it needs escaping.
 */
export async function insertEntries(
  tx: Tx,
  entries: readonly Entry[],
  accountIds: ReadonlyMap<AccountCode, number>,
): Promise<void> {
  await named(tx.write('CALL ledger_post(?)', [textOf(entries, accountIds)]));
}

function textOf(entries: readonly Entry[], accountIds: ReadonlyMap<AccountCode, number>): string {
  const rows = entries.map(({ bookedAt, template, businessId, meterId, office, postings }) => {
    const moves = postings.map(
      ({ debit, credit, amountPaisa }) =>
        `[${numberOf(debit, accountIds)},${numberOf(credit, accountIds)},${amountPaisa}]`,
    );
    const tail = newId(bookedAt).replaceAll('-', '').slice(12);
    const meter = meterId === null ? 'null' : `"${hexOf(meterId)}"`;
    const officeText = office === null ? 'null' : JSON.stringify(office);
    return `[${bookedAt},"${tail}","${template}","${hexOf(businessId)}",${meter},${officeText},[${moves.join()}]]`;
  });
  return `[${rows.join()}]`;
}

function hexOf(id: Id): string {
  return idToBytes(id).toString('hex');
}

function numberOf(code: AccountCode, accountIds: ReadonlyMap<AccountCode, number>): number {
  const id = accountIds.get(code);
  if (id === undefined) throw new Error(`account ${code} was not opened before the transaction`);
  return id;
}

/** An entry as it stands in the books. */
export interface StoredEntry {
  readonly entryId: Id;
  readonly template: EntryTemplate;
  readonly businessId: Id;
  readonly bookedAt: number;
  readonly businessDay: string;
  readonly office: string;
  readonly meterId: Id | null;
  readonly postings: readonly Posting[];
}

interface EntryRow extends Record<string, unknown> {
  id: Buffer;
  booked_at: Date;
  business_day: string;
  office: string;
  meter_id: Buffer | null;
  debit: AccountCode;
  credit: AccountCode;
  amount_paisa: string;
}

/** The entry of a fact, if it is booked. Takes a transaction, or the database itself. */
export async function findEntry(
  on: Pick<Tx, 'query'>,
  template: EntryTemplate,
  businessId: Id,
): Promise<StoredEntry | undefined> {
  const rows = await on.query<EntryRow>(
    `SELECT e.id, e.booked_at, e.business_day, e.office, p.meter_id, d.code AS debit, c.code AS credit, p.amount_paisa
     FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
     JOIN ledger_accounts d ON d.id = p.debit_account_id JOIN ledger_accounts c ON c.id = p.credit_account_id
     WHERE e.template = ? AND e.business_id = ? ORDER BY p.line`,
    [template, idToBytes(businessId)],
  );
  const [first] = rows;
  if (!first) return undefined;
  return {
    entryId: idFromBytes(first.id),
    template,
    businessId,
    bookedAt: first.booked_at.getTime(),
    businessDay: first.business_day,
    office: first.office,
    meterId: first.meter_id && idFromBytes(first.meter_id),
    postings: rows.map(({ debit, credit, amount_paisa }) => ({ debit, credit, amountPaisa: BigInt(amount_paisa) })),
  };
}

/** @param beside accounts that are posted to in the same transaction */
export async function sealRow(tx: Tx, drawer: number, beside: readonly number[], sealed: boolean): Promise<void> {
  await named(tx.write('CALL ledger_seal(?, ?, ?)', [drawer, JSON.stringify(beside), sealed]));
}

export async function closeDayRow(tx: Tx, day: string, actor: string): Promise<void> {
  await named(tx.write('CALL ledger_close_day(?, ?)', [day, actor]));
}

export async function settleRow(database: Database, throughMs: number): Promise<void> {
  await database.transaction((tx) => named(tx.write('CALL ledger_settle(?)', [throughMs])));
}

/** Adds the next entries to the totals. @returns how many, and the instant they now reach */
export async function rollUpChunk(
  database: Database,
  entryCount: number,
): Promise<{ entries: number; rolledMs: number }> {
  const [rows] = await database.transaction(
    (tx) =>
      tx.query('CALL ledger_roll_up(?)', [entryCount]) as unknown as Promise<
        [{ entries: number; rolled_ms: string }[]]
      >,
  );
  return { entries: rows[0]!.entries, rolledMs: Number(rows[0]!.rolled_ms) };
}

/** Gives the database's refusals the names of this room; everything else passes as it is. */
async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = refusalOf(error);
    throw code === undefined ? error : new DomainError<LedgerErrorCode>(code, {}, { cause: error });
  }
}

function refusalOf(error: unknown): LedgerErrorCode | undefined {
  if (!(error instanceof DatabaseFailure)) return undefined;
  const errno = errorNumber(error) ?? 0;
  // 4025 is MariaDB's broken CHECK, 3819 MySQL's.
  if (errno === 4025 || errno === 3819) {
    if (error.message.includes('ck_ledger_balances_limit')) return 'ledger-overdrawn';
    if (error.message.includes('ck_ledger_balances_sealed')) return 'ledger-drawer-sealed';
  }
  if (errno < 30_001 || errno > 30_099) return undefined;
  return (Object.keys(LEDGER_ERRORS) as LedgerErrorCode[]).find((code) => error.message.endsWith(code));
}
