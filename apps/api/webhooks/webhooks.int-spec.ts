/*
 * Proves over HTTP on a real database how people see to webhooks, and that a partner in sandbox mode gets our signed API's
 * own answers and webhooks without a mark in books, vends or meters.
 */
import { ApiWorld, type Answer } from '../../../test/support/api';

let world: ApiWorld;
const TYPES = ['payment.vended', 'payment.pending', 'payment.refund-due', 'payment.refunded'];
const ENDPOINT = { owner: 'demo-partner', url: 'https://partner.example/hooks/s3cret-path', types: TYPES };
const admin = (method: 'GET' | 'POST' | 'PATCH', url: string, body?: object) =>
  world.as('administrator', method, `/v1/webhooks/${url}`, body);
let endpointId: string;
let secret: string;

beforeAll(async () => {
  world = await ApiWorld.create();
  // Before the first signed call: a change of a partner is seen within thirty seconds.
  await world.fresh.admin.transaction((tx) =>
    tx.write(`UPDATE partners SET mode = 'sandbox' WHERE code = ?`, [world.partner.code]),
  );
  const made = await admin('POST', 'endpoints', ENDPOINT);
  expect(made).toMatchObject({
    status: 201,
    body: { endpoint: { owner: 'demo-partner', active: true, version: 1 }, secret: expect.stringMatching(/^whsec_/) },
  });
  endpointId = made.body.endpoint.endpointId;
  secret = made.body.secret;
}, 60_000);
afterAll(() => world?.destroy());

const transaction = (() => {
  let count = 0;
  return () => `SBX-T${++count}`;
})();
const pay = (amount: string, more: object = {}): Promise<Answer> =>
  world.signed('/v1/biller/pay', { transactionId: transaction(), reference: '40012345', amount, ...more });
const status = (transactionId: string) => world.signed('/v1/biller/status', { transactionId });
async function typesOf(paymentId: string): Promise<string[]> {
  const { body } = await admin('GET', `messages?endpoint=${endpointId}&limit=100`);
  const items = body.items as { subjectId: string; type: string; sequence: number }[];
  const own = items.filter(({ subjectId }) => subjectId === paymentId).sort((a, b) => a.sequence - b.sequence);
  return own.map(({ type }) => type);
}

describe('endpoints', () => {
  it('shows them without a secret, and refuses what is wrong with one', async () => {
    const { body, text } = await admin('GET', 'endpoints?owner=demo-partner');
    expect(body.items).toMatchObject([{ endpointId, types: TYPES, disabledReason: null }]);
    expect(text).not.toContain(secret);
    const refused = async (change: object, code: string, at: number) =>
      expect(await admin('POST', 'endpoints', { ...ENDPOINT, ...change })).toMatchObject({
        status: at,
        body: { code },
      });
    await refused({}, 'webhook-endpoint-exists', 409);
    await refused({ owner: 'nobody' }, 'webhook-owner-unknown', 404);
    await refused({ url: 'https://192.168.0.4/x' }, 'webhook-url-refused', 422);
    await refused({ url: 'http://partner.example/x' }, 'webhook-url-refused', 422);
    await refused({ types: ['payment.invented'] }, 'field-invalid', 400);
  });

  it('changes and rotates what is still as it was seen, and puts both on record', async () => {
    expect(await admin('PATCH', `endpoints/${endpointId}`, { version: 7 })).toMatchObject({
      body: { code: 'webhook-endpoint-changed' },
    });
    const off = await admin('PATCH', `endpoints/${endpointId}`, { active: false, version: 1 });
    expect(off.body).toMatchObject({ active: false, disabledReason: 'person', version: 2 });
    expect(await admin('POST', `endpoints/${endpointId}/replay`, { since: '2026-11-21T00:00:00+06:00' })).toMatchObject(
      {
        status: 409,
        body: { code: 'webhook-endpoint-disabled' },
      },
    );
    await admin('PATCH', `endpoints/${endpointId}`, { active: true, version: 2 });
    const rotated = await admin('POST', `endpoints/${endpointId}/secret`, { overlapHours: 24, version: 3 });
    expect(rotated.body).toMatchObject({ endpoint: { version: 4, formerSecretUntil: expect.stringContaining('T') } });
    expect(rotated.body.secret).not.toBe(secret);
    const trail = await world.fresh.admin.read<{ action: string; detail: unknown }>(
      'SELECT action, detail FROM audit_events WHERE subject = ? ORDER BY id',
      [`webhook-endpoint:${endpointId}`],
    );
    expect(trail.map(({ action }) => action)).toEqual([
      ...Array<string>(3).fill('webhook-endpoint-changed'),
      'webhook-secret-changed',
    ]);
    expect(JSON.stringify(trail) + world.logged).not.toMatch(/s3cret-path|whsec_/);
  });

  it('is for those who may', async () => {
    expect((await world.as('clerk', 'GET', '/v1/webhooks/endpoints')).status).toBe(403);
    expect((await world.as('call-centre', 'POST', '/v1/webhooks/endpoints', ENDPOINT)).status).toBe(403);
    expect((await world.as('call-centre', 'GET', '/v1/webhooks/messages')).status).toBe(200);
  });
});

