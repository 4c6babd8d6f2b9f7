/* Proves that the bKash adapter keeps the contract of checkout gateways against the sandbox's bKash over HTTP, in both versions of the refund, and that its token is granted at most twice an hour whoever asks and dies: real HTTP, real database. */
import { randomBytes } from 'node:crypto';
import type { GatewayOrder } from '@vend/checkout';
import { BkashGateway } from '../../libs/checkout/bkash/bkash-gateway';
import type { Provider } from '@vend/payments';
import { conformsToCheckoutGateway } from '../../libs/checkout/checkout-gateway.conformance';
import { anOrder, type CheckoutWorld } from '../../libs/checkout/checkout-world.conformance';
import { Bkash } from '../../apps/sandbox/bkash/bkash';
import { BkashPayments } from '../../apps/sandbox/bkash/bkash-payments';
import { BkashTokens } from '../../apps/sandbox/bkash/bkash-tokens';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { PlayedGateways } from '../support/played-gateways';

const SEALING_SECRET = randomBytes(32);
const DAY = 86_400_000;
let fresh: FreshDatabase;
let played: PlayedGateways;
beforeAll(async () => {
  [fresh, played] = await Promise.all([freshDatabase({ poolSize: 24 }), PlayedGateways.open()]);
});
afterAll(async () => {
  await Promise.all([fresh.drop(), played.close()]);
});

let companies = 0;
function company(refundApi = 'v1'): Provider {
  const code = `bkash-${++companies}`;
  const word = () => randomBytes(9).toString('hex');
  const base = `${played.url}/bkash/${code}`;
  return played.add({
    ...{ code, profile: 'bkash-checkout-v1' },
    credentials: { username: `user-${word()}`, password: word(), appKey: `key-${word()}`, appSecret: word() },
    settings: { baseUrl: `${base}/v1.2.0-beta`, refundUrl: `${base}/v2`, refundApi, timeoutMs: '20000' },
  });
}

function inAHurry(provider: Provider): Provider {
  return { ...provider, settings: { ...provider.settings, timeoutMs: '500' } };
}

const rooms = () => ({ database: fresh.database, sealingSecret: SEALING_SECRET });
const refsOf = (gatewayRef: string, trxId: string | null = null) => ({ gatewayRef, trxId, claimRef: null });

function openWorld(refundApi: string): CheckoutWorld {
  const provider = company(refundApi);
  const { code } = provider;
  let clock = Date.now;
  const gateway = new BkashGateway(provider, rooms(), () => clock());
  const impatient = new BkashGateway(inAHurry(provider), rooms(), () => clock());
  let silent = false;
  const payments = played.get(BkashPayments);
  return {
    // Where an answer is expected there is time for it; where none comes, little of it is waited for.
    get gateway() {
      return silent ? impatient : gateway;
    },
    get secrets() {
      return [...Object.values(provider.credentials), ...played.get(BkashTokens).tokensOf(code)];
    },
    refunds: true,
    visit: async (start, action) => [await played.visit(start, action)],
    expire: async ({ gatewayRef }) => {
      const payment = payments.find(code, gatewayRef)!;
      await payments.save({ ...payment, createdAt: payment.createdAt - DAY - 3_600_000 });
      clock = () => Date.now() + DAY + 3_600_000;
    },
    play: async (mode) => {
      silent = mode === 'silent';
      played.play(code, mode);
    },
    takeInstead: async (amountPaisa) => void played.get(Bkash).takesInstead.set(code, amountPaisa),
    book: async (orderNo) => {
      const refunds = payments.byInvoice(orderNo)?.refunds ?? [];
      const refundedPaisa = refunds.reduce((sum, refund) => sum + refund.amountPaisa, 0n);
      return { ...played.took(code, orderNo), refunds: refunds.length, refundedPaisa };
    },
    spoil: (messages) =>
      messages.flatMap((message) => {
        const { paymentID, ...rest } = message.query;
        return [
          ['without a payment', { ...message, query: rest }],
          ['a payment that is none', { ...message, query: { ...rest, paymentID: '<script>' } }],
          ['cut short', { ...message, query: { paymentID: paymentID! } }],
        ] as const;
      }),
    another: async () => new BkashGateway(provider, rooms(), () => clock()),
    close: async () => {
      await Promise.all([gateway.close(), impatient.close()]);
    },
  };
}

conformsToCheckoutGateway('bKash tokenized checkout', async () => openWorld('v1'));

