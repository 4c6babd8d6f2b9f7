/* Proves what an answer means for something that must be done once (done, waiting for a second person, refused for good or not, unknown), and that an order survives a reload for its own person alone, by every kind of answer and a storage in memory. */
import type { Problem } from '../../shared/answers';
import { forgetOrder, keepOrder, keptOrders, mayBeDone, onItsWay, standingOf, type Order } from './order';

const problem = (code: string): Problem => ({ code, status: 409, title: 'No', titleBn: 'না', retryable: false });
const refused = (code: string) => ({ kind: 'refused', problem: problem(code) }) as const;

it('knows what was done from what waits', () => {
  expect(standingOf({ kind: 'answer', status: 201, body: { receiptNo: 'A' } }, false)).toMatchObject({ at: 'done' });
  expect(standingOf({ kind: 'answer', status: 200, body: { receiptNo: 'A' } }, true)).toMatchObject({ at: 'done' });
  expect(standingOf({ kind: 'answer', status: 202, body: { approval: { id: 'x', state: 'PENDING' } } }, false)).toEqual(
    { at: 'waiting', approvalId: 'x' },
  );
  // An SMS that was queued is accepted too, and waits for nobody.
  expect(standingOf({ kind: 'answer', status: 202, body: { receiptNo: 'A' } }, false)).toMatchObject({ at: 'done' });
});

it.each([
  ['meter-closed', false, true],
  // An earlier call may have done it: this refusal does not say.
  ['meter-closed', true, false],
  ['approval-refused', true, true],
  ['session-expired', false, false],
])('takes %s, sent before: %s, for the last word: %s', (code, sentBefore, final) => {
  expect(standingOf(refused(code), sentBefore)).toMatchObject({ at: 'refused', final });
});

it.each(['outcome-unknown', 'database-unavailable', 'internal-error'])('takes %s for no answer', (code) => {
  expect(standingOf(refused(code), false)).toEqual({ at: 'lost' });
});

it('keeps orders for their person, the oldest first, until they are forgotten', () => {
  const storage = memory();
  const order = (key: string, by: string, at: number): Order => ({
    ...{ key, by, at, work: 'clear-tamper', about: '600100000000000019' },
    ...{ path: '/v1/vends/engineering', body: {} },
  });
  keepOrder(order('b', 'rahima', 2), storage);
  keepOrder(order('a', 'rahima', 1), storage);
  keepOrder(order('c', 'selim', 0), storage);
  storage.setItem('vend.order.broken', '{"key":');
  storage.setItem('vend.sale.x', '{}');
  expect(keptOrders('rahima', storage).map(({ key }) => key)).toEqual(['a', 'b']);
  forgetOrder('a', storage);
  expect(keptOrders('rahima', storage).map(({ key }) => key)).toEqual(['b']);
});

it('does not take an approved order that was sent and never answered for one that only waits, after a reload', () => {
  const storage = memory();
  const order: Order = {
    ...{ key: 'k', by: 'rahima', at: 1, work: 'write-off', about: '600100000000000019' },
    ...{ path: '/v1/meters/600100000000000019/arrears/write-off', body: { amount: '5.00' } },
  };
  const waiting = { ...order, approvalId: 'x' };
  expect([order, waiting].map(mayBeDone)).toEqual([true, false]);
  keepOrder(onItsWay(waiting), storage);
  const [reloaded] = keptOrders('rahima', storage);
  expect(reloaded).toMatchObject(waiting);
  expect(mayBeDone(reloaded!)).toBe(true);
  expect(standingOf(refused('debt-too-small'), mayBeDone(reloaded!))).toMatchObject({ at: 'refused', final: false });
  expect(onItsWay(order)).toEqual(order);
});

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}
