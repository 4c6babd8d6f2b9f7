/*
 * Proves over the real processes that every simulated company can take money for our recharges: billers in their own
 * dialects, and the gateways of the customer's page. The money is taken once, the SMS arrives and the meter takes the
 * token, whatever is lost, repeated, changed or never told on the way; what a gateway warns of waits for a person, and
 * goes back when two want that; the companies' books say the same as ours, and no log has a secret, a token or a phone.
 */
import { randomUUID } from 'node:crypto';
import { formatTaka } from '@vend/kernel';
import { brokenLaws } from '../support/books';
import { Clerk, call, type HttpAnswer } from '../support/callers';
import type { InstalledMeter } from '../support/installed-meters';
import { receiptsNotOnce, secretsInLogs, tokensNotAsTheyShould } from '../support/proofs';
import { eventually } from '../support/system';
import { World } from '../support/world';

const BILLERS = ['demo-form', 'demo-json', 'demo-fetch', 'demo-charge', 'demo-xml'] as const;
type Biller = (typeof BILLERS)[number];
/** Sells whole Taka; its pay call says the id of our quote alone, and cannot come with other money. */
const QUOTE_ALONE: Biller = 'demo-charge';
const GATEWAYS = ['demo-bkash-pay', 'demo-cards', 'demo-nagad'];

jest.setTimeout(180_000);
let world: World;
/** Paid while no word of it comes to us: the worker looks by itself after half a minute, and the others need not wait. */
let silent: { readonly meter: InstalledMeter; readonly orderNo: string };
beforeAll(async () => {
  world = await World.start({ name: 'payments', meters: 200, settings: { CHECKOUT_ASK_SECONDS: '1' } });
  await play('demo-cards', { 'notice-never': 1 });
  const meter = world.freshMeter();
  silent = { meter, orderNo: await pays(meter, 'demo-cards', { returns: false }) };
  await play('demo-cards', {});
}, 300_000);
afterAll(() => world?.stop(), 120_000);

const pay = (code: Biller, { customerNo }: InstalledMeter, faults: readonly string[] = []) => {
  const amount = code === QUOTE_ALONE ? '1000' : '1000.50';
  return world.outside.companyPayment(code, { reference: customerNo, amount, faults, copies: 4 });
};

async function tokensOf(code: string, key: string): Promise<string[]> {
  const rows = await world.system.admin.read<{ digits: string }>(
    `SELECT t.digits FROM recharges r JOIN vends v ON v.recharge_id = r.id JOIN vend_tokens t ON t.vend_id = v.id
     WHERE r.source = ? AND r.source_ref = ? ORDER BY t.sequence`,
    [`provider:${code}`, key],
  );
  return rows.map(({ digits }) => digits);
}

