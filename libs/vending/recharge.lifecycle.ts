import type { RechargeRecord } from './recharge';

export type PaymentState = RechargeRecord['state'];

/**
 * The life of a payment. A payment whose token could be made at once is born APPLIED; one whose money is in but
 * whose token is still to come waits in RECEIVED, owned by an outbox row; one that can never be vended is owed
 * back; so is one whose vend is cancelled. Money owed back waits again when a person has found the meter that it was
 * meant for, or goes back to the payer. Half-done work is repeated whole: a RECEIVED payment met again is vended, never paid again.
 */
export const PAYMENT_MOVES: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  RECEIVED: ['APPLIED', 'REFUND_DUE'],
  APPLIED: ['REFUND_DUE'],
  REFUND_DUE: ['RECEIVED', 'REFUNDED'],
  REFUNDED: [],
};

/** Refuses a move that the table does not have. @throws {Error} always a programming error */
export function assertMove(from: PaymentState, to: PaymentState): void {
  if (!PAYMENT_MOVES[from].includes(to)) throw new Error(`a payment cannot go from ${from} to ${to}`);
}
