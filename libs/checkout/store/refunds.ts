import { idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

type RefundState = 'ASKED' | 'REFUNDED' | 'REFUSED';

/** A refund that a gateway is to make. */
export interface CheckoutRefund {
  /** The Idempotency-Key it was asked with. */
  readonly refundId: Id;
  readonly orderId: Id;
  readonly rechargeId: Id;
  readonly state: RefundState;
  /** Ours, unique at the gateway. */
  readonly refundNo: string;
  readonly refundRef: string | null;
  readonly amountPaisa: Paisa;
  readonly caseId: Id;
  readonly approvalId: Id;
  /** The paper that a person named. */
  readonly reference: string;
  readonly why: string;
  readonly askedBy: string;
  readonly askedAt: InstantMs;
  /** How often the gateway was asked. */
  readonly asked: number;
  readonly reason: string | null;
}

const COLUMNS = `id, order_id, recharge_id, state, refund_no, refund_ref, amount_paisa, case_id, approval_id, reference, why,
  asked_by, asked_at, asked, reason`;

/** @throws a duplicate-key error when the key was used, or a refund of this payment is under way */
export async function insertRefund(tx: Tx, refund: CheckoutRefund): Promise<void> {
  const { refundId, orderId, rechargeId, state, refundNo, amountPaisa, caseId, approvalId } = refund;
  await tx.write(
    `INSERT INTO checkout_refunds (id, order_id, recharge_id, state, refund_no, amount_paisa, case_id, approval_id,
       reference, why, asked_by, asked_at) VALUES (?)`,
    [
      [
        ...[idToBytes(refundId), idToBytes(orderId), idToBytes(rechargeId), state, refundNo, amountPaisa],
        ...[idToBytes(caseId), idToBytes(approvalId), refund.reference, refund.why, refund.askedBy],
        new Date(refund.askedAt),
      ],
    ],
  );
}

export async function findRefund(reader: Reader, refundId: Id): Promise<CheckoutRefund | undefined> {
  const [row] = await reader.read(`SELECT ${COLUMNS} FROM checkout_refunds WHERE id = ?`, [idToBytes(refundId)]);
  return row && refundOf(row);
}

/** Locks a refund until the end of the transaction. */
export async function lockRefund(tx: Tx, refundId: Id): Promise<CheckoutRefund | undefined> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM checkout_refunds WHERE id = ? FOR UPDATE`, [
    idToBytes(refundId),
  ]);
  return row && refundOf(row);
}

/** True while the gateway has not said what became of a refund of this payment. */
export async function refundIsOpen(tx: Tx, rechargeId: Id): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM checkout_refunds WHERE open_payment = ?', [idToBytes(rechargeId)]);
  return rows.length > 0;
}

/** What is written of a refund; the caller holds its lock. ASKED alone can end, and an end stands. */
export async function saveRefund(
  tx: Tx,
  before: CheckoutRefund,
  change: Partial<Pick<CheckoutRefund, 'state' | 'refundRef' | 'asked' | 'reason'>>,
  at: InstantMs,
): Promise<void> {
  if (before.state !== 'ASKED') throw new Error('a refund that has ended does not change');
  const { state, refundRef, asked, reason, refundId } = { ...before, ...change };
  await tx.write(
    'UPDATE checkout_refunds SET state = ?, refund_ref = ?, asked = ?, reason = ?, ended_at = ? WHERE id = ?',
    [
      ...[state, refundRef, Math.min(asked, 60_000), reason],
      ...[state === 'ASKED' ? null : new Date(at), idToBytes(refundId)],
    ],
  );
}

function refundOf(row: Row): CheckoutRefund {
  const id = (name: string) => idFromBytes(row[name] as Buffer);
  return {
    refundId: id('id'),
    orderId: id('order_id'),
    rechargeId: id('recharge_id'),
    state: row['state'] as RefundState,
    refundNo: row['refund_no'] as string,
    refundRef: row['refund_ref'] as string | null,
    amountPaisa: BigInt(row['amount_paisa'] as string),
    caseId: id('case_id'),
    approvalId: id('approval_id'),
    reference: row['reference'] as string,
    why: row['why'] as string,
    askedBy: row['asked_by'] as string,
    askedAt: (row['asked_at'] as Date).getTime(),
    asked: row['asked'] as number,
    reason: row['reason'] as string | null,
  };
}
