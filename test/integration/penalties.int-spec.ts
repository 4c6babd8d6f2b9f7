/*
 * Proves over HTTP, on a real database and token server, that a paper becomes a line of the meter's next recharge once,
 * with two people, named on quote and receipt; that it can be withdrawn until then and not after; and that nothing is
 * booked before it is collected. The books' laws hold at the end of each.
 */
import { idToBytes, newId, type Id } from '@vend/kernel';
import { LedgerService } from '@vend/ledger';
import { PriceBooks } from '@vend/pricebook';
import { VendCancellation } from '@vend/vending';
import { ApiWorld, type Answer } from '../support/api';
import { brokenLaws } from '../support/books';

jest.setTimeout(60_000);
let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
  for (const who of ['clerk', 'supervisor', 'accounts', 'auditor']) await world.as(who, 'GET', '/v1/cases');
  await world.fresh.admin.transaction(async (tx) => {
    await tx.write(`UPDATE customers SET office = 'Rajshahi' WHERE customer_no < '61000100'`);
    await tx.write(`UPDATE connections n JOIN customers c ON c.id = n.customer_id SET n.phase = 3, n.tariff_class = 'LT-A'
      WHERE c.customer_no = '61000009'`);
  });
}, 120_000);
afterAll(() => world?.destroy());
afterEach(async () => {
  expect(await brokenLaws(world.fresh.admin)).toEqual([]);
});

let papers = 0;
const paper = (over: object = {}) => ({
  ...{ kind: 'tampering', noticeNo: `RAJ/2026/${String(++papers).padStart(4, '0')}`, noticeDate: '2026-11-20' },
  ...{ amount: '300.00', reason: 'seal broken at the inspection', ...over },
});
async function meterOf(customerNo: string): Promise<string> {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: customerNo });
  return found.body.items[0].meterNo as string;
}
const post = (who: string, url: string, body: object, key: string = newId()): Promise<Answer> =>
  world.as(who, 'POST', url, body, { 'idempotency-key': key });
const list = async (meterNo: string) =>
  (await world.as('auditor', 'GET', `/v1/meters/${meterNo}/penalties`)).body.items;
/** Asks, has a second person approve, and gives back how to ask again. */
async function approved(url: string, body: object): Promise<() => Promise<Answer>> {
  const key = newId();
  const ask = () => post('supervisor', url, body, key);
  const first = await ask();
  expect(first).toMatchObject({ status: 202 });
  const approval = `/v1/approvals/${first.body.approval.id}/approve`;
  expect(await world.as('supervisor', 'POST', approval, {})).toMatchObject({
    status: 403,
    body: { code: 'approval-own' },
  });
  expect(await world.as('accounts', 'POST', approval, {})).toMatchObject({ status: 200 });
  return ask;
}
const enter = async (meterNo: string, body: object): Promise<Answer> =>
  (await approved(`/v1/meters/${meterNo}/penalties`, body))();
async function dueOf(meterNo: string): Promise<{ pfc: string; penalty: string }> {
  const [row] = await world.fresh.admin.read<{ pfc: string; penalty: string }>(
    `SELECT s.pfc_due_paisa AS pfc, s.penalty_due_paisa AS penalty FROM meter_states s JOIN meters m ON m.id = s.meter_id
     WHERE m.pan = ?`,
    [meterNo],
  );
  return row!;
}
async function sell(meterNo: string, amount = '3000.00'): Promise<{ quote: Answer; recharge: Answer }> {
  const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount });
  expect(quote.status).toBe(201);
  return { quote, recharge: await post('clerk', '/v1/recharges', { quoteId: quote.body.quoteId }) };
}
const lineOf = (answer: Answer, code: string) =>
  (answer.body.lines as { code: string; amount: string; papers: string[] }[]).find((line) => line.code === code);

