/* Proves that an order moves as the table says and no other way, and what its payer is told of it once its payment lives. */
import { assertOrderMove, mayMove, ORDER_MOVES, standingOf, type OrderState } from './order.lifecycle';

const STATES = Object.keys(ORDER_MOVES) as OrderState[];

it('every move that is not in the table is refused', () => {
  for (const from of STATES) {
    for (const to of STATES) {
      const allowed = (ORDER_MOVES[from] as readonly string[]).includes(to);
      expect([from, to, mayMove(from, to)]).toEqual([from, to, allowed]);
      if (allowed) assertOrderMove(from, to);
      else expect(() => assertOrderMove(from, to)).toThrow(`an order cannot go from ${from} to ${to}`);
    }
  }
});

it('whatever is not paid may become so, and what is paid stays so', () => {
  for (const from of STATES) {
    const over = from === 'PAID' || from === 'HELD';
    expect([from, mayMove(from, 'PAID'), mayMove(from, 'HELD')]).toEqual([from, !over, !over]);
    if (over) expect(ORDER_MOVES[from]).toEqual([]);
  }
});

it.each([
  ['STARTED', null, 'STARTED'],
  ['PAID', null, 'PAID'],
  ['PAID', 'RECEIVED', 'PAID'],
  ['PAID', 'APPLIED', 'VENDED'],
  ['PAID', 'REFUND_DUE', 'REFUND_DUE'],
  ['HELD', 'REFUND_DUE', 'HELD'],
  ['HELD', 'RECEIVED', 'PAID'],
  ['HELD', 'APPLIED', 'VENDED'],
  ['HELD', 'REFUNDED', 'REFUNDED'],
] as const)('an order that is %s, with a payment that is %s, stands as %s', (order, payment, standing) => {
  expect(standingOf(order, payment)).toBe(standing);
});
