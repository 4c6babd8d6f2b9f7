/* Proves the routes of mobile-money partners over HTTP on a real database and a real token server: signatures, one vend per transaction id with the same bytes for everybody, and callbacks stored before they are answered. */
import { until } from '../../docker/launcher/processes';
import { ApiWorld, type Answer } from '../../test/support/api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const CUSTOMER = '61000002';
let count = 0;
const transactionId = () => `TX-${++count}`;
const pay = (body: object): Promise<Answer> => world.signed('/v1/biller/pay', body);
const status = (id: string): Promise<Answer> => world.signed('/v1/biller/status', { transactionId: id });
const inquiry = (body: object): Promise<Answer> => world.signed('/v1/biller/inquiry', body);
const EVENT = {
  eventId: 'EV-1',
  transactionId: 'TX-EV-1',
  reference: CUSTOMER,
  amount: '500.00',
  currency: 'BDT',
  status: 'paid',
  paidAt: '2026-11-21T10:00:00+06:00',
};

describe('signatures', () => {
  it.each(['/v1/biller/inquiry', '/v1/biller/pay', '/v1/biller/status', '/v1/callbacks/topup'])(
    '%s hears a bad signature before it looks at the body',
    async (url) => {
      const before = await world.footprint();
      const refused = async (answer: Promise<Answer>, code: string) =>
        expect(await answer).toMatchObject({ status: 401, body: { code } });
      await refused(world.request('POST', url, '{broken'), 'signature-missing');
      await refused(world.signed(url, '{broken', { headers: { 'x-signature': 'ab' } }), 'signature-invalid');
      await refused(world.signed(url, '{}', { headers: { 'x-signature': '0'.repeat(64) } }), 'signature-invalid');
      await refused(world.signed(url, '{}', { headers: { 'x-key-id': 'nobody' } }), 'signature-invalid');
      await refused(world.signed(url, '{}', { atMs: Date.now() - 301_000 }), 'timestamp-stale');
      await refused(world.signed(url, '{}', { atMs: Date.now() + 302_000 }), 'timestamp-stale');
      expect(await world.signed(url, '{broken')).toMatchObject({ status: 400, body: { code: 'body-not-json' } });
      expect(await world.signed(url, `{"x":"${'x'.repeat(1_048_576)}"}`)).toMatchObject({
        status: 413,
        body: { code: 'body-too-large' },
      });
      expect(await world.footprint()).toBe(before);
    },
  );
});

describe('inquiry', () => {
  it('prices by any reference and shows a stranger no whole name', async () => {
    const { body } = await inquiry({ reference: CUSTOMER, amount: '3000' });
    expect(body).toMatchObject({ customerName: 'ফা*** ই***', amount: { value: '3000.00', currency: 'BDT' } });
    expect(body).not.toHaveProperty('customerNo');
    const byMeter = await inquiry({ reference: body.meterNo, amount: '3000' });
    expect(byMeter).toMatchObject({ status: 200, body: { meterNo: body.meterNo } });
  });

  it.each([
    [{ reference: '99999999', amount: '500' }, 404, 'meter-not-found'],
    [{ reference: '600727000000000008', amount: '500' }, 422, 'meter-check-digit-wrong'],
    [{ reference: CUSTOMER, amount: '0' }, 422, 'amount-not-positive'],
    [{ reference: CUSTOMER, amount: '0.001' }, 400, 'amount-too-many-decimals'],
    [{ reference: CUSTOMER, amount: '50001' }, 422, 'above-maximum-recharge'],
    [{ reference: CUSTOMER, amount: '0.5' }, 422, 'below-minimum-recharge'],
    [{ reference: CUSTOMER }, 400, 'field-invalid'],
  ])('refuses %j', async (body, code, name) => {
    expect(await inquiry(body)).toMatchObject({ status: code, body: { code: name } });
  });
});