describe.each(BILLERS)('%s, who calls us', (code) => {
  it('pays once: the SMS arrives, and the meter takes its token', async () => {
    const meter = world.freshMeter();
    const story = await pay(code, meter);
    expect(story).toMatchObject({ outcome: 'vended', taken: true, reversed: false, answersAgree: true });
    const [digits, ...more] = await tokensOf(code, story.key);
    expect(more).toEqual([]);
    expect([[], [digits]]).toContainEqual(story.tokens);
    await world.smsOn(meter, digits!);
    expect(await world.outside.enter(meter, digits!)).toMatchObject({ result: 'accepted' });
  });

  it.each([
    ['an answer that is lost', ['answer-lost']],
    ['a page of a proxy in its place, after asking for the status first', ['html-page', 'status-first']],
    ['copies at once and one after the other, in other clothes', ['pay-in-parallel', 'pay-repeated', 'odd-json']],
    ['other money under the same id, and a clock that is a day behind', ['amount-changed-on-repeat', 'clock-skew']],
  ])('is one vend in spite of %s', async (_, faults) => {
    const meter = world.freshMeter();
    const story = await pay(code, meter, faults);
    expect(story).toMatchObject({ outcome: 'vended', reversed: false, answersAgree: true });
    expect(await world.countsOf(story.key)).toEqual({ recharges: 1, vends: 1, tokens: 1 });
    const changed = story.steps.filter(({ meaning }: { meaning: string }) => meaning === 'conflict');
    expect(changed).toHaveLength(faults.includes('amount-changed-on-repeat') && code !== QUOTE_ALONE ? 1 : 0);
  });

  it('takes no money for a customer who is not there', async () => {
    const nobody = await world.outside.companyPayment(code, { reference: '99999999', amount: '500' });
    expect(nobody).toMatchObject({ outcome: 'refused', taken: false });
  });

  if (code !== QUOTE_ALONE)
    it('gives back what is refused', async () => {
      const meter = world.freshMeter();
      const order = { reference: meter.customerNo, amount: '1000', faults: ['amount-changed'], otherAmount: '0.01' };
      const refused = await world.outside.companyPayment(code, order);
      expect(refused).toMatchObject({ outcome: 'refused', taken: true, reversed: true });
      expect(await world.countsOf(refused.key)).toEqual({ recharges: 0, vends: 0, tokens: 0 });
    });

  it('has in its book what we have in ours', async () => {
    const theirs = (await world.outside.companyBook(code)).filter(({ reversedAt }) => reversedAt === null);
    const ours = await world.system.admin.read<{ trxId: string; paisa: string }>(
      `SELECT source_ref AS trxId, gross_paisa AS paisa FROM recharges WHERE source = ?`,
      [`provider:${code}`],
    );
    const sorted = (rows: readonly { trxId: string; amount: string }[]) =>
      rows.map(({ trxId, amount }) => `${trxId} ${amount}`).sort();
    expect(ours.length).toBeGreaterThan(0);
    expect(sorted(theirs)).toEqual(
      sorted(ours.map(({ trxId, paisa }) => ({ trxId, amount: formatTaka(BigInt(paisa)) }))),
    );
  });
});

const api = (path: string, body: object, headers = {}) => call(`${world.system.apiUrl}${path}`, { body, headers });
const sandbox = (path: string, body: object, method = 'POST') =>
  call(`${world.system.sandboxUrl}${path}`, { method, body });
const orderOf = ({ customerNo }: InstalledMeter, gateway: string) => ({
  ...{ gateway, reference: customerNo, amount: '500.00' },
});

/** A customer with a browser; what becomes of the payment is not waited for. */
async function pays(meter: InstalledMeter, gateway: string, over: object = {}): Promise<string> {
  const { body: story } = await sandbox('/payers/orders', { ...orderOf(meter, gateway), ...over });
  expect(story).toMatchObject({ refusal: null, orderNo: expect.stringMatching(/^V[0-9A-Z]{19}$/) as string });
  return story.orderNo;
}
const stateOf = async (orderNo: string): Promise<string> =>
  (await api('/v1/checkout/orders/status', { orderNo })).body.state;
const standsAs = (orderNo: string, state: string) =>
  eventually(`the order is ${state}`, async () => (await stateOf(orderNo)) === state);
const play = (gateway: string, faults: object) => sandbox(`/providers/${gateway}/faults`, { seed: 1, faults }, 'PUT');

/** The order is vended once, its token is on the phone and in the meter, and the order's page says nothing of either. */
async function arrives(orderNo: string, meter: InstalledMeter): Promise<void> {
  await standsAs(orderNo, 'VENDED');
  const tokens = await world.system.admin.read<{ digits: string }>(
    `SELECT t.digits FROM checkout_orders o JOIN vends v ON v.recharge_id = o.recharge_id
       JOIN vend_tokens t ON t.vend_id = v.id WHERE o.order_no = ?`,
    [orderNo],
  );
  expect(tokens).toHaveLength(1);
  const { digits } = tokens[0]!;
  await world.smsOn(meter, digits);
  expect(await world.outside.enter(meter, digits)).toMatchObject({ result: 'accepted' });
  const page = await call(`${world.system.apiUrl}/checkout/${orderNo}`, { method: 'GET' });
  expect(page.status).toBe(200);
  expect(page.text).toContain(orderNo);
  for (const secret of [digits, meter.meterNo, meter.customerNo, meter.mobile]) expect(page.text).not.toContain(secret);
}

