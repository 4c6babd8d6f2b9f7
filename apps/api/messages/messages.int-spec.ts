/*
 * Proves over HTTP on a real database that two people set up a gateway whose secret nobody reads again, that failed
 * messages are a list for people of the customer's office, and that one is sent anew when they say so.
 */
import { idToBytes, newId, type Id } from '@vend/kernel';
import { openGateways, queueMessages, reportHealth, saveAttempts, findMessages, type StoredMessage } from '@vend/sms';
import { ApiWorld, type Answer } from '../../../test/support/api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
  await world.fresh.admin.transaction((tx) =>
    tx.write(`UPDATE customers SET office = 'Rajshahi' WHERE customer_no < '61000100'`),
  );
}, 120_000);
afterAll(() => world?.destroy());

const SECRET = 'inv3nted-pw';
const LINK = { host: 'smsc.example', port: 2775, systemId: 'vend', source: 'NESCO' };
const gateway = (over: object = {}) => ({
  ...{ profile: 'smpp-v34', settings: JSON.stringify(LINK), prefixes: '88015,88017', costPaisa: 25, priority: 5 },
  ...{ maxPerSecond: 40, shares: 'notice=0.3', enabled: true, secret: SECRET, version: 0, reason: 'a new contract' },
  ...over,
});

/** Asks, has it approved, and asks again. */
async function change(code: string, body: object): Promise<Answer> {
  const key = newId();
  const ask = () => world.as('administrator', 'POST', `/v1/sms/gateways/${code}`, body, { 'idempotency-key': key });
  const first = await ask();
  if (first.status !== 202) return first;
  const { id } = first.body.approval as { id: string };
  expect((await world.as('administrator', 'POST', `/v1/approvals/${id}/approve`, {})).status).toBe(403);
  const seen = await world.as('supervisor', 'GET', `/v1/approvals/${id}`);
  expect(seen.text).not.toContain(SECRET);
  expect(seen.text).toContain('smsc.example');
  expect((await world.as('supervisor', 'POST', `/v1/approvals/${id}/approve`, {})).status).toBe(200);
  const done = await ask();
  const repeated = await ask();
  expect([repeated.status, repeated.body.code]).toEqual([done.status, done.body.code]);
  return done;
}
const shown = async (code: string) => {
  const { body } = await world.as('administrator', 'GET', '/v1/sms/gateways');
  return (body.items as { code: string }[]).find((each) => each.code === code);
};

describe('gateways', () => {
  it('are made by two people, and nobody reads the secret again', async () => {
    expect(await change('teletalk', gateway())).toMatchObject({
      status: 200,
      body: { code: 'teletalk', settings: LINK, prefixes: ['88015', '88017'], version: 1, enabled: true, workers: 0 },
    });
    const everything = JSON.stringify([
      await world.as('auditor', 'GET', '/v1/sms/gateways'),
      await world.fresh.admin.read('SELECT * FROM approvals'),
      await world.fresh.admin.read('SELECT * FROM audit_events'),
      (await world.fresh.admin.read<{ secret_sealed: Buffer }>('SELECT secret_sealed FROM sms_gateways')).map((row) =>
        row.secret_sealed.toString('latin1'),
      ),
      world.logged,
    ]);
    expect(everything).not.toContain(SECRET);
  });

  it('keep their secret when only the terms change, and refuse a change of what somebody else has changed', async () => {
    const { secret: _, ...terms } = gateway({ costPaisa: 20, version: 1, enabled: false });
    expect(await change('teletalk', terms)).toMatchObject({ status: 200, body: { version: 2, enabled: false } });
    expect(await change('teletalk', terms)).toMatchObject({ status: 409, body: { code: 'gateway-changed' } });
    expect(await shown('teletalk')).toMatchObject({ version: 2, costPaisa: 20 });
    const rows = await world.fresh.admin.read<{ version: number }>(`SELECT version FROM sms_gateways`);
    expect(rows).toEqual([{ version: 2 }]);
  });

  it.each([
    ['gateway-secret-missing', 'bare', { secret: undefined }],
    ['gateway-settings-wrong', 'wrong', { settings: '{"host":"smsc.example"}' }],
    ['gateway-settings-wrong', 'wrong', { profile: 'sms-http-v3' }],
    ['field-invalid', 'wrong', { settings: '{"host":' }],
    ['field-invalid', 'wrong', { prefixes: '1234' }],
    ['field-invalid', 'wrong', { shares: 'token=0.5' }],
    ['gateway-not-found', 'UPPER', {}],
  ])('%s', async (code, name, over) => {
    expect((await change(name, gateway(over))).body).toMatchObject({ code });
    expect(await shown(name)).toBeUndefined();
  });

  it('show how the workers see them, and how much waits', async () => {
    const now = new Date();
    const see = (worker: string, healthy: boolean, at: Date) =>
      world.fresh.database.transaction((tx) =>
        reportHealth(tx, worker, [{ gateway: 'teletalk', healthy, lastFault: healthy ? null : 'gateway-timeout' }], at),
      );
    await see('long-gone', false, new Date(now.getTime() - 300_000));
    await see('a', true, now);
    await see('b', false, now);
    expect(await shown('teletalk')).toMatchObject({ workers: 2, healthyWorkers: 1, lastFaults: ['gateway-timeout'] });
    const { body } = await world.as('supervisor', 'GET', '/v1/sms/gateways');
    const queues = (body.queues as { queue: string }[]).map(({ queue }) => queue);
    expect(queues).toEqual(['receipt', 'sms-token', 'sms-code', 'sms-pending', 'sms-reminder', 'sms-notice']);
  });

  it('open with the secret they were given for whoever connects', async () => {
    const { version: _, ...again } = gateway({ enabled: true });
    expect((await change('teletalk', { ...again, version: 2 })).status).toBe(200);
    // Another key opens nothing.
    await expect(openGateways(world.fresh.database, Buffer.alloc(32))).rejects.toThrow();
  });
});