describe('pay', () => {
  it('vends by quote id; status and every repeat answer in the same bytes', async () => {
    const { quoteId } = (await inquiry({ reference: CUSTOMER, amount: '3000' })).body;
    const id = transactionId();
    const body = { transactionId: id, quoteId, payerMobile: '8801700000002', paidAt: '2026-11-21T10:00:00+06:00' };
    const first = await pay(body);
    expect(first).toMatchObject({
      status: 200,
      body: { transactionId: id, status: 'vended', customerName: 'ফা*** ই***', amount: { value: '3000.00' } },
    });
    expect(first.body.tokens).toHaveLength(1);
    expect((await pay(body)).text).toBe(first.text);
    expect((await pay({ transactionId: id, quoteId })).text).toBe(first.text);
    expect((await status(id)).text).toBe(first.text);
    expect(first.text).not.toContain('1700000002');
    expect(world.logged).not.toContain(first.body.tokens[0].digits);
  });

  it('answers fifty at once with one vend', async () => {
    const body = { transactionId: transactionId(), reference: CUSTOMER, amount: '1000.00' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => pay(body)));
    expect(new Set(answers.map((a) => `${a.status} ${a.text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: { status: 'vended' } });
    const [row] = await world.fresh.admin.read<{ n: string }>(
      `SELECT COUNT(*) AS n FROM recharges r JOIN vends v ON v.recharge_id = r.id WHERE r.source_ref = ?`,
      [body.transactionId],
    );
    expect(Number(row!.n)).toBe(1);
  });

  it('refuses other content under a used id, whatever the content', async () => {
    const id = transactionId();
    expect((await pay({ transactionId: id, reference: CUSTOMER, amount: '1000' })).status).toBe(200);
    const before = await world.footprint();
    for (const other of [
      { reference: CUSTOMER, amount: '1001' },
      { reference: '61000003', amount: '1000' },
      { reference: '99999999', amount: '1000' },
      { reference: CUSTOMER, amount: '50001' },
      { quoteId: 'A'.repeat(74) },
    ]) {
      expect(await pay({ transactionId: id, ...other })).toMatchObject({
        status: 409,
        body: { code: 'transaction-conflict' },
      });
    }
    expect(await world.footprint()).toBe(before);
  });

  it.each([
    [{ reference: '99999999', amount: '500' }, 404, 'meter-not-found'],
    [{ reference: CUSTOMER, amount: '-1' }, 422, 'amount-not-positive'],
    [{ reference: CUSTOMER, amount: '50001' }, 422, 'above-maximum-recharge'],
    [{ reference: CUSTOMER, amount: '0.1' }, 422, 'below-minimum-recharge'],
    [{ reference: CUSTOMER }, 400, 'payment-ambiguous'],
    [{ reference: CUSTOMER, amount: '500', quoteId: 'A'.repeat(74) }, 400, 'payment-ambiguous'],
    [{ reference: CUSTOMER, amount: null }, 400, 'amount-not-a-number'],
    [{ quoteId: 'A'.repeat(74) }, 400, 'quote-malformed'],
    [{}, 400, 'payment-ambiguous'],
  ])('refuses %j and stores nothing', async (body, code, name) => {
    const before = await world.footprint();
    const id = transactionId();
    expect(await pay({ transactionId: id, ...body })).toMatchObject({ status: code, body: { code: name } });
    expect(await world.footprint()).toBe(before);
    expect(await status(id)).toMatchObject({ status: 404, body: { code: 'transaction-not-found' } });
  });
});

describe('callbacks', () => {
  it('stores an event once and answers every copy alike', async () => {
    const answers = await Promise.all([EVENT, EVENT, EVENT].map((body) => world.signed('/v1/callbacks/topup', body)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { received: true } });
    const rows = await world.fresh.admin.read('SELECT partner_code, state FROM inbox');
    expect(rows).toEqual([{ partner_code: 'demo-partner', state: 'RECEIVED' }]);
    expect(await world.fresh.admin.read(`SELECT topic FROM outbox WHERE topic = 'inbox'`)).toHaveLength(1);
  });

  it('refuses other content under a used event id, and a malformed event', async () => {
    await world.signed('/v1/callbacks/topup', EVENT);
    const before = await world.footprint();
    expect(await world.signed('/v1/callbacks/topup', { ...EVENT, amount: '5000.00' })).toMatchObject({
      status: 409,
      body: { code: 'event-conflict' },
    });
    expect(await world.signed('/v1/callbacks/topup', { ...EVENT, eventId: 'EV-2', amount: '0' })).toMatchObject({
      status: 400,
      body: { code: 'event-malformed', field: 'amount' },
    });
    expect(await world.footprint()).toBe(before);
  });
});

it('says of a payment in hand that it is in hand, in this process and to every other, and forgets it afterwards', async () => {
  const id = transactionId();
  const held = () => world.fresh.admin.read('SELECT 1 FROM payments_under_way WHERE source_ref = ?', [id]);
  let paying: Promise<Answer> | undefined;
  await world.fresh.admin.transaction(async (tx) => {
    // Whoever vends to a meter waits for its state.
    await tx.query('SELECT meter_id FROM meter_states FOR UPDATE');
    paying = pay({ transactionId: id, reference: CUSTOMER, amount: '1000' });
    expect(await until(async () => (await held()).length === 1, 20_000)).toBe(true);
    expect(await status(id)).toMatchObject({ status: 503, body: { code: 'payment-in-hand', retryable: true } });
  });
  const paid = await paying!;
  expect(paid).toMatchObject({ status: 200, body: { status: 'vended' } });
  expect((await status(id)).text).toBe(paid.text);
  expect(await until(async () => (await held()).length === 0, 20_000)).toBe(true);
});

// Last: it takes the token server away.
it('accepts a payment as pending when the token server is down', async () => {
  await world.stopTokenServer();
  const body = { transactionId: transactionId(), reference: CUSTOMER, amount: '1000' };
  const answer = await pay(body);
  expect(answer).toMatchObject({ status: 200, body: { status: 'pending', tokens: [], receiptNo: null, energy: null } });
  expect((await pay(body)).text).toBe(answer.text);
  expect((await status(body.transactionId)).text).toBe(answer.text);
});