describe('what bKash’s contract has of its own', () => {
  /** A payment that the payer has verified. */
  async function verified(provider: Provider, now: () => number = Date.now) {
    const gateway = new BkashGateway(provider, rooms(), now);
    const order: GatewayOrder = anOrder();
    const start = await gateway.start(order);
    const back = await played.visit(start, 'pay');
    return { gateway, order, start, back, refs: refsOf(start.gatewayRef) };
  }

  it('a browser that says failure of a payment that the payer verified: execute tells the truth', async () => {
    const provider = company();
    played.faults(provider.code, { 'valid-after-failed': 1 });
    const { gateway, order, back, refs } = await verified(provider);
    expect(gateway.readMessage(back)).toMatchObject({ claim: { claims: 'failed' } });
    expect(await gateway.settle(order, refs)).toMatchObject({ kind: 'paid' });
    await gateway.close();
  });

  it('an error inside HTTP 200 says nothing of the payment', async () => {
    const provider = company();
    const { gateway, order, refs } = await verified(provider);
    played.faults(provider.code, { 'error-in-200': 1 });
    expect(await gateway.settle(order, refs)).toEqual({ kind: 'unknown', reason: 'process-failed' });
    played.faults(provider.code, {});
    expect(await gateway.settle(order, refs)).toMatchObject({ kind: 'paid' });
    await gateway.close();
  });

  it('amounts as numbers and keys that nobody knows are read all the same', async () => {
    const provider = company();
    const { gateway, order, refs } = await verified(provider);
    played.faults(provider.code, { 'odd-json': 1 });
    expect(await gateway.settle(order, refs)).toMatchObject({ kind: 'paid', amountPaisa: order.amountPaisa });
    await gateway.close();
  });

  it('a payer without the money is told so by bKash, and the order has failed', async () => {
    const gateway = new BkashGateway(company(), rooms());
    const order = anOrder();
    const start = await gateway.start(order);
    await played.visit(start, 'fail');
    expect(await gateway.settle(order, refsOf(start.gatewayRef))).toEqual({
      ...{ kind: 'failed', reason: 'balance-insufficient' },
    });
    await gateway.close();
  });

  it('an invoice number that was used is refused in so many words', async () => {
    const gateway = new BkashGateway(company(), rooms());
    const order = anOrder();
    await gateway.start(order);
    await expect(gateway.start(order)).rejects.toMatchObject({
      ...{ code: 'gateway-refused', facts: { reason: 'invoice-number-used' } },
    });
    await gateway.close();
  });

  it.each(['v1', 'v2'])(
    'refunds of version %s: an answer that is lost after the money went back; once, and found again',
    async (version) => {
      const provider = company(version);
      const { gateway, order, refs } = await verified(provider);
      const { trxId } = (await gateway.settle(order, refs)) as { trxId: string };
      const paid = refsOf(refs.gatewayRef, trxId);
      const refund = { refundNo: 'RF1', amountPaisa: order.amountPaisa, reason: 'not <vended>' };
      const all = await Promise.all([1, 2, 3].map(() => gateway.refund(order, paid, refund)));
      const [first] = all;
      expect(first).toEqual({ kind: 'refunded', refundRef: expect.stringMatching(/^[A-Z0-9]{10}$/) as string });
      expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(await gateway.refundStatus(order, paid)).toEqual(first);
      expect(played.get(BkashPayments).byInvoice(order.orderNo)!.refunds).toHaveLength(1);
      await gateway.close();
    },
  );

  it('after fifteen days bKash is not asked to give back', async () => {
    const provider = company();
    const { gateway, order, refs } = await verified(provider);
    const { trxId } = (await gateway.settle(order, refs)) as { trxId: string };
    const late = new BkashGateway(provider, rooms(), () => Date.now() + 16 * DAY);
    const refund = { refundNo: 'RF1', amountPaisa: order.amountPaisa, reason: 'late' };
    expect(await late.refund(order, refsOf(refs.gatewayRef, trxId), refund)).toEqual({
      ...{ kind: 'refused', reason: 'refund-too-late' },
    });
    await Promise.all([gateway.close(), late.close()]);
  });

  it('a row that lacks what it needs says which settings, and no value', () => {
    const provider = company();
    const broken = {
      ...provider,
      settings: { ...provider.settings, baseUrl: 'http://bkash.example' },
      credentials: {},
    };
    expect(() => new BkashGateway(broken, rooms())).toThrow(
      expect.objectContaining({
        code: 'provider-misconfigured',
        facts: { provider: provider.code, fields: 'baseUrl, username, password, appKey, appSecret' },
      }) as Error,
    );
  });
});