describe('a partner in sandbox mode', () => {
  it('asks, pays, repeats and is told, and nobody has sold anything', async () => {
    const before = await world.footprint();
    const quote = await world.signed('/v1/biller/inquiry', { reference: '40012345', amount: '500' });
    expect(quote).toMatchObject({ status: 200, body: { customerName: 'SANDBOX', amount: { value: '500.00' } } });
    const transactionId = transaction();
    const paid = await world.signed('/v1/biller/pay', { transactionId, quoteId: quote.body.quoteId });
    expect(paid.body).toMatchObject({ status: 'vended', receiptNo: expect.stringMatching(/^SBX-/), transactionId });
    expect(paid.body.tokens).toMatchObject([{ digits: expect.stringMatching(/^9\d{19}$/), sequence: 1, of: 1 }]);
    const repeat = await world.signed('/v1/biller/pay', { transactionId, reference: '40012345', amount: '500.00' });
    expect(repeat.text).toBe(paid.text);
    expect((await status(transactionId)).text).toBe(paid.text);
    expect(await world.signed('/v1/biller/pay', { transactionId, reference: '40012345', amount: '501' })).toMatchObject(
      {
        status: 409,
        body: { code: 'transaction-conflict' },
      },
    );
    expect(await typesOf(paid.body.rechargeId)).toEqual(['payment.vended']);
    expect(await world.footprint()).toBe(before);
  });

  it('plays the triggers: later, owed back, refused, lost', async () => {
    const before = await world.footprint();
    const later = await pay('1011');
    expect(later.body).toMatchObject({ status: 'pending', tokens: [] });
    expect((await status(later.body.transactionId)).body.status).toBe('vended');
    expect(await typesOf(later.body.rechargeId)).toEqual(['payment.pending', 'payment.vended']);
    expect((await pay('1040')).body).toMatchObject({ status: 'refund-due' });
    expect(await pay('500', { reference: '90000002' })).toMatchObject({ status: 409, body: { code: 'meter-closed' } });
    expect(await pay('9')).toMatchObject({ body: { code: 'below-minimum-recharge' } });
    const transactionId = transaction();
    expect((await pay('1070', { transactionId })).status).toBe(500);
    expect((await status(transactionId)).body.status).toBe('vended');
    expect(await status('never')).toMatchObject({ status: 404, body: { code: 'transaction-not-found' } });
    expect(await world.footprint()).toBe(before);
  });

  it('calls back: known by its id and bytes, and told of by webhook', async () => {
    const before = await world.footprint();
    const transactionId = transaction();
    const event = {
      ...{ eventId: 'EV-1', transactionId, reference: '40012345', amount: '700.00', currency: 'BDT', status: 'paid' },
      paidAt: '2026-11-22T10:00:00+06:00',
    };
    for (let n = 0; n < 2; n += 1) {
      expect(await world.signed('/v1/callbacks/topup', event)).toMatchObject({ status: 200, body: { received: true } });
    }
    expect(await world.signed('/v1/callbacks/topup', { ...event, amount: '701.00' })).toMatchObject({
      status: 409,
      body: { code: 'event-conflict' },
    });
    const { body } = await status(transactionId);
    expect(body).toMatchObject({ status: 'vended', amount: { value: '700.00' } });
    expect(await typesOf(body.rechargeId)).toEqual(['payment.vended']);
    expect(await world.footprint()).toBe(before);
  });
});

it('lists messages page by page, shows one, and sends it once more', async () => {
  const first = await admin('GET', `messages?endpoint=${endpointId}&state=PENDING&limit=1`);
  expect(first.body.items).toHaveLength(1);
  const next = await admin('GET', `messages?endpoint=${endpointId}&limit=1&cursor=${first.body.nextCursor}`);
  expect(next.body.items[0].messageId < first.body.items[0].messageId).toBe(true);
  const { messageId } = next.body.items[0];
  expect(await world.as('call-centre', 'POST', `/v1/webhooks/messages/${messageId}/replay`)).toMatchObject({
    status: 200,
    body: { messageId, state: 'PENDING', tries: [] },
  });
  const all = await admin('POST', `endpoints/${endpointId}/replay`, { since: '2026-11-21T00:00:00+06:00' });
  expect(all.body.messages).toBeGreaterThan(3);
  expect(await admin('POST', 'messages/none/replay')).toMatchObject({ status: 404 });
});
