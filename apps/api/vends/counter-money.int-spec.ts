/* Proves over HTTP on a real database and token server that fees, arrears and deposits are taken once under their key, twenty at once too, that a second person stands before what needs one, and that each refusal leaves no trace. */
import { newId } from '@vend/kernel';
import { brokenLaws } from '../../../test/support/books';
import { ApiWorld } from '../../../test/support/api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterEach(async () => expect(await brokenLaws(world.fresh.admin)).toEqual([]));
afterAll(() => world?.destroy());

async function meterNo(customerNo: string): Promise<string> {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: customerNo });
  return found.body.items[0].meterNo as string;
}
const post = (who: string, url: string, body: object, key = newId()) =>
  world.as(who, 'POST', url, body, { 'idempotency-key': key });
const approve = (who: string, id: string) => world.as(who, 'POST', `/v1/approvals/${id}/approve`, {});

/** Asks, lets a second person approve, and asks again twenty times at once. */
async function withSecond(who: string, second: string, url: string, body: object) {
  const key = newId();
  const before = await world.footprint();
  const asked = await post(who, url, body, key);
  expect(asked).toMatchObject({ status: 202, body: { approval: { state: 'PENDING' } } });
  expect(await world.footprint()).toBe(before);
  expect(await approve(who, asked.body.approval.id as string)).toMatchObject({ status: expect.any(Number) as number });
  expect(await post(who, url, body, key)).toMatchObject({ status: 202 });
  expect(await approve(second, asked.body.approval.id as string)).toMatchObject({ status: 200 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(who, url, body, key)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
  return answers.find(({ status }) => status === 201)!.body;
}

/** Debit less credit of every account, in paisa. */
async function balances(): Promise<Record<string, bigint>> {
  const rows = await world.fresh.admin.read<{ code: string; net: string }>(
    `SELECT a.code, b.debit_paisa - b.credit_paisa AS net FROM ledger_balances b JOIN ledger_accounts a ON a.id = b.account_id`,
  );
  return Object.fromEntries(rows.map(({ code, net }) => [code, BigInt(net)]));
}

it('shows the fees of a connection and takes one, once', async () => {
  const meter = await meterNo('61000001');
  const list = await world.as('clerk', 'GET', `/v1/meters/${meter}/fees`);
  const fee = list.body.items.find((one: { fee: string }) => one.fee === 'meter-test');
  expect(fee).toEqual({ fee: 'meter-test', net: '200.00', vat: '30.00', amount: { value: '230.00', currency: 'BDT' } });
  const key = newId();
  const body = { meterNo: meter, fee: 'meter-test', amount: '230.00' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('clerk', '/v1/fees', body, key)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
  expect(answers[0]!.body).toMatchObject({ kind: 'fee', fee: '200.00', vat: '30.00', tokens: [] });
  expect(await post('clerk', '/v1/fees', { ...body, amount: '200.00' })).toMatchObject({
    status: 409,
    body: { code: 'fee-changed', feeTaka: '230.00' },
  });
  expect(await post('clerk', '/v1/fees', { ...body, amount: '231.00' }, key)).toMatchObject({
    status: 409,
    body: { code: 'transaction-conflict' },
  });
});

it('brings arrears over with a plan, takes a payment, and writes the rest off', async () => {
  const meter = await meterNo('61000002');
  const debt = {
    ...{ amount: '900.00', plan: 'percent', percentBp: '2000', capBp: '5000' },
    ...{ paper: 'B-2091/2026', reason: 'Unpaid bill of the post-paid meter' },
  };
  const imported = await withSecond('accounts', 'supervisor', `/v1/meters/${meter}/arrears`, debt);
  expect(imported).toMatchObject({ meterNo: meter, owed: { value: '900.00' } });
  const paid = await post('clerk', '/v1/arrears-payments', { meterNo: meter, amount: '500.00' });
  expect(paid).toMatchObject({
    status: 201,
    body: { kind: 'arrears-payment', arrearsPaid: '500.00', arrearsLeft: '400.00', vat: '0.00', tokens: [] },
  });
  const before = await world.footprint();
  expect(await post('clerk', '/v1/arrears-payments', { meterNo: meter, amount: '400.01' })).toMatchObject({
    status: 422,
    body: { code: 'arrears-less', owedTaka: '400.00' },
  });
  expect(await world.footprint()).toBe(before);
  const refused = await post('accounts', `/v1/meters/${meter}/arrears/write-off`, { amount: '1.00' });
  expect(refused).toMatchObject({ status: 400, body: { code: 'field-invalid' } });
  expect(
    await post('clerk', `/v1/meters/${meter}/arrears/write-off`, { amount: '1.00', reason: 'House washed away' }),
  ).toMatchObject({ status: 403 });
});

it('writes off what nobody will pay, when another of accounts agrees: one entry, and no more is owed than is left', async () => {
  const meter = await meterNo('61000005');
  const debt = { amount: '900.00', plan: 'none', paper: 'B-2092/2026', reason: 'Unpaid bill of the post-paid meter' };
  await withSecond('accounts', 'supervisor', `/v1/meters/${meter}/arrears`, debt);
  const before = await balances();
  const url = `/v1/meters/${meter}/arrears/write-off`;
  const body = { amount: '600.00', reason: 'House washed away, order 31/2026' };
  const done = await withSecond('accounts', 'other-accounts', url, body);
  expect(done).toEqual({
    ...{ meterNo: meter, amount: { value: '600.00', currency: 'BDT' } },
    owed: { value: '300.00', currency: 'BDT' },
  });
  const after = await balances();
  const changed = Object.keys(after).filter((code) => after[code] !== (before[code] ?? 0n));
  expect(changed.map((code) => [code, after[code]! - (before[code] ?? 0n)]).sort()).toEqual([
    ['customer-arrears', -60_000n],
    ['write-offs', 60_000n],
  ]);
  const entries = await world.fresh.admin.read(
    `SELECT COUNT(*) AS n FROM ledger_entries e WHERE e.template = 'write-off'`,
  );
  expect(Number(entries[0]!['n'])).toBe(1);
  const trail = await world.fresh.admin.read(
    `SELECT actor FROM audit_events WHERE action = 'arrears-written-off' AND subject = ?`,
    [`meter:${meter}`],
  );
  expect(trail).toEqual([{ actor: 'user:accounts' }]);
  // What was written off is not taken from the next recharge, nor at the counter.
  expect(await post('clerk', '/v1/arrears-payments', { meterNo: meter, amount: '300.01' })).toMatchObject({
    status: 422,
    body: { code: 'arrears-less', owedTaka: '300.00' },
  });
  expect(await post('accounts', url, { ...body, amount: '300.01' })).toMatchObject({ status: 202 });
});

it('gives a deposit back as credit, once, with a second person', async () => {
  const meter = await meterNo('61000003');
  const deposit = { amount: '800.00', paper: 'D-1177/2009', reason: 'Post-paid meter taken off' };
  const held = await withSecond('accounts', 'supervisor', `/v1/meters/${meter}/deposits`, deposit);
  expect(held).toEqual({ meterNo: meter, amount: { value: '800.00', currency: 'BDT' }, paper: 'D-1177/2009' });
  const body = { meterNo: meter, amount: '800.00', paper: 'D-1177/2009', reason: 'Prepaid meter installed' };
  const given = await withSecond('clerk', 'supervisor', '/v1/deposit-credits', body);
  expect(given).toMatchObject({ kind: 'deposit-credit', deposit: '800.00', vat: '0.00', amount: { value: '0.00' } });
  expect(given.tokens).toHaveLength(1);
  expect(world.logged).not.toContain(given.tokens[0].digits);
  // With another key and another yes it is still the same deposit.
  const refusal = async (who: string, url: string, changed: object) => {
    const headers = { 'idempotency-key': newId() };
    const asked = await world.as(who, 'POST', url, changed, headers);
    expect(asked.status).toBe(202);
    await world.as('supervisor', 'POST', `/v1/approvals/${asked.body.approval.id}/approve`, {});
    const { status, body: problem } = await world.as(who, 'POST', url, changed, headers);
    return `${status} ${problem.code}`;
  };
  expect(await refusal('clerk', '/v1/deposit-credits', body)).toBe('409 deposit-returned');
  expect(await refusal('clerk', '/v1/deposit-credits', { ...body, paper: 'D-1178/2009' })).toBe('422 deposit-not-held');
  expect(await refusal('accounts', `/v1/meters/${meter}/deposits`, deposit)).toBe('409 deposit-known');
});

it.each<[string, object, number, string]>([
  ['plan', { plan: 'percent', percentBp: '2000' }, 400, 'field-invalid'],
  ['month', { plan: 'instalment', monthly: '100.00', firstMonth: '2026-13', capBp: '5000' }, 400, 'field-invalid'],
  ['share', { plan: 'percent', percentBp: '20000', capBp: '5000' }, 400, 'field-invalid'],
])('refuses arrears with an impossible %s', async (_, terms, status, code) => {
  const body = { amount: '900.00', reason: 'Unpaid bill', ...terms };
  const url = `/v1/meters/${await meterNo('61000004')}/arrears`;
  expect(await post('accounts', url, { ...body, paper: 'B-12' })).toMatchObject({ status, body: { code } });
});
