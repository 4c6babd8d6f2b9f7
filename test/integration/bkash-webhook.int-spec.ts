/* Proves what the bKash webhook does with what Amazon's service brings: the sandbox signs and posts, the listener believes or refuses, wakes, waits, keeps money that nobody told of, and never vends: real HTTP and TLS, real database and vending. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { idToBytes, newId, type Id } from '@vend/kernel';
import { floatTopUpEntry } from '@vend/ledger';
import type { GatewayMessage, KeptMessage } from '@vend/checkout';
import type { Provider } from '@vend/payments';
import { BkashWebhook } from '../../libs/checkout/sns/bkash-webhook';
import { ProviderBook } from '../../apps/sandbox/providers/provider-book';
import { SnsHost } from '../../apps/sandbox/sns/sns-host';
import { SnsPublisher } from '../../apps/sandbox/sns/sns-publisher';
import { brokenLaws } from '../support/books';
import { TestAuthority } from '../support/certificates';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { PlayedGateways } from '../support/played-gateways';
import { providerDraft, seedProvider } from '../support/providers';
import { payment, VendingBench } from '../support/vending';

// A loaded machine takes its time to make a database.
jest.setTimeout(60_000);
const SECRET = randomBytes(32);
const MINUTE = 60_000;
const authority = new TestAuthority('sandbox of the test');
const [tls, signer] = [authority.issue('sandbox'), authority.issue('sns signer')];
const SETTINGS = {
  topicArn: 'arn:aws:sns:ap-southeast-1:123456789012:bpt_01700000000',
  ...{ shortCode: '01700000000', covers: 'app-bkash,pay-bkash' },
};
const OUTSIDE = {
  ...{ tlsCertificate: tls.cert, tlsKey: tls.key, signingCertificate: signer.cert, signingKey: signer.key },
};

let fresh: FreshDatabase;
let bench: VendingBench;
let played: PlayedGateways;
let door: Server;
let came: GatewayMessage[];
let now: number;
let listener: BkashWebhook;
let provider: Provider;

beforeAll(async () => {
  door = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      came.push({ way: 'notice', query: {}, headers, rawBody: Buffer.concat(chunks), receivedAt: now });
      response.end();
    });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const webhook = { code: 'sns', profile: 'bkash-webhook-v1' as const, credentials: {}, settings: SETTINGS };
  [fresh, played] = await Promise.all([
    freshDatabase(),
    PlayedGateways.open([{ ...webhook, outside: OUTSIDE }], apiUrl),
  ]);
  bench = new VendingBench(fresh);
  provider = providerDraft(webhook);
  await seedProvider(fresh.database, SECRET, { code: 'app-bkash', profile: 'biller-form-v1' });
  await seedProvider(fresh.database, SECRET, { code: 'pay-bkash', profile: 'bkash-checkout-v1' });
});
beforeEach(() => {
  came = [];
  now = Date.now();
  listener = open(provider);
});
afterEach(async () => {
  played.faults('sns', {});
  await listener.close();
  expect(await brokenLaws(fresh.admin)).toEqual([]);
});
afterAll(async () => {
  await played.close();
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
  await fresh.drop();
});

function open(row: Provider): BkashWebhook {
  const host = new URL(played.get(SnsHost).certificateUrl('sns')!).host;
  return new BkashWebhook(
    row,
    {
      ...{ database: fresh.database, sealingSecret: SECRET, vending: bench.vending },
      orderOfTrx: async () => undefined,
      snsTrust: { simulators: [host], ca: authority.pem },
    },
    () => now,
  );
}

let serial = 0;
const newTrx = () => `TRX${randomBytes(3).toString('hex').toUpperCase()}${++serial}`;

/** bKash takes a payment; what is posted to us of it, in order. */
async function paid(change: { provider?: string; orderNo?: string | null; trxId?: string } = {}): Promise<string> {
  const trxId = change.trxId ?? newTrx();
  await played.get(ProviderBook).took({
    ...{ provider: 'app-bkash', reference: '4001-2345', amountPaisa: 50_000n, at: Date.now() },
    ...{ orderNo: null, ...change, trxId },
  });
  await played.get(SnsPublisher).quiet();
  return trxId;
}

const readAll = () => Promise.all(came.map((message) => listener.readMessage(message)));

async function kept(message: GatewayMessage, receivedAt = now): Promise<KeptMessage> {
  const read = await listener.readMessage(message);
  if (!('claim' in read)) throw new Error(`refused: ${read.refused}`);
  return { messageId: newId(), provider, claim: read.claim, rawBody: message.rawBody, receivedAt };
}

const paymentOf = (source: string, trxId: string) => bench.vending.findByKey(`provider:${source}`, trxId);

