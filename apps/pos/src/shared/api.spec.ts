/* Proves that a call is announced each time that it leaves, also the second time, after a session that had to be renewed; against a network that answers from a list. */
import { callApi } from './api';

const answer = (status: number, body: object) => new Response(JSON.stringify(body), { status });
const over = () =>
  answer(401, { code: 'session-expired', titleBn: 'শেষ', title: 'Over', status: 401, retryable: false });

/** What left, in order; each request gets the next answer, and none when the list is empty. */
async function left(answers: readonly Response[]) {
  const order: string[] = [];
  const rest = [...answers];
  const network = jest.spyOn(globalThis, 'fetch').mockImplementation((path) => {
    order.push(path as string);
    const next = rest.shift();
    return next ? Promise.resolve(next) : Promise.reject(new TypeError('no network'));
  });
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  try {
    const outcome = await callApi({ path: '/v1/recharges', body: {}, onSend: () => order.push('leaves') });
    return { order, outcome };
  } finally {
    network.mockRestore();
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}

it('announces a call once that is answered', async () => {
  expect((await left([answer(201, { rechargeId: 'r' })])).order).toEqual(['leaves', '/v1/recharges']);
});

it('announces it again when it leaves again, and takes a lost second call for lost', async () => {
  expect(await left([over(), answer(200, {})])).toEqual({
    outcome: { kind: 'lost' },
    order: ['leaves', '/v1/recharges', '/v1/page-sessions/refresh', 'leaves', '/v1/recharges'],
  });
});
