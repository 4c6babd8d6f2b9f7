import { idFromBytes, idToBytes, startOfDay, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { RechargeRecord } from '../recharge';
import { readRecord } from './recharge.store';

/** That a vend was taken back, by whom and why. */
export interface StoredCancellation {
  readonly vendId: Id;
  readonly reason: string;
  readonly cancelledBy: string;
  readonly cancelledAt: InstantMs;
}

/** The record of a payment, read in the transaction. */
export function recordInTx(tx: Tx, rechargeId: Id): Promise<RechargeRecord | undefined> {
  return readRecord({ read: (sql, parameters) => tx.query(sql, parameters) }, rechargeId);
}

/** The cancellation of a vend, if there is one. The caller holds the meter's lock. */
export async function findCancellation(tx: Tx, vendId: Id): Promise<StoredCancellation | undefined> {
  const [row] = await tx.query<Row & { reason: string; cancelled_by: string; cancelled_at: Date }>(
    'SELECT reason, cancelled_by, cancelled_at FROM vend_cancellations WHERE vend_id = ?',
    [idToBytes(vendId)],
  );
  if (!row) return undefined;
  const { reason, cancelled_by: cancelledBy, cancelled_at: cancelledAt } = row;
  return { vendId, reason, cancelledBy, cancelledAt: cancelledAt.getTime() };
}

/**
 * True when a priced vend that stands was booked for this meter after the given one. The caller holds the meter's lock.
 * The TID tells the order, never the clock: a vend may have read the time before another and got the lock after it. Only
 * items of a pack have TIDs older than their booking, and count from the instant of the vend on.
 */
export async function isBuiltOn(tx: Tx, meterId: Id, vendId: Id): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM vend_tokens own JOIN vends mine ON mine.id = own.vend_id
     JOIN vend_tokens t ON t.meter_id = own.meter_id AND t.kind = 'credit' AND t.vend_id <> own.vend_id
     JOIN vends v ON v.id = t.vend_id
     WHERE own.vend_id = ? AND own.meter_id = ? AND own.kind = 'credit'
       AND v.state = 'ISSUED' AND v.pricing_input IS NOT NULL
       AND IF(v.kind = 'offline-pack', v.issued_at >= mine.issued_at,
         t.base_date > own.base_date OR (t.base_date = own.base_date AND t.tid > own.tid))
     LIMIT 1`,
    [idToBytes(vendId), idToBytes(meterId)],
  );
  return rows.length > 0;
}

/** True when a retroactive version was settled for this meter after the instant: it counted the vends of before. */
export async function wasAdjustedSince(tx: Tx, meterId: Id, since: InstantMs): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM tariff_adjustments WHERE meter_id = ? AND made_at >= ? LIMIT 1', [
    idToBytes(meterId),
    new Date(since),
  ]);
  return rows.length > 0;
}

/** Writes the cancellation and moves vend and payment on. @throws {Error} when they are not where the lock found them */
export async function insertCancellation(tx: Tx, rechargeId: Id, cancellation: StoredCancellation): Promise<void> {
  const { vendId, reason, cancelledBy, cancelledAt } = cancellation;
  await tx.write('INSERT INTO vend_cancellations (vend_id, reason, cancelled_by, cancelled_at) VALUES (?)', [
    [idToBytes(vendId), reason, cancelledBy, new Date(cancelledAt)],
  ]);
  const moved = await tx.write(`UPDATE vends SET state = 'CANCELLED' WHERE id = ? AND state = 'ISSUED'`, [
    idToBytes(vendId),
  ]);
  const owed = await tx.write(
    `UPDATE recharges SET state = 'REFUND_DUE', refusal_code = 'vend-cancelled' WHERE id = ? AND state = 'APPLIED'`,
    [idToBytes(rechargeId)],
  );
  if (moved.affectedRows !== 1 || owed.affectedRows !== 1) throw new Error('a vend was cancelled twice');
}

/** A cancelled recharge, as a list of a day shows it. */
export interface CancelledVend extends StoredCancellation {
  readonly rechargeId: Id;
  readonly receiptNo: string;
  /** 18 digits. */
  readonly meterNo: string;
  readonly office: string;
  readonly grossPaisa: bigint;
  /** The last four digits of each token: a token cannot be recalled, and one that turns up must be recognised. */
  readonly tokenEndings: readonly string[];
}

/** What was cancelled on a Dhaka day, the latest first. @param offices whose customers' alone */
export async function readCancelledOfDay(
  reader: Reader,
  day: LocalDay,
  offices: 'all' | readonly string[],
): Promise<CancelledVend[]> {
  if (offices !== 'all' && offices.length === 0) return [];
  const from = startOfDay(day);
  const rows = await reader.read<
    Row & Record<'vend_id' | 'recharge_id', Buffer> & Record<'reason' | 'by' | 'pan', string>
  >(
    `SELECT c.vend_id, c.reason, c.cancelled_by AS \`by\`, c.cancelled_at, v.recharge_id, v.receipt_no, v.gross_paisa, m.pan,
       u.office, (SELECT GROUP_CONCAT(RIGHT(t.digits, 4) ORDER BY t.sequence) FROM vend_tokens t WHERE t.vend_id = v.id) AS endings
     FROM vend_cancellations c JOIN vends v ON v.id = c.vend_id JOIN meters m ON m.id = v.meter_id
       JOIN connections n ON n.id = m.connection_id JOIN customers u ON u.id = n.customer_id
     WHERE c.cancelled_at >= ? AND c.cancelled_at < ? ${offices === 'all' ? '' : 'AND u.office IN (?)'}
     ORDER BY c.cancelled_at DESC, c.vend_id LIMIT 1000`,
    [new Date(from), new Date(from + 86_400_000), ...(offices === 'all' ? [] : [offices])],
  );
  return rows.map((row) => ({
    vendId: idFromBytes(row.vend_id),
    rechargeId: idFromBytes(row.recharge_id),
    reason: row.reason,
    cancelledBy: row.by,
    cancelledAt: (row['cancelled_at'] as Date).getTime(),
    receiptNo: row['receipt_no'] as string,
    meterNo: row.pan,
    office: row['office'] as string,
    grossPaisa: BigInt(row['gross_paisa'] as string),
    tokenEndings: (row['endings'] as string).split(','),
  }));
}
