/* Proves over HTTP on a real database and token server that an administrator's limit holds at the counter and at a provider, is on record with who set it, and is nobody else's to set. */
import { newId } from '@vend/kernel';
import { ApiWorld } from '../../../test/support/api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const REASON = 'Order 14/2026 of the regional office';
const set = (body: object, who = 'administrator') => world.as(who, 'POST', '/v1/limits', { reason: REASON, ...body });

async function recharge(customerNo: string, amount: string) {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: customerNo });
  const meterNo = found.body.items[0].meterNo as string;
  const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount });
  return world.as('clerk', 'POST', '/v1/recharges', { quoteId: quote.body.quoteId }, { 'idempotency-key': newId() });
}

it('holds from when it is set, and is lifted again', async () => {
  expect(await set({ scope: 'transaction', channel: 'counter', amount: '2000.00' })).toMatchObject({
    status: 201,
    body: { scope: 'transaction', channel: 'counter', amount: { value: '2000.00' }, setBy: 'user:administrator' },
  });
  const before = await world.footprint();
  expect(await recharge('61000001', '2500.00')).toMatchObject({
    status: 422,
    body: { code: 'limit-exceeded', limit: 'transaction', limitTaka: '2000.00', leftTaka: '2000.00' },
  });
  expect(await world.footprint()).toBe(before);
  expect(await set({ scope: 'transaction', channel: 'counter' })).toMatchObject({
    status: 201,
    body: { amount: null },
  });
  expect(await recharge('61000001', '2500.00')).toMatchObject({ status: 201 });
});

it('refuses a provider without taking anything', async () => {
  expect(await set({ scope: 'meter-day', channel: 'mobile-money', amount: '1000.00' })).toMatchObject({ status: 201 });
  const pay = (transactionId: string) =>
    world.signed('/v1/biller/pay', { reference: '61000002', amount: '700', transactionId });
  expect(await pay('LIMIT-1')).toMatchObject({ status: 200, body: { status: 'vended' } });
  expect(await pay('LIMIT-2')).toMatchObject({ status: 422, body: { code: 'limit-exceeded', leftTaka: '300.00' } });
  expect(await pay('LIMIT-1')).toMatchObject({ status: 200, body: { status: 'vended' } });
});

it('stays on record: what it was, who set it and why', async () => {
  const list = await world.as('auditor', 'GET', '/v1/limits');
  // The migration has set those of packs.
  const set = list.body.items.filter(({ setBy }: { setBy: string }) => setBy.startsWith('user:'));
  expect(set.map((one: { scope: string; amount: unknown }) => [one.scope, one.amount])).toEqual([
    ['meter-day', { value: '1000.00', currency: 'BDT' }],
    ['transaction', null],
    ['transaction', { value: '2000.00', currency: 'BDT' }],
  ]);
  const trail = await world.fresh.admin.read<{ actor: string; became: object }>(
    `SELECT actor, became FROM audit_events WHERE action = 'limit-set' ORDER BY id`,
  );
  expect(trail).toHaveLength(3);
  expect(trail[0]).toMatchObject({ actor: 'user:administrator', became: { reason: REASON, limitTaka: '2000.00' } });
});

it.each<[object, string, number, string]>([
  [{ scope: 'transaction', amount: '10.00' }, 'supervisor', 403, 'role-not-allowed'],
  [{ scope: 'hour', amount: '10.00' }, 'administrator', 400, 'field-invalid'],
  [{ scope: 'person-day', channel: 'counter', amount: '10.00' }, 'administrator', 400, 'field-invalid'],
  [{ scope: 'transaction', amount: '0' }, 'administrator', 422, 'amount-not-positive'],
  [{ scope: 'transaction', effectiveFrom: '2020-01-01T00:00:00+06:00' }, 'administrator', 400, 'field-invalid'],
])('%j by the %s is refused', async (body, who, status, code) => {
  expect(await set(body, who)).toMatchObject({ status, body: { code } });
});

it('holds what may be given away, and says what is in force', async () => {
  const url = '/v1/limits/free-issues';
  const body = { scope: 'person', issuesAMonth: 3, valueAMonth: '1500.00', reason: REASON };
  expect(await world.as('administrator', 'POST', url, body)).toMatchObject({
    status: 201,
    body: { scope: 'person', issuesAMonth: 3, valueAMonth: { value: '1500.00' } },
  });
  expect(await world.as('administrator', 'POST', url, { ...body, issuesAMonth: -1 })).toMatchObject({ status: 400 });
  expect(await world.as('clerk', 'POST', url, body)).toMatchObject({ status: 403 });
  const { items } = (await world.as('auditor', 'GET', url)).body;
  expect(items).toEqual([
    { scope: 'person', issuesAMonth: 3, valueAMonth: { value: '1500.00', currency: 'BDT' } },
    { scope: 'meter', issuesAMonth: 2, valueAMonth: { value: '2000.00', currency: 'BDT' } },
  ]);
});
