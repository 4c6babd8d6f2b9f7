/* Proves the routes of vendors' floats over HTTP on a real database: who sees them, money in with a second person and once for each key, a statement whose lines add up, and that a vendor sells what it has paid in and no more. */
import { BILLERS } from '@vend/billers';
import { newId } from '@vend/kernel';
import { chargeDialect } from '../../apps/sandbox/billers/charge.dialect';
import type { CallStep } from '../../apps/sandbox/billers/dialect';
import { ApiWorld, type Answer } from '../support/api';
import { FreshCustomers, openBillerGround, type BillerRow } from '../support/biller-ground';
import { brokenLaws } from '../support/books';
import { seedProvider } from '../support/providers';

const vendor = (code: string, prepaid = true): BillerRow => ({
  ...{ code, prepaid, profile: 'quote-charge-v1', settings: { variant: 'wasion' } },
  credentials: { appName: `${code}-app`, appPassword: 'invented float 1#a' },
});

jest.setTimeout(60_000);
let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
  // All before the first call: an api keeps what it has read of them for some seconds.
  for (const row of [
    { ...vendor('vendor-a'), lowFloatPaisa: 100_000n },
    vendor('vendor-b'),
    vendor('on-account', false),
  ]) {
    await seedProvider(world.fresh.database, world.sealingSecret, row, BILLERS['quote-charge-v1']);
  }
}, 60_000);
afterAll(() => world?.destroy());

const topUpBody = (amount: string) => ({ amount, reference: 'FT26326A1B2C', reason: 'deposit of 22 November' });
const ask = (key: string, body: object, code = 'vendor-a', who = 'accounts') =>
  world.as(who, 'POST', `/v1/vendor-floats/${code}/top-ups`, body, { 'idempotency-key': key });
const approve = (first: Answer, who = 'supervisor') =>
  world.as(who, 'POST', `/v1/approvals/${(first.body.approval as { id: string }).id}/approve`, {});
const balances = async () => {
  const { body } = await world.as('auditor', 'GET', '/v1/vendor-floats');
  return Object.fromEntries(
    (body.items as { code: string; balance: { value: string } }[]).map(({ code, balance }) => [code, balance.value]),
  );
};
const low = async () =>
  (await world.as('auditor', 'GET', '/v1/vendor-floats')).body.items.map(
    (float: { low: boolean; lowBelow: object }) => [float.low, float.lowBelow],
  );
const statementOf = (code: string, query = '') =>
  world.as('auditor', 'GET', `/v1/vendor-floats/${code}/statement${query}`);

it('lists the vendors that pay in advance, and nobody else', async () => {
  expect(await balances()).toEqual({ 'vendor-a': '0.00', 'vendor-b': '0.00' });
  expect((await statementOf('vendor-a')).body).toMatchObject({ items: [], nextCursor: null });
  expect(await low()).toEqual([
    [true, expect.objectContaining({ value: '1000.00' })],
    [false, null],
  ]);
});

/** What was asked for, approved and asked for again. */
async function topUp(code: string, amount: string): Promise<void> {
  const key = newId();
  expect((await approve(await ask(key, topUpBody(amount), code))).status).toBe(200);
  expect((await ask(key, topUpBody(amount), code)).status).toBe(201);
}

it('takes money in with a second person; the same key, also many times at once, is one entry', async () => {
  const key = newId();
  const first = await ask(key, topUpBody('5000.50'));
  expect(first.status).toBe(202);
  expect(await balances()).toMatchObject({ 'vendor-a': '0.00' });
  expect(await approve(first, 'accounts')).toMatchObject({ status: 403, body: { code: 'approval-own' } });
  expect((await approve(first)).status).toBe(200);

  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(key, topUpBody('5000.50'))));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
  expect(await ask(key, topUpBody('5000.50'))).toMatchObject({
    ...{ status: 200, body: { code: 'vendor-a', balance: { value: '5000.50' } } },
  });
  expect(await ask(key, topUpBody('6000'))).toMatchObject({ status: 409, body: { code: 'approval-differs' } });
  expect(await balances()).toEqual({ 'vendor-a': '5000.50', 'vendor-b': '0.00' });
  expect(((await low()) as [boolean][]).map(([is]) => is)).toEqual([false, false]);
  const trail = await world.fresh.admin.read(
    `SELECT actor FROM audit_events WHERE action = 'float-topped-up' AND subject = 'vendor-float:vendor-a'`,
  );
  expect(trail).toEqual([{ actor: 'user:accounts' }]);
});

