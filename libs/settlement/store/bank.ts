import { idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import type { BreakAction } from '../breaks';

export interface UnbookedCredit {
  readonly creditId: Id;
  /** Without `bank:`. */
  readonly account: string;
  readonly amountPaisa: Paisa;
}

/** Credits of a provider that are not in the books yet. */
export async function unbookedCredits(reader: Reader, provider: string, limit: number): Promise<UnbookedCredit[]> {
  const rows = await reader.read<{ id: Buffer; account: string; amount_paisa: string }>(
    `SELECT id, account, amount_paisa FROM bank_credits WHERE booked_at IS NULL AND provider = ? ORDER BY id LIMIT ?`,
    [provider, limit],
  );
  return rows.map((row) => ({
    creditId: idFromBytes(row.id),
    account: row.account,
    amountPaisa: BigInt(row.amount_paisa),
  }));
}

/** @returns false when somebody else has booked it */
export async function markCreditBooked(tx: Tx, creditId: Id, at: InstantMs): Promise<boolean> {
  const { affectedRows } = await tx.write('UPDATE bank_credits SET booked_at = ? WHERE id = ? AND booked_at IS NULL', [
    new Date(at),
    idToBytes(creditId),
  ]);
  return affectedRows === 1;
}

/** A batch's day, locked: what the statements say it costs, and what of it is in the books. */
export interface LockedBatchDay {
  readonly bookedFeePaisa: Paisa;
  readonly movedVatPaisa: Paisa;
  readonly statedFeePaisa: Paisa;
}

interface BatchDay {
  readonly provider: string;
  readonly batch: string;
  readonly day: LocalDay;
}

export async function lockBatchDay(tx: Tx, { provider, batch, day }: BatchDay): Promise<LockedBatchDay> {
  await tx.write('INSERT IGNORE INTO settlement_batch_days (provider, batch, day) VALUES (?)', [
    [provider, batch, day],
  ]);
  const [row] = await tx.query<{ booked_fee_paisa: string; moved_vat_paisa: string }>(
    `SELECT booked_fee_paisa, moved_vat_paisa FROM settlement_batch_days
     WHERE provider = ? AND batch = ? AND day = ? FOR UPDATE`,
    [provider, batch, day],
  );
  const [stated] = await tx.query<{ fee: string | null }>(
    `SELECT SUM(fee_paisa) AS fee FROM settlement_totals WHERE provider = ? AND day = ? AND side = 'theirs' AND batch = ?`,
    [provider, day, batch],
  );
  return {
    bookedFeePaisa: BigInt(row!.booked_fee_paisa),
    movedVatPaisa: BigInt(row!.moved_vat_paisa),
    statedFeePaisa: BigInt(stated!.fee ?? '0'),
  };
}

/** Writes what of a locked batch's day is in the books now. */
export async function saveBatchDay(
  tx: Tx,
  { provider, batch, day }: BatchDay,
  { feePaisa, vatPaisa }: { readonly feePaisa: Paisa; readonly vatPaisa: Paisa },
): Promise<void> {
  await tx.write(
    `UPDATE settlement_batch_days SET booked_fee_paisa = ?, moved_vat_paisa = ?
     WHERE provider = ? AND batch = ? AND day = ?`,
    [feePaisa, vatPaisa, provider, batch, day],
  );
}

/** In place of a batch: what a vendor that pays in advance has of a day. */
export const VENDOR_BATCH = '';

/** Days of a vendor, from a day on, with sales that both books have, or with commission of such. */
export async function vendorDays(reader: Reader, provider: string, from: LocalDay): Promise<LocalDay[]> {
  const rows = await reader.read<{ day: string }>(
    `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day FROM settlement_totals
     WHERE provider = ? AND day >= ? AND side = 'ours' AND bucket = 'matched'
     UNION SELECT DATE_FORMAT(day, '%Y-%m-%d') FROM settlement_batch_days
     WHERE provider = ? AND batch = '' AND day >= ? AND booked_fee_paisa <> 0 ORDER BY day`,
    [provider, from, provider, from],
  );
  return rows.map(({ day }) => day);
}

/**
 * A vendor's day, locked: what of its sales both books have, what of its commission is booked, and at which rate.
 *
 * @param basisPoints the rate, when nothing of the day was booked before
 */
export async function lockVendorDay(
  tx: Tx,
  { provider, day, basisPoints }: { readonly provider: string; readonly day: LocalDay; readonly basisPoints: number },
): Promise<{ readonly matchedPaisa: Paisa; readonly bookedFeePaisa: Paisa; readonly basisPoints: number }> {
  await tx.write('INSERT IGNORE INTO settlement_batch_days (provider, batch, day, rate_basis_points) VALUES (?)', [
    [provider, VENDOR_BATCH, day, basisPoints],
  ]);
  const [row] = await tx.query<{ booked_fee_paisa: string; rate_basis_points: number }>(
    `SELECT booked_fee_paisa, rate_basis_points FROM settlement_batch_days
     WHERE provider = ? AND batch = ? AND day = ? FOR UPDATE`,
    [provider, VENDOR_BATCH, day],
  );
  const [sold] = await tx.query<{ paisa: string | null }>(
    `SELECT SUM(amount_paisa) AS paisa FROM settlement_totals
     WHERE provider = ? AND day = ? AND side = 'ours' AND bucket = 'matched'`,
    [provider, day],
  );
  return {
    matchedPaisa: BigInt(sold!.paisa ?? '0'),
    bookedFeePaisa: BigInt(row!.booked_fee_paisa),
    basisPoints: Number(row!.rate_basis_points),
  };
}

/** Batches and days whose commission in the books is not what the statements say, from a day on. */
export async function unbookedFees(reader: Reader, provider: string, from: LocalDay): Promise<BatchDay[]> {
  const rows = await reader.read<{ batch: string; day: string }>(
    `SELECT t.batch, DATE_FORMAT(t.day, '%Y-%m-%d') AS day FROM settlement_totals t
     LEFT JOIN settlement_batch_days b ON b.provider = t.provider AND b.batch = t.batch AND b.day = t.day
     WHERE t.provider = ? AND t.day >= ? AND t.side = 'theirs'
     GROUP BY t.batch, t.day, b.booked_fee_paisa HAVING SUM(t.fee_paisa) <> COALESCE(b.booked_fee_paisa, 0)
     UNION
     SELECT b.batch, DATE_FORMAT(b.day, '%Y-%m-%d') FROM settlement_batch_days b
     WHERE b.provider = ? AND b.day >= ? AND b.booked_fee_paisa <> 0 AND NOT EXISTS (SELECT 1 FROM settlement_totals t
       WHERE t.provider = b.provider AND t.day = b.day AND t.side = 'theirs' AND t.batch = b.batch)`,
    [provider, from, provider, from],
  );
  return rows.map(({ batch, day }) => ({ provider, batch, day }));
}

/** What people did about the bank's differences of a batch, and what of its VAT was moved. */
export async function doneAboutBatch(
  reader: Reader,
  provider: string,
  batch: string,
): Promise<{ readonly sums: ReadonlyMap<BreakAction, Paisa>; readonly movedVatPaisa: Paisa }> {
  const [rows, [moved]] = await Promise.all([
    reader.read<{ action: BreakAction; amount: string }>(
      `SELECT a.action, SUM(a.amount_paisa) AS amount FROM settlement_breaks b
       JOIN settlement_actions a ON a.break_id = b.id
       WHERE b.provider = ? AND b.trx_id = ? AND b.bucket = 'bank-differs' GROUP BY a.action`,
      [provider, batchKey(batch)],
    ),
    reader.read<{ vat: string | null }>(
      'SELECT SUM(moved_vat_paisa) AS vat FROM settlement_batch_days WHERE provider = ? AND batch = ?',
      [provider, batch],
    ),
  ]);
  return {
    sums: new Map(rows.map(({ action, amount }) => [action, BigInt(amount)])),
    movedVatPaisa: BigInt(moved?.vat ?? '0'),
  };
}

/** What a break of a batch has in place of a transaction id. @example batchKey('demo-form-20261122') */
export function batchKey(batch: string): string {
  return `batch:${batch}`;
}
