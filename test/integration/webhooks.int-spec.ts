/*
 * Proves outgoing webhooks on a real database with a real HTTP receiver: one event for each cause and none without, signed
 * so that the specification's check holds, delivered under one id through every fault, given up, replayed, disabled.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { upsertPartner } from '@vend/identity';
import { newId, type Id } from '@vend/kernel';
import { PriceBooks } from '@vend/pricebook';
import { OwedPayments, VendCancellation } from '@vend/vending';
import {
  announce,
  dueEndpoints,
  listAttempts,
  listEndpoints,
  listMessages,
  messageFigures,
  settlementFact,
  WebhookDelivery,
  Webhooks,
  WebhookSender,
  WEBHOOK_EVENT_TYPES,
} from '@vend/webhooks';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { payment, VendingBench } from '../support/vending';

jest.setTimeout(60_000);
const HOUR = 3_600_000;
const SEALING = randomBytes(32);
const OWNER = 'hooked';
const SOURCE = `provider:${OWNER}`;

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let fresh: FreshDatabase;
let bench: VendingBench;
let server: Server;
let heard: Heard[] = [];
let answer: (response: ServerResponse) => void;
let now: number;
let serial = 500;
let webhooks: Webhooks;
const senders: WebhookSender[] = [];

const ok = (response: ServerResponse) => response.writeHead(204).end();
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end('not now');
const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

function deliverer(timeoutMs = 20_000): WebhookDelivery {
  const sender = new WebhookSender({ timeoutMs, anyAddress: true }, () => now);
  senders.push(sender);
  return new WebhookDelivery(
    fresh.database,
    SEALING,
    sender,
    () => now,
    () => 0.5,
  );
}

async function newMeter(): Promise<Id> {
  return (await bench.install({ serial: serial++ }))[0]!;
}
async function sell(over: object = {}) {
  const { record } = await bench.vending.recharge(payment(await newMeter(), { source: SOURCE, ...over }));
  return record;
}
async function eventsOf(subject: Id) {
  const found = await listMessages(fresh.database, { endpointId: null, state: null, before: null, limit: 100 });
  return found.filter(({ subjectId }) => subjectId === subject).sort((a, b) => a.sequence - b.sequence);
}
async function rows(table: 'webhook_events' | 'webhook_messages'): Promise<number> {
  const [row] = await fresh.admin.read<{ n: string }>(`SELECT COUNT(*) AS n FROM ${table}`);
  return Number(row!.n);
}
/** An endpoint of its own for a test, with one message for it. */
async function oneMessage(path: string) {
  const { endpoint, secret } = await webhooks.create(
    { owner: OWNER, url: urlOf(path), types: [...WEBHOOK_EVENT_TYPES] },
    'user:admin',
  );
  // Vending sees the endpoint when its look of five seconds ago is over.
  bench.now += 6_000;
  now = bench.now;
  const record = await sell();
  const [message] = await listMessages(fresh.database, {
    ...{ endpointId: endpoint.endpointId, state: null, before: null, limit: 1 },
  });
  return { endpoint, secret, record, message: message!, endpointId: endpoint.endpointId };
}
async function disable(endpointId: Id): Promise<void> {
  const endpoint = (await listEndpoints(fresh.database, OWNER)).find((each) => each.endpointId === endpointId)!;
  if (endpoint.active) await webhooks.change(endpointId, { active: false, version: endpoint.version }, 'user:admin');
}

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  now = bench.now;
  webhooks = new Webhooks(fresh.database, SEALING, { anyAddress: true }, () => now);
  await fresh.database.transaction((tx) =>
    upsertPartner(
      tx,
      SEALING,
      { code: OWNER, name: 'Hooked', kind: 'mobile-money', keyId: 'hooked-key', secret: randomBytes(32) },
      { actor: 'test', at: now },
    ),
  );
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  heard = [];
  answer = ok;
});
afterEach(async () => {
  for (const { endpointId } of await listEndpoints(fresh.database, OWNER)) await disable(endpointId);
  // Vending must not find the endpoints of the test before.
  bench.now += 6_000;
  now = bench.now;
});
afterAll(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await fresh?.drop();
});