it('shows a statement page by page, each line with the balance after it', async () => {
  for (const amount of ['100.00', '20.00', '3.00']) await topUp('vendor-b', amount);
  const seen: [string, string, string, string][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body } = await statementOf(
      'vendor-b',
      `?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    expect(status).toBe(200);
    for (const { entry, against, amount, balance } of body.items) {
      seen.push([entry as string, against as string, amount.value as string, balance.value as string]);
    }
    cursor = body.nextCursor as string | null;
  }
  expect(seen).toEqual([
    ['float-top-up', 'bank:settlement', '100.00', '100.00'],
    ['float-top-up', 'bank:settlement', '20.00', '120.00'],
    ['float-top-up', 'bank:settlement', '3.00', '123.00'],
  ]);
  expect((await statementOf('vendor-b', '?from=2099-01-01')).body).toMatchObject({
    ...{ opening: { value: '123.00' }, items: [] },
  });
});

it('a vendor sells what it has paid in and no more: above it nothing is booked, and the customer may have the money back', async () => {
  const row = vendor('vendor-b');
  const ground = openBillerGround(world, await FreshCustomers.of(world), row);
  const dialect = chargeDialect(row);
  const { customerNo: reference } = ground.meter();
  const charge = async () => {
    let payment = {
      ...{ trxId: 'F1', reference, amount: '3000', payerMobile: '01700000000', at: Date.now() },
      carried: {} as Readonly<Record<string, string>>,
    };
    const heard: (string | null)[] = [];
    for (const step of ['login', 'inquiry', 'pay', 'status'] satisfies CallStep[]) {
      const said = dialect.hear(step, await ground.send(dialect.call(step, payment)));
      payment = { ...payment, carried: { ...payment.carried, ...said.carried } };
      heard.push(`${step} ${said.meaning}`);
    }
    return { heard, float: payment.carried['balance'] };
  };
  const before = await world.footprint();
  const refused = ['login done', 'inquiry done', 'pay refused', 'status refused'];
  expect(await charge()).toEqual({ heard: refused, float: '123.00' });
  expect(await world.footprint()).toBe(before);
  await topUp('vendor-b', '5000');
  const done = ['login done', 'inquiry done', 'pay done', 'status done'];
  expect(await charge()).toEqual({ heard: done, float: '5123.00' });
  expect(await balances()).toMatchObject({ 'vendor-b': '2123.00' });
  const { body } = await statementOf('vendor-b');
  expect(body.items.at(-1)).toMatchObject({ entry: 'vend', balance: { value: '2123.00' } });
});

it('refuses each wrong call with its code, and books nothing', async () => {
  const before = await balances();
  const wrong: [Promise<Answer>, number, string][] = [
    [world.as('clerk', 'GET', '/v1/vendor-floats'), 403, 'role-not-allowed'],
    [world.as('clerk', 'GET', '/v1/vendor-floats/vendor-a/statement'), 403, 'role-not-allowed'],
    [ask(newId(), topUpBody('100'), 'vendor-a', 'administrator'), 403, 'role-not-allowed'],
    [ask(newId(), topUpBody('100'), 'vendor-a', 'supervisor'), 403, 'role-not-allowed'],
    [ask(newId(), topUpBody('100'), 'on-account'), 404, 'float-not-found'],
    [ask(newId(), topUpBody('100'), 'nobody'), 404, 'float-not-found'],
    [statementOf('on-account'), 404, 'float-not-found'],
    [statementOf('vendor-a', '?cursor=x'), 400, 'field-invalid'],
    [statementOf('vendor-a', '?from=2026-13-40'), 400, 'field-invalid'],
    [ask(newId(), topUpBody('0')), 422, 'amount-not-positive'],
    [ask(newId(), topUpBody('1.005')), 400, 'amount-too-many-decimals'],
    [ask(newId(), topUpBody('1000000000.01')), 422, 'above-maximum-recharge'],
    [ask('x', topUpBody('100')), 400, 'idempotency-key-malformed'],
  ];
  for (const [answer, status, code] of wrong) {
    const { status: got, body } = await answer;
    expect([code, got, body.code]).toEqual([code, status, code]);
  }
  expect(await balances()).toEqual(before);
  expect(await brokenLaws(world.fresh.admin)).toEqual([]);
});
