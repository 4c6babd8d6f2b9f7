import type { PaymentState } from '@vend/vending';

/**
 * The life of an order. What a gateway's messages say never moves it: only what the gateway answers when it is asked.
 * CREATED: ours alone, nobody was sent to the gateway. STARTED: the payer may pay. FAILED, CANCELLED and EXPIRED: not
 * paid, as far as the gateway knew; gateways change their minds, so that each may still become PAID, and the payer has
 * the energy late rather than never. PAID: the gateway has the money. HELD: it has, and a person must look first.
 *
 * From PAID and HELD nothing leads back: what becomes of the money from there on is the life of the payment
 * (`recharges.state`), and is read from there (`standingOf`), not kept twice.
 */
export const ORDER_MOVES = {
  CREATED: ['STARTED', 'PAID', 'HELD', 'FAILED', 'CANCELLED', 'EXPIRED'],
  STARTED: ['PAID', 'HELD', 'FAILED', 'CANCELLED', 'EXPIRED'],
  PAID: [],
  HELD: [],
  FAILED: ['PAID', 'HELD'],
  CANCELLED: ['PAID', 'HELD'],
  EXPIRED: ['PAID', 'HELD'],
} as const satisfies Record<string, readonly string[]>;

export type OrderState = keyof typeof ORDER_MOVES;

/** True when the table has the move. @example mayMove('PAID', 'FAILED') // false */
export function mayMove(from: OrderState, to: OrderState): boolean {
  return (ORDER_MOVES[from] as readonly OrderState[]).includes(to);
}

/** Refuses a move that the table does not have. @throws {Error} always a programming error */
export function assertOrderMove(from: OrderState, to: OrderState): void {
  if (!mayMove(from, to)) throw new Error(`an order cannot go from ${from} to ${to}`);
}

/** What an order is to its payer: its own state until it is paid, then its payment's. */
export type OrderStanding = OrderState | 'VENDED' | 'REFUND_DUE' | 'REFUNDED';

/**
 * @param payment the state of the order's payment; null while none is booked
 * @example standingOf('HELD', 'APPLIED') // 'VENDED': a person has released it
 */
export function standingOf(order: OrderState, payment: PaymentState | null): OrderStanding {
  switch (payment) {
    case null:
    case 'RECEIVED':
      return payment === 'RECEIVED' ? 'PAID' : order;
    case 'APPLIED':
      return 'VENDED';
    case 'REFUND_DUE':
      return order === 'HELD' ? 'HELD' : 'REFUND_DUE';
    case 'REFUNDED':
      return 'REFUNDED';
  }
}