describe('causes and events', () => {
  it('writes nothing while nobody wants to hear', async () => {
    const before = await rows('webhook_events');
    await Promise.all(Array.from({ length: 5 }, () => sell()));
    expect(await rows('webhook_events')).toBe(before);
  });

  it('writes one event for each of two hundred recharges at once, and none for a repeat', async () => {
    const { endpointId } = await oneMessage('/many');
    const meters = await bench.install(...Array.from({ length: 20 }, () => ({ serial: serial++ })));
    const before = await rows('webhook_messages');
    const commands = Array.from({ length: 200 }, (_, n) => payment(meters[n % 20]!, { source: SOURCE }));
    const answers = await Promise.all(
      commands.flatMap((each) => [each, each]).map((each) => bench.vending.recharge(each)),
    );
    expect(new Set(answers.map(({ record }) => record.rechargeId)).size).toBe(200);
    expect(await rows('webhook_messages')).toBe(before + 200);
    const subjects = await fresh.admin.read<{ n: string }>(
      'SELECT COUNT(*) AS n FROM webhook_events e JOIN recharges r ON r.id = e.subject_id WHERE e.sequence = 1 AND e.type = ?',
      ['payment.vended'],
    );
    expect(Number(subjects[0]!.n)).toBe(201);
    await disable(endpointId);
  });

  it('tells a payment’s whole life in rising sequence, and of no refusal', async () => {
    await oneMessage('/life');
    bench.issuer.down = true;
    const waiting = await sell({ moneyIsTaken: true });
    bench.issuer.down = false;
    await bench.vending.complete(waiting.rechargeId);
    const books = new PriceBooks(fresh.database);
    const cancellation = new VendCancellation(fresh.database, bench.ledger, books, () => bench.now);
    const cancel = { rechargeId: waiting.rechargeId, actor: 'user:selim', reason: 'a test' };
    await cancellation.cancel(cancel);
    await cancellation.cancel(cancel);
    const owed = new OwedPayments(bench.ledger);
    const refund = { rechargeId: waiting.rechargeId, from: `receivable:${OWNER}`, at: bench.now } as const;
    await bench.ledger.open([refund.from]);
    await fresh.database.transaction((tx) => owed.refund(tx, refund));
    expect((await eventsOf(waiting.rechargeId)).map(({ type, sequence }) => [type, sequence])).toEqual([
      ['payment.pending', 1],
      ['payment.vended', 2],
      ['vend.cancelled', 3],
      ['payment.refunded', 4],
    ]);
    const before = await rows('webhook_events');
    await expect(sell({ grossPaisa: 1n })).rejects.toMatchObject({ code: 'below-minimum-recharge' });
    expect(await rows('webhook_events')).toBe(before);
    const kept = await sell({ grossPaisa: 1n, moneyIsTaken: true, keepWhenRefused: true });
    expect(await eventsOf(kept.rechargeId)).toMatchObject([{ type: 'payment.refund-due', sequence: 1 }]);
  });

  it('tells of money that is settled', async () => {
    const { endpointId } = await oneMessage('/settled');
    const [settlementId, day] = [newId(now), '2026-11-21'];
    const fact = settlementFact({ owner: OWNER, settlementId, day, amountPaisa: 123_450n, at: now });
    await fresh.database.transaction((tx) => announce(tx, [fact]));
    expect(await eventsOf(settlementId)).toMatchObject([{ type: 'settlement.ready', sequence: 1, endpointId }]);
    await deliverer().work(endpointId);
    const bodies = heard.map(({ body }) => JSON.parse(body) as { type: string; data: object });
    expect(bodies.find(({ type }) => type === 'settlement.ready')?.data).toMatchObject({
      settlementId,
      day,
      amount: '1234.50',
    });
  });

  it('leaves no event of a cause that was rolled back', async () => {
    const { record } = await oneMessage('/undone');
    const owed = new OwedPayments(bench.ledger);
    const before = await rows('webhook_events');
    const refund = { rechargeId: record.rechargeId, from: `receivable:${OWNER}`, at: bench.now } as const;
    await expect(fresh.database.transaction((tx) => owed.refund(tx, refund))).rejects.toMatchObject({
      code: 'payment-not-owed',
    });
    expect(await rows('webhook_events')).toBe(before);
  });
});