it('is a line of the next recharge, once, with the paper on quote and receipt, and no entry before', async () => {
  const meterNo = await meterOf('61000001');
  const body = paper();
  const before = await world.footprint();
  const ask = await approved(`/v1/meters/${meterNo}/penalties`, body);
  const answers = await Promise.all(Array.from({ length: 6 }, ask));
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await dueOf(meterNo)).toEqual({ pfc: '0', penalty: '30000' });
  expect(await world.footprint()).toBe(before);

  const { quote, recharge } = await sell(meterNo);
  expect(lineOf(quote, 'penalty')).toMatchObject({ amount: '300.00', papers: [body.noticeNo] });
  expect(lineOf(recharge, 'penalty')).toMatchObject({ amount: '300.00', papers: [body.noticeNo] });
  expect(lineOf(recharge, 'vat')).toMatchObject({ papers: [] });
  expect(await list(meterNo)).toMatchObject([
    { state: 'collected', noticeNo: body.noticeNo, amount: { value: '300.00' } },
  ]);
  expect(await dueOf(meterNo)).toEqual({ pfc: '0', penalty: '0' });
  expect(lineOf((await sell(meterNo)).recharge, 'penalty')).toBeUndefined();
  const [penalty] = await world.fresh.admin.read<{ paisa: string }>(
    `SELECT SUM(p.amount_paisa) AS paisa FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.credit_account_id
     JOIN ledger_entries e ON e.id = p.entry_id WHERE a.code = 'penalty-revenue' AND e.business_id = ?`,
    [idToBytes(recharge.body.rechargeId as Id)],
  );
  expect(penalty!.paisa).toBe('30000');
  expect(await ask()).toMatchObject({ status: 201, body: { state: 'collected' } });
});

it('takes a paper once, whoever brings it and to whatever meter', async () => {
  const [one, two] = [await meterOf('61000002'), await meterOf('61000003')];
  const body = paper();
  const both = await Promise.all([
    approved(`/v1/meters/${one}/penalties`, body),
    approved(`/v1/meters/${two}/penalties`, body),
  ]);
  const answers = await Promise.all(both.map((ask) => ask()));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(answers.find(({ status }) => status === 409)!.body.code).toBe('penalty-paper-used');
  expect(await post('supervisor', `/v1/meters/${one}/penalties`, body)).toMatchObject({
    body: { code: 'penalty-paper-used' },
  });
  const due = [await dueOf(one), await dueOf(two)].map(({ penalty }) => penalty).sort();
  expect(due).toEqual(['0', '30000']);
});

it('reckons a power factor from its reading, for three-phase connections', async () => {
  const meterNo = await meterOf('61000009');
  const reading = { kind: 'power-factor', amount: undefined, powerFactorHundredths: 90, energyCharge: '10000.00' };
  expect((await enter(meterNo, paper(reading))).body).toMatchObject({
    kind: 'power-factor',
    amount: { value: '375.00' },
    powerFactorHundredths: 90,
    state: 'due',
  });
  expect(await dueOf(meterNo)).toEqual({ pfc: '37500', penalty: '0' });
  const url = `/v1/meters/${meterNo}/penalties`;
  const good = await post('supervisor', url, paper({ ...reading, powerFactorHundredths: 95 }));
  expect(good).toMatchObject({ status: 422, body: { code: 'penalty-nothing-due' } });
  const single = await post('supervisor', `/v1/meters/${await meterOf('61000004')}/penalties`, paper(reading));
  expect(single).toMatchObject({ status: 422, body: { code: 'penalty-single-phase' } });
  const { quote } = await sell(meterNo, '9000.00');
  expect(lineOf(quote, 'power-factor')).toMatchObject({ amount: '375.00' });
  expect(lineOf(quote, 'penalty')).toBeUndefined();
});

it.each([
  [{ noticeNo: 'raj/1' }, 400],
  [{ noticeDate: '2026-02-30' }, 400],
  [{ amount: undefined }, 400],
  [{ amount: '0' }, 422],
  [{ energyCharge: '5.00' }, 400],
  [{ kind: 'power-factor' }, 400],
  [{ kind: 'theft' }, 400],
])('refuses a paper with %j', async (over, status) => {
  expect(await post('supervisor', `/v1/meters/${await meterOf('61000005')}/penalties`, paper(over))).toMatchObject({
    status,
  });
});

