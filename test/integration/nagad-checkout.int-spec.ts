/* Proves that the Nagad adapter keeps the contract of checkout gateways against the sandbox's Nagad over HTTP, with keys made for the test. */
import { generateKeyPairSync } from 'node:crypto';
import { NagadGateway } from '../../libs/checkout/nagad/nagad-gateway';
import { conformsToCheckoutGateway } from '../../libs/checkout/checkout-gateway.conformance';
import { anOrder, type CheckoutWorld } from '../../libs/checkout/checkout-world.conformance';
import { Nagad } from '../../apps/sandbox/nagad/nagad';
import { NagadPayments } from '../../apps/sandbox/nagad/nagad-payments';
import type { Provider } from '@vend/payments';
import { PlayedGateways } from '../support/played-gateways';

let played: PlayedGateways;
beforeAll(async () => {
  played = await PlayedGateways.open();
});
afterAll(() => played.close());

function keyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
const [merchant, nagad] = [keyPair(), keyPair()];
let companies = 0;
function company(changes: Readonly<Record<string, string>> = {}): Provider {
  const code = `nagad-${++companies}`;
  return played.add({
    ...{ code, profile: 'nagad-checkout-v1', credentials: { merchantPrivateKey: merchant.privateKey } },
    settings: {
      ...{ baseUrl: `${played.url}/nagad/${code}`, merchantId: '683002007104225', timeoutMs: '20000' },
      ...{ nagadPublicKey: nagad.publicKey, ...changes },
    },
    outside: { nagadPrivateKey: nagad.privateKey, merchantPublicKey: merchant.publicKey },
  });
}

conformsToCheckoutGateway('Nagad checkout', async (): Promise<CheckoutWorld> => {
  const provider = company();
  const { code } = provider;
  const gateway = new NagadGateway(provider);
  const impatient = new NagadGateway({ ...provider, settings: { ...provider.settings, timeoutMs: '500' } });
  let silent = false;
  const payments = played.get(NagadPayments);
  return {
    // Where an answer is expected there is time for it; where none comes, little of it is waited for.
    get gateway() {
      return silent ? impatient : gateway;
    },
    secrets: [merchant.privateKey.split('\n')[1]!],
    refunds: false,
    visit: async (start, action) => [await played.visit(start, action)],
    expire: async ({ gatewayRef }) => {
      const payment = payments.find(code, gatewayRef)!;
      await payments.save({ ...payment, createdAt: payment.createdAt - 3_600_000 });
    },
    play: async (mode) => {
      silent = mode === 'silent';
      played.play(code, mode);
    },
    takeInstead: async (amountPaisa) => void played.get(Nagad).takesInstead.set(code, amountPaisa),
    book: async (orderNo) => ({ ...played.took(code, orderNo), refunds: 0, refundedPaisa: 0n }),
    spoil: (messages) =>
      messages.flatMap((message) => {
        const { payment_ref_id: reference, order_id: order, status } = message.query as Record<string, string>;
        return [
          ['without a payment', { ...message, query: { order_id: order!, status: status! } }],
          ['without an order', { ...message, query: { payment_ref_id: reference!, status: status! } }],
          ['an order that is none', { ...message, query: { ...message.query, order_id: '../x' } }],
          ['cut short', { ...message, query: { order_id: order!, payment_ref_id: reference! } }],
        ] as const;
      }),
    another: async () => new NagadGateway(provider),
    close: async () => {
      await Promise.all([gateway.close(), impatient.close()]);
    },
  };
});

describe('what Nagad’s contract has of its own', () => {
  it('signatures with SHA1 where the row says so', async () => {
    const gateway = new NagadGateway(company({ signatureHash: 'SHA1' }));
    const start = await gateway.start(anOrder());
    expect(start.payUrl).toContain(start.gatewayRef);
    await gateway.close();
  });

  it('an answer that was signed by anybody else begins nothing', async () => {
    const stranger = keyPair();
    const provider = company();
    const deceived = { ...provider, settings: { ...provider.settings, nagadPublicKey: stranger.publicKey } };
    const gateway = new NagadGateway(deceived);
    await expect(gateway.start(anOrder())).rejects.toMatchObject({
      code: expect.stringMatching(/^gateway-/) as string,
    });
    await gateway.close();
  });

  it('an order number that was used is refused in a word', async () => {
    const gateway = new NagadGateway(company());
    const order = anOrder();
    await gateway.start(order);
    await expect(gateway.start(order)).rejects.toMatchObject({
      ...{ code: 'gateway-refused', facts: { reason: 'order-already-exists' } },
    });
    await gateway.close();
  });

  it('a browser that says Failed of a payment that was made: verify tells the truth', async () => {
    const provider = company();
    played.faults(provider.code, { 'valid-after-failed': 1 });
    const gateway = new NagadGateway(provider);
    const order = anOrder();
    const start = await gateway.start(order);
    expect(gateway.readMessage(await played.visit(start, 'pay'))).toMatchObject({ claim: { claims: 'failed' } });
    const refs = { gatewayRef: start.gatewayRef, trxId: null, claimRef: null };
    expect(await gateway.settle(order, refs)).toMatchObject({ kind: 'paid', amountPaisa: order.amountPaisa });
    const other = { ...order, orderNo: 'ANOTHER' };
    expect(await gateway.settle(other, refs)).toEqual({ kind: 'unknown', reason: 'answer-of-another-payment' });
    await gateway.close();
  });

  it('keys that are none are told by their settings and not by what they hold', () => {
    const provider = company();
    const secret = `MIIBSECRET${'x'.repeat(100)}`;
    const broken = { ...provider, credentials: { merchantPrivateKey: secret } };
    try {
      new NagadGateway(broken);
      throw new Error('it was opened');
    } catch (error) {
      expect(error).toMatchObject({ code: 'provider-misconfigured' });
      expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain('SECRET');
    }
  });
});