describe('delivery', () => {
  it('posts ids, amounts and states, signed as Standard Webhooks has it, and never a token, phone or name', async () => {
    const { endpointId, secret, record, message } = await oneMessage('/good');
    expect(await deliverer().work(endpointId)).toMatchObject([{ outcome: 'http-204', end: 'delivered' }]);
    expect(await deliverer().work(endpointId)).toEqual([]);
    const [{ headers, body }] = heard as [Heard];
    expect(JSON.parse(body)).toEqual({
      type: 'payment.vended',
      timestamp: expect.stringMatching(/^\d{4}-.*\+06:00$/),
      data: {
        ...{ paymentId: record.rechargeId, transactionId: record.sourceRef, state: 'vended', amount: '500.00' },
        ...{ currency: 'BDT', receiptNo: record.vend!.receiptNo, refusalCode: null, sequence: 1, mode: 'live' },
      },
    });
    expect(body).not.toContain(record.vend!.tokens[0]!.digits);
    expect(headers['webhook-id']).toBe(message.eventId);
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(await listAttempts(fresh.database, message.messageId)).toMatchObject([{ outcome: 'http-204' }]);
  });

  it('signs with both secrets until the overlap is over', async () => {
    const { endpoint, endpointId } = await oneMessage('/rotate');
    await webhooks.rotate(endpointId, { overlapHours: 24, version: endpoint.version }, 'user:admin');
    const stale = webhooks.rotate(endpointId, { overlapHours: 24, version: endpoint.version }, 'user:admin');
    await expect(stale).rejects.toMatchObject({ code: 'webhook-endpoint-changed' });
    await deliverer().work(endpointId);
    expect(String(heard[0]!.headers['webhook-signature']).split(' ')).toHaveLength(2);
    await webhooks.replaySince(endpointId, now - HOUR, 'user:admin');
    now += 25 * HOUR;
    await deliverer().work(endpointId);
    expect(String(heard[1]!.headers['webhook-signature']).split(' ')).toHaveLength(1);
  });

  const FAULTS: [string, (response: ServerResponse) => void, string][] = [
    ['an error', status(500), 'http-500'],
    ['a redirect, which is not followed', status(302, { location: 'http://127.0.0.1:9/' }), 'http-302'],
    ['a refusal', status(401), 'http-401'],
    ['a reset connection', (response) => response.socket?.resetAndDestroy(), 'connection-reset'],
    ['silence', () => undefined, 'timeout'],
  ];
  it.each(FAULTS)('tries again after %s, under the same id', async (what, fault, outcome) => {
    const { endpointId, message } = await oneMessage(`/${what.replaceAll(/\W/g, '-')}`);
    answer = fault;
    expect(await deliverer(outcome === 'timeout' ? 500 : 20_000).work(endpointId)).toMatchObject([
      { outcome, end: 'retry' },
    ]);
    expect(await dueEndpoints(fresh.database, new Date(now))).not.toContain(endpointId);
    // Five seconds, of which chance has taken nothing.
    now += 5_000;
    expect(await dueEndpoints(fresh.database, new Date(now))).toContain(endpointId);
    answer = ok;
    expect(await deliverer().work(endpointId)).toMatchObject([{ end: 'delivered' }]);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([message.eventId]));
    expect(new Set(heard.map(({ body }) => body)).size).toBe(1);
  });

  it('takes a success for one however long its body is', async () => {
    const { endpointId } = await oneMessage('/huge');
    answer = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await deliverer().work(endpointId)).toMatchObject([{ outcome: 'http-200', end: 'delivered' }]);
  });

  it('waits as long as it is asked to', async () => {
    const { endpointId } = await oneMessage('/busy');
    answer = status(429, { 'retry-after': '7200' });
    await deliverer().work(endpointId);
    expect(await dueEndpoints(fresh.database, new Date(now + 7_199_000))).not.toContain(endpointId);
    expect(await dueEndpoints(fresh.database, new Date(now + 7_201_000))).toContain(endpointId);
  });

  it('gives a message up after three days, and sends it when a person says so', async () => {
    const { endpointId, message } = await oneMessage('/dead');
    answer = status(503);
    const dead = (await messageFigures(fresh.database)).DEAD;
    await deliverer().work(endpointId);
    now += 73 * HOUR;
    expect(await deliverer().work(endpointId)).toMatchObject([{ end: 'dead' }]);
    expect((await messageFigures(fresh.database)).DEAD).toBe(dead + 1);
    now += HOUR;
    expect(await deliverer().work(endpointId)).toEqual([]);
    await webhooks.replay(message.messageId, 'user:agent');
    answer = ok;
    expect(await deliverer().work(endpointId)).toMatchObject([{ end: 'delivered' }]);
    expect(heard.at(-1)!.headers['webhook-id']).toBe(message.eventId);
  });

  it('disables an endpoint that is gone, and one that fails for days; a person makes it active again', async () => {
    const { endpointId, message } = await oneMessage('/gone');
    answer = status(410);
    expect(await deliverer().work(endpointId)).toMatchObject([{ outcome: 'http-410', disabled: 'gone' }]);
    now += HOUR;
    expect(await deliverer().work(endpointId)).toEqual([]);
    await expect(webhooks.replay(message.messageId, 'user:agent')).rejects.toMatchObject({
      code: 'webhook-endpoint-disabled',
    });
    const [gone] = (await listEndpoints(fresh.database, OWNER)).filter((each) => each.endpointId === endpointId);
    expect(gone).toMatchObject({ active: false, disabledReason: 'gone' });
    await webhooks.change(endpointId, { active: true, version: gone!.version }, 'user:admin');
    answer = status(500);
    await deliverer().work(endpointId);
    now += 121 * HOUR;
    await webhooks.replay(message.messageId, 'user:agent');
    expect(await deliverer().work(endpointId)).toMatchObject([{ disabled: 'failing' }]);
  });

  it('offers again what a dying worker had in hand; two workers at once do not send one message twice', async () => {
    const { endpointId, message } = await oneMessage('/dies');
    const dies = new WebhookDelivery(
      fresh.database,
      SEALING,
      { post: () => Promise.reject(new Error('the process dies here')) },
      () => now,
    );
    await expect(dies.work(endpointId)).rejects.toThrow('dies here');
    expect(await deliverer().work(endpointId)).toEqual([]);
    now += 61_000;
    await Promise.all([deliverer().work(endpointId), deliverer().work(endpointId)]);
    expect(heard.map(({ headers }) => headers['webhook-id'])).toEqual([message.eventId]);
  });

  it('does not let a silent endpoint hold up another', async () => {
    const silent = await oneMessage('/silent');
    answer = () => undefined;
    const stuck = deliverer(3_000).work(silent.endpointId);
    const { endpointId } = await webhooks
      .create({ owner: OWNER, url: urlOf('/brisk'), types: ['payment.vended'] }, 'user:admin')
      .then(({ endpoint }) => endpoint);
    bench.now += 6_000;
    now = bench.now;
    await sell();
    while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
    answer = ok;
    expect(await deliverer().work(endpointId)).toMatchObject([{ end: 'delivered' }]);
    expect(await stuck).toMatchObject([{ outcome: 'timeout' }]);
  });

  it('replays everything since an instant, and nothing before it', async () => {
    const { endpointId } = await oneMessage('/again');
    await deliverer().work(endpointId);
    bench.now += HOUR;
    now = bench.now;
    const later = await sell();
    await deliverer().work(endpointId);
    heard = [];
    expect(await webhooks.replaySince(endpointId, now - 1, 'user:agent')).toBe(1);
    await deliverer().work(endpointId);
    expect(heard.map(({ body }) => (JSON.parse(body) as { data: { paymentId: string } }).data.paymentId)).toEqual([
      later.rechargeId,
    ]);
    expect(await webhooks.replaySince(endpointId, now - 2 * HOUR, 'user:agent')).toBe(2);
  });
});