it('a vendor that pays in advance sells what it has paid in and no more: the payer of the rest keeps his money', async () => {
  const sale = ({ customerNo }: InstalledMeter) =>
    world.outside.companyPayment('demo-vendor', { reference: customerNo, amount: '3000' });
  expect(await sale(world.freshMeter())).toMatchObject({ outcome: 'vended', taken: true });
  const refused = await sale(world.freshMeter());
  expect(refused).toMatchObject({ outcome: 'refused', reversed: refused.taken });
  expect(await world.countsOf(refused.key)).toEqual({ recharges: 0, vends: 0, tokens: 0 });
  const { body } = await (await person('accounts')).get('/v1/vendor-floats/demo-vendor/statement');
  const balances = body.items.map(({ balance }: { balance: { value: string } }) => balance.value);
  expect([balances[0], balances.at(-1)]).toEqual(['5000.00', '2000.00']);
});

describe('the gateways of the customer’s page', () => {
  it('what is forged is kept and does nothing; what is too large or for nobody is not taken', async () => {
    const notice = (gateway: string, body: string) =>
      call(`${world.system.apiUrl}/v1/callbacks/gateways/${gateway}`, {
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const kept = () =>
      world.system.admin.read<{ refusal: string }>(
        `SELECT refusal FROM gateway_messages WHERE provider = 'demo-cards' AND verdict = 'REFUSED'`,
      );
    const forged = `tran_id=${silent.orderNo}&status=VALID&val_id=1&amount=500.00&currency=BDT&verify_sign=${'0'.repeat(32)}`;
    expect(await kept()).toEqual([]);
    expect((await notice('demo-cards', forged)).status).toBe(200);
    expect(await kept()).toEqual([{ refusal: expect.stringMatching(/^[a-z0-9-]+$/) as string }]);
    expect(await notice('demo-cards', 'x'.repeat(70_000))).toMatchObject({ status: 413 });
    expect(await notice('nobody', forged)).toMatchObject({ status: 404, body: { code: 'gateway-not-offered' } });
    expect(await kept()).toHaveLength(1);
  });

  it('offers the gateways of the demo, to all', async () => {
    const { body } = await call(`${world.system.apiUrl}/v1/checkout/gateways`, { method: 'GET' });
    expect(body.items.map(({ code }: { code: string }) => code).sort()).toEqual(GATEWAYS);
  });

  it.each(GATEWAYS)(
    '%s: the payer comes back in two tabs; the SMS comes, the meter takes its token',
    async (gateway) => {
      const meter = world.freshMeter();
      await arrives(await pays(meter, gateway, { tabs: 2 }), meter);
    },
  );

  it('a payment that failed, and is tried again on the same page, is vended', async () => {
    const meter = world.freshMeter();
    const begun = await api(
      '/v1/checkout/orders',
      { ...orderOf(meter, 'demo-cards'), language: 'en' },
      { 'idempotency-key': randomUUID() },
    );
    expect(begun.status).toBe(201);
    const { orderNo, payUrl } = begun.body;
    const press = (action: string) =>
      call(payUrl, {
        body: new URLSearchParams({ action }).toString(),
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await press('fail')).status).toBe(200);
    await standsAs(orderNo, 'FAILED');
    expect((await press('pay')).status).toBe(200);
    await arrives(orderNo, meter);
  });

  it('a payment of which no word ever comes is found by asking', () => arrives(silent.orderNo, silent.meter));

  it('a cancelled payment is nothing but that', async () => {
    const orderNo = await pays(world.freshMeter(), 'demo-cards', { action: 'cancel' });
    await standsAs(orderNo, 'CANCELLED');
  });

  it('what may be stolen is held; the gateway gives it back when two people want that', async () => {
    await play('demo-cards', { 'risk-level-1': 1 });
    const meter = world.freshMeter();
    const orderNo = await pays(meter, 'demo-cards');
    await play('demo-cards', {});
    await standsAs(orderNo, 'HELD');
    const [accounts, supervisor] = [await person('accounts'), await person('supervisor')];
    const { caseNo, trxId } = await caseOf(meter, accounts);
    const key = randomUUID();
    const refund = (): Promise<HttpAnswer> =>
      accounts.post(
        `/v1/cases/${caseNo}/refund`,
        { from: 'provider', reference: 'PAPER-1', reason: 'the card may be stolen' },
        { 'idempotency-key': key },
      );
    const asked = await refund();
    expect([asked.status, asked.body.code]).toEqual([202, undefined]);
    expect(await stateOf(orderNo)).toBe('HELD');
    expect(await reversed(trxId)).toBe(false);
    const approve = `/v1/approvals/${asked.body.approval.id}/approve`;
    expect(await accounts.post(approve, {})).toMatchObject({ body: { code: 'approval-own' } });
    expect(await supervisor.post(approve, {})).toMatchObject({ status: 200 });
    const done = await refund();
    expect([done.status, done.body.code]).toEqual([200, undefined]);
    await standsAs(orderNo, 'REFUNDED');
    expect(await reversed(trxId)).toBe(true);
  });
});

it('leaves the books in order, and no secret, token, phone or password in a log', async () => {
  // An order that nobody has paid is asked about for a day; everything else comes to rest.
  const left = `SELECT COUNT(*) AS n FROM outbox WHERE topic <> 'checkout'`;
  await eventually('nothing else waits', async () => {
    const [row] = await world.system.admin.read<{ n: string }>(left);
    return row!.n === '0';
  });
  expect(await brokenLaws(world.system.admin)).toEqual([]);
  expect(await tokensNotAsTheyShould(world.system)).toEqual([]);
  expect(await receiptsNotOnce(world.system, world.outside)).toEqual([]);
  expect(await world.leaks()).toEqual([]);
  const companies = world.system.secrets<{ credentials: Record<string, string> }[]>('providers.json');
  const passwords = companies
    .flatMap(({ credentials }) => Object.values(credentials))
    .filter((each) => each.length >= 16);
  expect(passwords.length).toBeGreaterThan(BILLERS.length);
  const texts = passwords.map((password) => ['a password of a company', password] as const);
  expect(secretsInLogs(world.system, { tokens: new Map(), texts })).toEqual([]);
});

function person(role: string): Promise<Clerk> {
  return Clerk.login(
    world.system.apiUrl,
    world.system.logins.find((login) => login.role === role)!,
  );
}

/** The case that was opened by itself for the payment of a meter, as the desk sees it. */
async function caseOf({ meterNo }: InstalledMeter, desk: Clerk): Promise<{ caseNo: string; trxId: string }> {
  let caseNo: string | undefined;
  await eventually('its case is open', async () => {
    const { body } = await desk.get('/v1/cases?view=office');
    const mine = (row: { automatic: boolean; meterNo: string }) => row.automatic && row.meterNo === meterNo;
    caseNo = body.items.find(mine)?.caseNo;
    return caseNo !== undefined;
  });
  const { body } = await desk.get(`/v1/cases/${caseNo}`);
  return { caseNo: caseNo!, trxId: body.payment.sourceRef };
}

/** Whether the gateway's own book has the money given back. */
async function reversed(trxId: string): Promise<boolean> {
  const [payment, ...more] = (await world.outside.companyBook('demo-cards')).filter((each) => each.trxId === trxId);
  expect([payment, more]).toEqual([expect.anything(), []]);
  return payment!.reversedAt !== null;
}
