/* Proves over HTTP, on a real database, that a gateway's push of what a customer wrote is stored once and only from whom it may come, and that the staff see and change who wants notices, each change with its trace. */
import { randomBytes } from 'node:crypto';
import { requestSignature, upsertPartner } from '@vend/identity';
import { optedOut } from '@vend/inbound';
import { ApiWorld } from '../../test/support/api';

jest.setTimeout(60_000);
const CUSTOMER = '61000001';
const URL = `/v1/customers/${CUSTOMER}/notices`;
const smsPartner = { code: 'demo-sms', keyId: 'demo-sms-key', secret: randomBytes(32) };

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
  await world.fresh.database.transaction((tx) =>
    upsertPartner(
      tx,
      world.sealingSecret,
      { ...smsPartner, name: 'Demo SMS', kind: 'sms' },
      { actor: 'test', at: Date.now() },
    ),
  );
  // The sample's customers are of other offices than the people of this world.
  await world.fresh.admin.transaction((tx) =>
    tx.write(`UPDATE customers SET office = 'Rajshahi' WHERE customer_no = ?`, [CUSTOMER]),
  );
}, 120_000);
afterAll(() => world?.destroy());

describe('a gateway’s push', () => {
  const sms = { messageId: 'MO-1', from: '8801700000001', to: '16603', text: 'BAL' };
  const push = (body: string | object, change: { secret?: Buffer; atMs?: number } = {}) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const timestamp = String(Math.floor((change.atMs ?? Date.now()) / 1000));
    return world.request('POST', '/v1/callbacks/sms', payload, {
      'x-key-id': smsPartner.keyId,
      'x-timestamp': timestamp,
      'x-signature': requestSignature(change.secret ?? smsPartner.secret, timestamp, Buffer.from(payload)),
    });
  };
  const stored = () =>
    world.fresh.admin.read<{ gateway: string; phone: string; words: string }>(
      'SELECT gateway, phone, words FROM sms_inbound ORDER BY id',
    );

  it('is stored with its wake-up, once however often and however many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => push(sms)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { received: true } });
    expect(await push({ ...sms, text: 'TOK' })).toMatchObject({ status: 200 });
    expect(await stored()).toEqual([{ gateway: 'push:demo-sms', phone: sms.from, words: 'BAL' }]);
    const wake = await world.fresh.admin.read("SELECT 1 FROM outbox WHERE topic = 'sms-inbound'");
    expect(wake).toHaveLength(1);
  });

  it.each([
    ['half a body', '{', 400, 'body-not-json'],
    ['no message id', { ...sms, messageId: undefined }, 400, 'event-malformed'],
    ['an id of two words', { ...sms, messageId: 'two words' }, 400, 'event-malformed'],
    ['a field too many', { ...sms, extra: 1 }, 400, 'event-malformed'],
    ['a text too long', { ...sms, text: 'x'.repeat(2_001) }, 400, 'event-malformed'],
    ['a body too large', { ...sms, text: 'x'.repeat(9_000) }, 413, 'event-too-large'],
  ])('%s is refused, and nothing is stored', async (_, body, status, code) => {
    const before = await stored();
    expect(await push(body)).toMatchObject({ status, body: { code } });
    expect(await stored()).toEqual(before);
  });

  it('counts only with a good signature of now, from who brings SMS', async () => {
    const before = await stored();
    const other = { ...sms, messageId: 'MO-2' };
    expect(await push(other, { secret: randomBytes(32) })).toMatchObject({ status: 401 });
    expect(await push(other, { atMs: Date.now() - 3_600_000 })).toMatchObject({ body: { code: 'timestamp-stale' } });
    expect(await world.signed('/v1/callbacks/sms', other)).toMatchObject({
      status: 403,
      body: { code: 'role-not-allowed' },
    });
    expect(await stored()).toEqual(before);
  });

  it('leaves neither the number nor the words in the log', () => {
    expect(world.logged).not.toContain(sms.from);
  });
});

describe('who wants notices', () => {
  const customerId = async () => {
    const [row] = await world.fresh.admin.read<{ id: Buffer }>('SELECT id FROM customers WHERE customer_no = ?', [
      CUSTOMER,
    ]);
    return row!.id.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  };
  const trail = () =>
    world.fresh.admin.read<{ actor: string; detail: unknown }>(
      "SELECT actor, detail FROM audit_events WHERE action = 'notice-choice-changed'",
    );

  it('is everybody who never said otherwise; a clerk or the call centre changes it, once', async () => {
    // Logged in one after the other: a code of the second factor is good once.
    for (const who of ['clerk', 'supervisor']) await world.as(who, 'GET', '/v1/cases');
    expect(await world.as('clerk', 'GET', URL)).toMatchObject({
      status: 200,
      body: { wanted: true, changedAt: null, changedBy: null },
    });
    const asked = { wanted: false, reason: 'asked by phone' };
    const changes = await Promise.all(Array.from({ length: 5 }, () => world.as('clerk', 'PATCH', URL, asked)));
    for (const change of changes) {
      expect(change).toMatchObject({ status: 200, body: { wanted: false, changedBy: 'user:clerk' } });
    }
    const id = await customerId();
    expect(await optedOut(world.fresh.database, [id])).toEqual(new Set([id]));
    expect(await trail()).toMatchObject([{ actor: 'user:clerk' }]);
    expect(JSON.stringify(await trail())).toContain('asked by phone');

    expect(await world.as('supervisor', 'PATCH', URL, { wanted: true, reason: 'asked again' })).toMatchObject({
      body: { wanted: true, changedBy: 'user:supervisor' },
    });
    expect(await optedOut(world.fresh.database, [id])).toEqual(new Set());
    expect(await trail()).toHaveLength(2);
  });

  it('is not for other offices to see, nor to change without a reason', async () => {
    expect(await world.as('clerk', 'GET', '/v1/customers/61000150/notices')).toMatchObject({
      status: 404,
      body: { code: 'customer-not-found' },
    });
    expect(await world.as('clerk', 'PATCH', URL, { wanted: 'no' })).toMatchObject({ status: 400 });
    expect(await world.as('auditor', 'PATCH', URL, { wanted: false, reason: 'test' })).toMatchObject({ status: 403 });
  });
});
