import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
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

/** The latest priced vend of a meter that is not cancelled. The caller holds the meter's lock. */
export async function findLastVend(tx: Tx, meterId: Id): Promise<Id | undefined> {
  // Recharges of one group have one instant; among them the TID tells the order.
  const [row] = await tx.query<Row & { id: Buffer }>(
    `SELECT v.id FROM vend_tokens t JOIN vends v ON v.id = t.vend_id
     WHERE t.meter_id = ? AND t.kind = 'credit' AND v.state = 'ISSUED' AND v.pricing_input IS NOT NULL
     ORDER BY v.issued_at DESC, t.tid DESC LIMIT 1`,
    [idToBytes(meterId)],
  );
  return row && idFromBytes(row.id);
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