it('can be withdrawn before a recharge collects it, once, and not after', async () => {
  const meterNo = await meterOf('61000006');
  const first = (await enter(meterNo, paper())).body;
  const second = (await enter(meterNo, paper({ amount: '50.00' }))).body;
  expect(await dueOf(meterNo)).toMatchObject({ penalty: '35000' });
  const url = (id: string) => `/v1/meters/${meterNo}/penalties/${id}/withdraw`;
  const ask = await approved(url(first.penaltyId), { reason: 'it was the neighbour' });
  const answers = await Promise.all(Array.from({ length: 6 }, ask));
  expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array(6).fill([200, 'withdrawn']));
  expect(await dueOf(meterNo)).toMatchObject({ penalty: '5000' });
  expect(await post('supervisor', url(first.penaltyId), { reason: 'again' })).toMatchObject({
    body: { code: 'penalty-withdrawn' },
  });
  expect(await post('supervisor', url(newId()), { reason: 'what' })).toMatchObject({ status: 404 });

  const late = await approved(url(second.penaltyId), { reason: 'it was the neighbour' });
  const { recharge } = await sell(meterNo);
  expect(lineOf(recharge, 'penalty')).toMatchObject({ amount: '50.00' });
  expect(await late()).toMatchObject({ status: 409, body: { code: 'penalty-collected' } });

  // The recharge is cancelled: the paper is due again, and may be withdrawn now.
  const { database } = world.fresh;
  const cancellation = new VendCancellation(database, new LedgerService(database), new PriceBooks(database));
  await cancellation.cancel({
    rechargeId: recharge.body.rechargeId,
    actor: 'user:supervisor',
    reason: 'the printer failed',
  });
  expect(await list(meterNo)).toMatchObject([{ state: 'due' }, { state: 'withdrawn' }]);
  expect(await late()).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
  expect(await dueOf(meterNo)).toMatchObject({ penalty: '0' });
});

it('is collected or withdrawn, never both, when a recharge and a withdrawal meet', async () => {
  const meterNo = await meterOf('61000007');
  for (let round = 0; round < 5; round++) {
    const { penaltyId } = (await enter(meterNo, paper({ amount: '10.00' }))).body;
    const withdraw = await approved(`/v1/meters/${meterNo}/penalties/${penaltyId}/withdraw`, { reason: 'as agreed' });
    const quote = await world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '3000.00' });
    const [back, sold] = await Promise.all([
      withdraw(),
      post('clerk', '/v1/recharges', { quoteId: quote.body.quoteId }),
    ]);
    // Who comes second finds another price, or a collected paper.
    expect([back.status, sold.status]).toEqual(sold.status === 201 ? [409, 201] : [200, 409]);
    expect(await dueOf(meterNo)).toMatchObject({ penalty: '0' });
  }
});

it('is the business of the meter’s office, and is on record with its approval', async () => {
  const elsewhere = await meterOf('61000150');
  expect(await post('supervisor', `/v1/meters/${elsewhere}/penalties`, paper())).toMatchObject({ status: 404 });
  expect(await post('clerk', `/v1/meters/${elsewhere}/penalties`, paper())).toMatchObject({ status: 403 });
  const meterNo = await meterOf('61000008');
  const { penaltyId } = (await enter(meterNo, paper())).body;
  const trail = await world.fresh.admin.read<{ actor: string; detail: object }>(
    `SELECT actor, detail FROM audit_events WHERE action = 'penalty-entered' AND subject = ?`,
    [`meter:${meterNo}`],
  );
  expect(trail).toEqual([{ actor: 'user:supervisor', detail: expect.objectContaining({ penaltyId }) }]);
  const [approval] = await world.fresh.admin.read('SELECT state FROM approvals WHERE effect = ?', [
    `penalty:${penaltyId}`,
  ]);
  expect(approval).toEqual({ state: 'USED' });
});
