import { idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import { leaveToWorkerAgain, settleOutbox, type Row, type Tx } from '@vend/platform';

interface OwedRow extends Row {
  meter_id: Buffer | null;
  source: string;
  source_ref: string;
  gross_paisa: string;
  vended: number;
}

interface OwedPayment {
  readonly rechargeId: Id;
  readonly source: string;
  readonly sourceRef: string;
  readonly meterId: Id | null;
  readonly grossPaisa: Paisa;
  readonly vended: boolean;
}

/** A payment, locked: what it is worth, for which meter, and whether a vend was ever made for it. */
export async function readOwed(tx: Tx, rechargeId: Id): Promise<OwedPayment | undefined> {
  const [row] = await tx.query<OwedRow>(
    `SELECT meter_id, source, source_ref, gross_paisa, EXISTS (SELECT 1 FROM vends v WHERE v.recharge_id = r.id) AS vended
     FROM recharges r WHERE r.id = ? FOR UPDATE`,
    [idToBytes(rechargeId)],
  );
  return (
    row && {
      rechargeId,
      source: row.source,
      sourceRef: row.source_ref,
      meterId: row.meter_id && idFromBytes(row.meter_id),
      grossPaisa: BigInt(row.gross_paisa),
      vended: Number(row.vended) === 1,
    }
  );
}

/** Moves a payment on from REFUND_DUE; with its wake-up when it will be vended. @returns false when it was not there */
export async function moveOwed(
  tx: Tx,
  rechargeId: Id,
  move: { readonly to: 'RECEIVED'; readonly meterId: Id; readonly at: InstantMs } | { to: 'REFUNDED'; at: InstantMs },
): Promise<boolean> {
  const id = idToBytes(rechargeId);
  if (move.to === 'REFUNDED') {
    const { affectedRows } = await tx.write(
      `UPDATE recharges SET state = 'REFUNDED' WHERE id = ? AND state = 'REFUND_DUE'`,
      [id],
    );
    return affectedRows === 1;
  }
  const { affectedRows } = await tx.write(
    `UPDATE recharges SET state = 'RECEIVED', refusal_code = NULL, meter_id = ? WHERE id = ? AND state = 'REFUND_DUE'`,
    [idToBytes(move.meterId), id],
  );
  if (affectedRows !== 1) return false;
  // Should it turn out to be unvendable again, it is told of again.
  await settleOutbox(tx, 'case', [rechargeId]);
  await leaveToWorkerAgain(tx, 'pending-vend', [rechargeId], new Date(move.at));
  return true;
}