describe('where it may go', () => {
  it('refuses private addresses, in the URL and behind a name, and what is not https', async () => {
    const guarded = new Webhooks(fresh.database, SEALING, { anyAddress: false }, () => now);
    for (const url of [
      'http://partner.example/',
      'https://10.1.2.3/',
      'https://[::1]/',
      'https://u:p@partner.example/',
    ]) {
      const made = guarded.create({ owner: OWNER, url, types: ['payment.vended'] }, 'user:admin');
      await expect(made).rejects.toMatchObject({ code: 'webhook-url-refused' });
    }
    const sender = new WebhookSender({ timeoutMs: 10_000, anyAddress: false });
    senders.push(sender);
    const headers = { 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' };
    const port = (server.address() as AddressInfo).port;
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '169.254.169.254']) {
      const result = await sender.post(`https://${host}:${port}/`, headers, Buffer.from('{}'));
      expect([host, result.outcome]).toEqual([host, 'address-refused']);
    }
    expect(heard).toEqual([]);
  });

  it('knows its owners, and takes an address once', async () => {
    const endpoint = { owner: OWNER, url: urlOf('/twice'), types: ['payment.vended'] } as const;
    await expect(webhooks.create({ ...endpoint, owner: 'nobody' }, 'user:admin')).rejects.toMatchObject({
      code: 'webhook-owner-unknown',
    });
    await webhooks.create(endpoint, 'user:admin');
    await expect(webhooks.create(endpoint, 'user:admin')).rejects.toMatchObject({ code: 'webhook-endpoint-exists' });
  });
});