describe('one token for all processes', () => {
  it('twenty processes that begin at once ask for one, and two hours of them for four', async () => {
    const provider = company();
    let now = Date.now();
    const processes = Array.from({ length: 20 }, () => new BkashGateway(provider, rooms(), () => now));
    const all = () => Promise.all(processes.map((gateway) => gateway.start(anOrder())));
    const tokens = played.get(BkashTokens);
    await all();
    expect(tokens.askedBy(provider.code)).toBe(1);
    now += 40 * 60_000;
    await all();
    expect(tokens.askedBy(provider.code)).toBe(1);
    // bKash’s clock stands: each question of these hours counts into one hour there, and the third is blocked.
    now += 16 * 60_000;
    await all();
    expect(tokens.askedBy(provider.code)).toBe(2);
    expect(tokens.isBlocked(provider.code)).toBe(false);
    await Promise.all(processes.map((gateway) => gateway.close()));
  });

  it('a token that expires half-way is replaced once, for all', async () => {
    const provider = company();
    const [one, two] = [new BkashGateway(provider, rooms()), new BkashGateway(provider, rooms())];
    await one.start(anOrder());
    const tokens = played.get(BkashTokens);
    for (const token of tokens.tokensOf(provider.code)) tokens.expire(token);
    await Promise.all([one, two, one, two].map((gateway) => gateway.start(anOrder())));
    expect(tokens.askedBy(provider.code)).toBe(2);
    // A third in the hour would block us: there is none, in so many words, and bKash is not asked.
    for (const token of tokens.tokensOf(provider.code)) tokens.expire(token);
    await expect(one.start(anOrder())).rejects.toMatchObject({ code: 'gateway-unavailable' });
    await expect(two.start(anOrder())).rejects.toMatchObject({ facts: { reason: 'token-limit' } });
    expect(tokens.askedBy(provider.code)).toBe(2);
    await Promise.all([one.close(), two.close()]);
  });

  it('whoever dies over the question has asked it: the next one is the hour’s second, and then it is over', async () => {
    const provider = company();
    let now = Date.now();
    await fresh.database.transaction((tx) =>
      tx.write('INSERT INTO gateway_tokens (provider, asked_last, asking_until) VALUES (?)', [
        [provider.code, new Date(now), new Date(now + 30_000)],
      ]),
    );
    now += 31_000;
    const gateway = new BkashGateway(provider, rooms(), () => now);
    await gateway.start(anOrder());
    const tokens = played.get(BkashTokens);
    expect(tokens.askedBy(provider.code)).toBe(1);
    for (const token of tokens.tokensOf(provider.code)) tokens.expire(token);
    await expect(gateway.start(anOrder())).rejects.toMatchObject({ facts: { reason: 'token-limit' } });
    expect(tokens.askedBy(provider.code)).toBe(1);
    await gateway.close();
  });

  it('a bKash that could not be reached has not been asked', async () => {
    const provider = company();
    const closed = { ...provider, settings: { ...provider.settings, baseUrl: 'http://127.0.0.1:9/v1.2.0-beta' } };
    const gateway = new BkashGateway(closed, rooms());
    for (let n = 0; n < 3; n += 1) {
      await expect(gateway.start(anOrder())).rejects.toMatchObject({ facts: { reason: 'gateway-unreachable' } });
    }
    const [row] = await fresh.database.read('SELECT * FROM gateway_tokens WHERE provider = ?', [provider.code]);
    expect(row).toMatchObject({ asked_last: null, asked_before: null, token_sealed: null });
    await gateway.close();
  });

  it('lies sealed in its row, and is another’s when the credentials change', async () => {
    const provider = company();
    const gateway = new BkashGateway(provider, rooms());
    await gateway.start(anOrder());
    const [row] = await fresh.database.read('SELECT * FROM gateway_tokens WHERE provider = ?', [provider.code]);
    const [token] = played.get(BkashTokens).tokensOf(provider.code);
    expect((row!['token_sealed'] as Buffer).includes(token!)).toBe(false);
    const changed = { ...provider, credentials: { ...provider.credentials, password: 'another-password' } };
    const other = new BkashGateway(changed, rooms(), () => Date.now() + 30_000);
    await expect(other.start(anOrder())).rejects.toMatchObject({ facts: { reason: 'token-refused' } });
    await Promise.all([gateway.close(), other.close()]);
  });
});
