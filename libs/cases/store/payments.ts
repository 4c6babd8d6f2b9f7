import { idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { PaymentState } from '@vend/vending';

/** What the books say of a payment. */
export interface PaymentFacts {
  readonly rechargeId: Id;
  readonly state: PaymentState;
  readonly source: string;
  readonly amountPaisa: Paisa;
  readonly refusalCode: string | null;
}

interface FactsRow extends Row {
  state: PaymentState;
  source: string;
  gross_paisa: string;
  refusal_code: string | null;
}

/** The payment of an id, locked; undefined when the id is of something else. */
export async function lockPaymentFacts(tx: Tx, rechargeId: Id): Promise<PaymentFacts | undefined> {
  const [row] = await tx.query<FactsRow>(
    'SELECT state, source, gross_paisa, refusal_code FROM recharges WHERE id = ? FOR UPDATE',
    [idToBytes(rechargeId)],
  );
  return (
    row && {
      rechargeId,
      state: row.state,
      source: row.source,
      amountPaisa: BigInt(row.gross_paisa),
      refusalCode: row.refusal_code,
    }
  );
}

/** The case that an event is in. */
export async function findInboxCase(tx: Tx, inboxId: Id): Promise<Id | undefined> {
  const [row] = await tx.query<{ case_id: Buffer }>('SELECT case_id FROM case_inbox WHERE inbox_id = ?', [
    idToBytes(inboxId),
  ]);
  return row && idFromBytes(row.case_id);
}

/** Puts an event into a case. @throws a duplicate-key error when it is in one */
export async function insertInboxCase(tx: Tx, inboxId: Id, caseId: Id): Promise<void> {
  await tx.write('INSERT INTO case_inbox (inbox_id, case_id) VALUES (?)', [[idToBytes(inboxId), idToBytes(caseId)]]);
}

/** A payment taken up for a meter. */
export interface PaymentMove {
  /** The request's key. */
  readonly key: Id;
  readonly rechargeId: Id;
  readonly fromMeterId: Id | null;
  readonly toMeterId: Id;
  readonly caseId: Id;
  /** null when the meter is the one that the payment was for. */
  readonly approvalId: Id | null;
  readonly reason: string;
  readonly by: string;
  readonly at: InstantMs;
}

/** @throws a duplicate-key error when this key has moved a payment */
export async function insertMove(tx: Tx, move: PaymentMove): Promise<void> {
  const { key, rechargeId, fromMeterId, toMeterId, caseId, approvalId, reason, by, at } = move;
  await tx.write(
    `INSERT INTO payment_moves (id, recharge_id, from_meter_id, to_meter_id, case_id, approval_id, reason, moved_by,
       moved_at) VALUES (?)`,
    [
      [
        ...[idToBytes(key), idToBytes(rechargeId), fromMeterId && idToBytes(fromMeterId), idToBytes(toMeterId)],
        ...[idToBytes(caseId), approvalId && idToBytes(approvalId), reason, by, new Date(at)],
      ],
    ],
  );
}

/** What this key moved. */
export async function findMove(
  reader: Reader,
  key: Id,
): Promise<Pick<PaymentMove, 'rechargeId' | 'toMeterId'> | undefined> {
  const [row] = await reader.read<{ recharge_id: Buffer; to_meter_id: Buffer }>(
    'SELECT recharge_id, to_meter_id FROM payment_moves WHERE id = ?',
    [idToBytes(key)],
  );
  return row && { rechargeId: idFromBytes(row.recharge_id), toMeterId: idFromBytes(row.to_meter_id) };
}

/** A payment that was paid back. */
export interface PaymentRefund {
  readonly rechargeId: Id;
  readonly key: Id;
  readonly caseId: Id;
  readonly approvalId: Id;
  /**
   * The ledger account that paid: of cash the safe or the drawer. Cash of an agent is `cash:<its station>`, although the
   * books give it to the agent's float: settlement reads here whether the provider has the money back.
   */
  readonly paidFrom: string;
  /** The number of the cash voucher, or of the provider's reversal. */
  readonly reference: string;
  readonly amountPaisa: Paisa;
  readonly reason: string;
  readonly by: string;
  readonly at: InstantMs;
}

/** @throws a duplicate-key error when the payment was paid back, or the key was used */
export async function insertRefund(tx: Tx, refund: PaymentRefund): Promise<void> {
  const { rechargeId, key, caseId, approvalId, paidFrom, reference, amountPaisa, reason, by, at } = refund;
  await tx.write(
    `INSERT INTO payment_refunds (recharge_id, request_id, case_id, approval_id, paid_from, reference, amount_paisa,
       reason, paid_by, paid_at) VALUES (?)`,
    [
      [
        ...[idToBytes(rechargeId), idToBytes(key), idToBytes(caseId), idToBytes(approvalId), paidFrom, reference],
        ...[amountPaisa, reason, by, new Date(at)],
      ],
    ],
  );
}

/** How this key paid a payment back. */
export async function findRefund(
  reader: Reader,
  key: Id,
): Promise<Pick<PaymentRefund, 'rechargeId' | 'paidFrom' | 'reference'> | undefined> {
  const [row] = await reader.read<{ recharge_id: Buffer; paid_from: string; reference: string }>(
    'SELECT recharge_id, paid_from, reference FROM payment_refunds WHERE request_id = ?',
    [idToBytes(key)],
  );
  return row && { rechargeId: idFromBytes(row.recharge_id), paidFrom: row.paid_from, reference: row.reference };
}