describe('what is believed', () => {
  it('a notice as it came, in either version, with and without Subject', async () => {
    const trxId = await paid();
    played.faults('sns', { 'sns-version-2': 1, 'sns-no-subject': 1 });
    await paid({ trxId: newTrx() });
    expect(came.map(({ rawBody }) => JSON.parse(rawBody.toString()) as object)).toMatchObject([
      { SignatureVersion: '1', Subject: 'Payment notification' },
      { SignatureVersion: '2' },
    ]);
    expect(came[0]!.headers['content-type']).toContain('text/plain');
    const [first, second] = await readAll();
    expect(first).toMatchObject({ claim: { trxId, claims: 'paid', orderNo: null } });
    expect(second).toMatchObject({ claim: { claims: 'paid' } });
  });

  it('the same notice twice has one key, and another message of the same payment another', async () => {
    played.faults('sns', { 'notice-twice': 1, 'notice-other-id': 1 });
    await paid();
    const keys = (await readAll()).map((read) => ('claim' in read ? read.claim.eventKey : read.refused));
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('a foreign host, another topic, a changed or shortened body are refused, each by its name', async () => {
    played.faults('sns', { 'sns-foreign-host': 1, 'sns-wrong-topic': 1 });
    await paid();
    expect(await readAll()).toMatchObject([
      { refused: 'certificate-host-foreign' },
      { refused: 'topic-foreign' },
      { claim: { claims: 'paid' } },
    ]);
    const good = came[2]!;
    const spoilt = (rawBody: Buffer) => listener.readMessage({ ...good, rawBody });
    const text = good.rawBody.toString();
    expect(await spoilt(Buffer.from(text.replace('\\"500\\"', '\\"5000\\"')))).toEqual({ refused: 'signature-wrong' });
    expect(await spoilt(good.rawBody.subarray(0, -20))).toEqual({ refused: 'envelope-malformed' });
    expect(await listener.readMessage({ ...good, way: 'return' })).toEqual({ refused: 'not-a-notice' });
    now += 3 * 86_400_000;
    expect(await spoilt(good.rawBody)).toEqual({ refused: 'certificate-not-valid' });
  });

  it('a certificate at an address that leads elsewhere is none', async () => {
    await paid();
    const { rawBody } = came[0]!;
    const moved = Buffer.from(rawBody.toString().replace('SimpleNotificationService-sns', 'moved-sns'));
    expect(await listener.readMessage({ ...came[0]!, rawBody: moved })).toEqual({ refused: 'certificate-not-there' });
  });
});

describe('what is done', () => {
  it('the question whether we want to be told is answered once, where it may be answered', async () => {
    await played.get(SnsPublisher).askToSubscribe('sns');
    const message = await kept(came[0]!);
    const host = played.get(SnsHost);
    const before = host.confirmations(SETTINGS.topicArn);
    expect(await listener.work(message)).toEqual({ done: 'subscribed' });
    expect(host.confirmations(SETTINGS.topicArn)).toBe(before + 1);
    const elsewhere = JSON.parse(message.rawBody.toString()) as Record<string, string>;
    const rawBody = Buffer.from(JSON.stringify({ ...elsewhere, SubscribeURL: 'https://127.0.0.1:1/?a' }));
    expect(await listener.work({ ...message, rawBody })).toEqual({ done: 'subscribe-host-foreign' });
  });

  it('a payment that is in the books, early or late, is known and nothing happens', async () => {
    const [meterId] = await bench.install({ serial: 1 });
    const trxId = newTrx();
    await bench.vending.recharge(payment(meterId!, { source: 'provider:app-bkash', sourceRef: trxId }));
    await paid({ trxId });
    expect(await listener.work(await kept(came[0]!))).toEqual({ done: 'known' });
    expect(await paymentOf('app-bkash', trxId)).toMatchObject({ state: 'APPLIED' });
  });

  it('what nobody told of waits for its grace, then is owed back once, with what the payer typed; a late pay vends nothing', async () => {
    played.faults('sns', { 'notice-other-id': 1 });
    const trxId = await paid();
    const [message, again] = await Promise.all(came.map((each) => kept(each)));
    expect(await listener.work(message!)).toEqual({ againAt: now + MINUTE });
    expect(await paymentOf('app-bkash', trxId)).toBeUndefined();
    now += 11 * MINUTE;
    const turns = await Promise.all([message!, message!, again!].map((each) => listener.work(each)));
    expect(turns.every((turn) => 'done' in turn)).toBe(true);
    const record = (await paymentOf('app-bkash', trxId))!;
    expect(record).toMatchObject({
      state: 'REFUND_DUE',
      refusalCode: 'money-without-order',
      meterId: null,
      vend: null,
    });
    const typed = await fresh.database.read('SELECT typed FROM money_notices WHERE recharge_id = ?', [
      idToBytes(record.rechargeId),
    ]);
    expect(typed).toEqual([{ typed: '4001-2345' }]);
    const waiting = await fresh.database.read('SELECT 1 FROM outbox WHERE topic = ? AND ref_id = ?', [
      'case',
      idToBytes(record.rechargeId),
    ]);
    expect(waiting).toHaveLength(1);
    expect(await listener.work(again!)).toEqual({ done: 'known' });
    const [meterId] = await bench.install({ serial: 2 });
    const late = payment(meterId!, { source: 'provider:app-bkash', sourceRef: trxId, grossPaisa: 50_000n });
    await expect(bench.vending.recharge(late)).rejects.toMatchObject({ code: 'transaction-conflict' });
    expect((await paymentOf('app-bkash', trxId))!.vend).toBeNull();
  });

  it('an order that waits for its payment is woken, and its money is kept for it', async () => {
    const orderId = await order('V1WAITS');
    const trxId = await paid({ provider: 'pay-bkash', orderNo: 'V1WAITS' });
    const message = await kept(came[0]!);
    expect(message.claim.orderNo).toBe('V1WAITS');
    expect(await listener.work(message)).toEqual({ againAt: expect.any(Number) as number });
    const woken = await fresh.database.read('SELECT 1 FROM outbox WHERE topic = ? AND ref_id = ?', [
      'checkout',
      idToBytes(orderId),
    ]);
    expect(woken).toHaveLength(1);
    now += 60 * MINUTE;
    expect(await listener.work(message)).toEqual({ againAt: expect.any(Number) as number });
    expect(await paymentOf('pay-bkash', trxId)).toBeUndefined();
  });

  it('money of a checkout whose order nobody has is owed back under the checkout’s name', async () => {
    const trxId = await paid({ provider: 'pay-bkash', orderNo: 'V1NOBODY' });
    const message = await kept(came[0]!);
    now += 11 * MINUTE;
    expect(await listener.work(message)).toEqual({ done: 'money-without-order' });
    expect(await paymentOf('pay-bkash', trxId)).toMatchObject({ state: 'REFUND_DUE' });
  });

  it('what a biller was told that we do not take is not taken here either', async () => {
    const trxId = newTrx();
    await fresh.admin.transaction((tx) =>
      tx.write(
        `INSERT INTO biller_commits (provider, trx_id, request_sha256, reference, amount_paisa, state, refusal_code, accepted_at, taken_by)
         VALUES (?)`,
        [
          [
            'app-bkash',
            trxId,
            Buffer.alloc(32),
            '1',
            50_000n,
            'REFUSED',
            'reference-unknown',
            new Date(now),
            Buffer.alloc(8),
          ],
        ],
      ),
    );
    await paid({ trxId });
    const message = await kept(came[0]!);
    now += 11 * MINUTE;
    expect(await listener.work(message)).toEqual({ done: 'refused-to-biller' });
  });

  it('a vendor that pays from its float is looked for by the name that its payments have, and no other', async () => {
    const row = { code: 'agent', profile: 'biller-form-v1', prepaid: true } as const;
    await seedProvider(fresh.database, SECRET, row);
    const float = floatTopUpEntry({ businessId: newId(), bookedAt: now }, 'bank:settlement', 'float:agent', 200_000n);
    await bench.ledger.open(['bank:settlement', 'float:agent']);
    await fresh.database.transaction((tx) => bench.ledger.post(tx, [float]));
    const [meterId] = await bench.install({ serial: 3 });
    const vended = newTrx();
    await bench.vending.recharge(payment(meterId!, { source: 'vendor:agent', sourceRef: vended }));
    await paid({ trxId: vended });
    const unheard = await paid();
    const messages = await Promise.all(came.map((each) => kept(each)));
    now += 11 * MINUTE;
    const agents = open({ ...provider, settings: { ...SETTINGS, covers: 'agent' } });
    expect(await agents.work(messages[0]!)).toEqual({ done: 'known' });
    expect(await agents.work(messages[1]!)).toEqual({ done: 'money-without-order' });
    expect(await bench.vending.findByKey('vendor:agent', unheard)).toMatchObject({ state: 'REFUND_DUE' });
    await agents.close();
  });

  it.each([['another account', { shortCode: '01900000000' }, 'other-short-code']])(
    '%s: nothing is kept',
    async (_, change, done) => {
      await paid();
      const other = open({ ...provider, settings: { ...SETTINGS, ...change } });
      const message = await kept(came[0]!);
      expect(await other.work(message)).toEqual({ done });
      await other.close();
    },
  );
});

/** An order that bKash was told of, as the checkout keeps it. */
async function order(orderNo: string): Promise<Id> {
  const orderId = newId();
  const at = new Date(now);
  await fresh.admin.transaction((tx) =>
    tx.write(
      `INSERT INTO checkout_orders (id, order_no, request_id, provider, reference, amount_paisa, language, address, state,
         gateway_ref, pay_url, created_at, expires_at, changed_at) VALUES (?)`,
      [
        [
          ...[idToBytes(orderId), orderNo, idToBytes(newId()), 'pay-bkash', '40012345', 50_000n, 'bn', '127.0.0.1'],
          ...['STARTED', 'TR0011x', 'https://pay.example/x', at, at, at],
        ],
      ],
    ),
  );
  return orderId;
}