describe('failed messages', () => {
  async function customer(customerNo: string): Promise<Id> {
    const [row] = await world.fresh.admin.read<{ id: string }>(
      `SELECT LOWER(INSERT(INSERT(INSERT(INSERT(HEX(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) AS id
       FROM customers WHERE customer_no = ?`,
      [customerNo],
    );
    return row!.id;
  }
  /** A message to a customer that could not be sent. */
  async function failed(customerNo: string, outcome = 'gateway-unreachable'): Promise<StoredMessage> {
    const now = new Date();
    const recipient = { kind: 'customer', id: await customer(customerNo) } as const;
    const subject = { kind: 'payment', id: newId() } as const;
    await world.fresh.database.transaction((tx) =>
      queueMessages(tx, [{ template: 'refund', subject, recipient, values: { amount: '500.00' } }], now),
    );
    const [row] = await world.fresh.admin.read<{ id: Buffer; hex: string }>(
      'SELECT id, LOWER(HEX(id)) AS hex FROM notices WHERE subject_id = ?',
      [idToBytes(subject.id)],
    );
    const id = row!.hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const [stored] = await findMessages(world.fresh.database, [id]);
    await world.fresh.database.transaction(async (tx) => {
      const { values: _, dueAt: __, attempts: ___, ...message } = stored!;
      const attempt = {
        ...message,
        language: 'bn',
        state: 'FAILED',
        referenceId: null,
        outcome,
        givenUp: true,
      } as const;
      await Promise.all([
        saveAttempts(tx, [attempt], now),
        tx.write('DELETE FROM outbox WHERE ref_id = ?', [idToBytes(id)]),
      ]);
    });
    return stored!;
  }
  const waiting = async (messageId: Id) => {
    const rows = await world.fresh.admin.read('SELECT topic FROM outbox WHERE ref_id = ?', [idToBytes(messageId)]);
    return rows.map(({ topic }) => topic);
  };

  it('are listed newest first, for the offices of who asks, without a text or a whole number', async () => {
    const here = await failed('61000001');
    const second = await failed('61000002');
    const elsewhere = await failed('61000150');
    const list = await world.as('supervisor', 'GET', '/v1/messages?state=failed&class=notice');
    expect((list.body.items as { messageId: string }[]).map(({ messageId }) => messageId)).toEqual([
      second.messageId,
      here.messageId,
    ]);
    expect(list.body.items[1]).toMatchObject({
      ...{ template: 'refund', class: 'notice', about: 'payment', recipient: 'customer', customerNo: '61000001' },
      ...{
        state: 'failed',
        outcome: 'gateway-unreachable',
        attempts: 1,
        mobile: expect.stringMatching(/\*{4}/) as string,
      },
    });
    expect(list.text).not.toMatch(/8801\d{9}/);
    const page = await world.as('supervisor', 'GET', '/v1/messages?state=failed&limit=1');
    expect(page.body.nextCursor).toBe(second.messageId);
    const hidden = await world.as('supervisor', 'GET', `/v1/messages/${elsewhere.messageId}`);
    expect(hidden).toMatchObject({ status: 404, body: { code: 'message-not-found' } });
    const everywhere = await world.as('administrator', 'GET', '/v1/messages?state=failed');
    expect(everywhere.body.items).toHaveLength(3);
  });

  it('go out once more when a person says so: 20 at once are one, and on record', async () => {
    const message = await failed('61000001');
    const url = `/v1/messages/${message.messageId}/retry`;
    expect((await world.as('call-centre', 'GET', `/v1/messages/${message.messageId}`)).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.as('call-centre', 'POST', url)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 200, body: { state: 'queued', givenUpAt: null } });
    expect(await waiting(message.messageId)).toEqual(['sms-notice']);
    const [again] = await findMessages(world.fresh.database, [message.messageId]);
    // What a gateway may have had keeps its id, so that it can say so.
    expect(again).toMatchObject({ state: 'QUEUED', csmsId: message.csmsId, attempts: 0 });
    const trail = await world.fresh.admin.read(
      `SELECT 1 FROM audit_events WHERE action = 'message-retried' AND subject = ?`,
      [`message:${message.messageId}`],
    );
    expect(trail).toHaveLength(1);
  });

  it('get a new id when they were taken and did not arrive: the old one would be a duplicate', async () => {
    const message = await failed('61000001', 'not-delivered');
    expect((await world.as('supervisor', 'POST', `/v1/messages/${message.messageId}/retry`)).status).toBe(200);
    const [again] = await findMessages(world.fresh.database, [message.messageId]);
    expect(again!.csmsId).toMatch(/^[a-z2-7]{20}$/);
    expect(again!.csmsId).not.toBe(message.csmsId);
  });

  it('what was sent is not sent again', async () => {
    const message = await failed('61000001');
    await world.fresh.admin.transaction((tx) =>
      tx.write(`UPDATE notices SET state = 'SENT' WHERE id = ?`, [idToBytes(message.messageId)]),
    );
    expect(await world.as('supervisor', 'POST', `/v1/messages/${message.messageId}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'message-not-failed' },
    });
    expect(await waiting(message.messageId)).toEqual([]);
  });
});
