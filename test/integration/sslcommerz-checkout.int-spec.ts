/* Proves that the SSLCommerz adapter keeps the contract of checkout gateways against the sandbox's SSLCommerz over HTTP, and what that contract has of its own: the risk, the notices, the validation as the only proof. */
import type { Provider } from '@vend/payments';
import { SslcommerzGateway } from '../../libs/checkout/sslcommerz/sslcommerz-gateway';
import { sslcommerzSignature } from '../../libs/checkout/sslcommerz/signature';
import { conformsToCheckoutGateway } from '../../libs/checkout/checkout-gateway.conformance';
import { anOrder, type CheckoutWorld } from '../../libs/checkout/checkout-world.conformance';
import type { GatewayMessage, GatewayStart } from '../../libs/checkout/gateway';
import { Sslcommerz } from '../../apps/sandbox/sslcommerz/sslcommerz';
import { SslcommerzSessions } from '../../apps/sandbox/sslcommerz/sslcommerz-sessions';
import { PlayedGateways } from '../support/played-gateways';

const PASSWORD = 'an invented store password';
let played: PlayedGateways;
beforeAll(async () => {
  played = await PlayedGateways.open();
});
afterAll(() => played.close());

let companies = 0;
function company(): Provider {
  const code = `cards-${++companies}`;
  return played.add({
    ...{ code, profile: 'sslcommerz-v4', credentials: { storePassword: PASSWORD } },
    settings: { baseUrl: `${played.url}/sslcommerz/${code}`, storeId: `store-${code}`, timeoutMs: '20000' },
  });
}

/** The browser's way back: a form, signed by the gateway. */
async function visit({ payUrl }: GatewayStart, action: 'pay' | 'fail' | 'cancel'): Promise<GatewayMessage> {
  const answer = await fetch(payUrl, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ action }),
  });
  const { next } = (await answer.json()) as { next: { method: string; form: Record<string, string> } };
  expect(next.method).toBe('POST');
  return messageOf(next.form);
}

function messageOf(form: Readonly<Record<string, string>>): GatewayMessage {
  const rawBody = Buffer.from(new URLSearchParams(form).toString());
  return { way: 'return', query: {}, headers: {}, rawBody, receivedAt: Date.now() };
}

function formOf({ rawBody }: GatewayMessage): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(rawBody.toString()));
}

/** Signs these names of a form anew, as one who knows the password does. */
function signedAgain(form: Readonly<Record<string, string>>, names: readonly string[], password = PASSWORD) {
  const sign = (algorithm: 'md5' | 'sha256') => sslcommerzSignature(form, names, password, algorithm);
  return { ...form, verify_key: names.join(','), verify_sign: sign('md5'), verify_sign_sha2: sign('sha256') };
}

conformsToCheckoutGateway('SSLCommerz v4', async (): Promise<CheckoutWorld> => {
  const provider = company();
  const { code } = provider;
  const gateway = new SslcommerzGateway(provider);
  const impatient = new SslcommerzGateway({ ...provider, settings: { ...provider.settings, timeoutMs: '500' } });
  let silent = false;
  const sessions = played.get(SslcommerzSessions);
  return {
    // Where an answer is expected there is time for it; where none comes, little of it is waited for.
    get gateway() {
      return silent ? impatient : gateway;
    },
    secrets: [PASSWORD],
    refunds: true,
    visit: async (start, action) => [await visit(start, action)],
    expire: ({ gatewayRef }) => played.get(Sslcommerz).expire(code, gatewayRef),
    play: async (mode) => {
      silent = mode === 'silent';
      played.play(code, mode);
    },
    takeInstead: async (amountPaisa) => void played.get(Sslcommerz).takesInstead.set(code, amountPaisa),
    book: async (orderNo) => {
      const refunds = sessions.named(code, 'order', orderNo).flatMap((session) => session.refunds);
      return {
        ...played.took(code, orderNo),
        refunds: refunds.length,
        refundedPaisa: refunds.reduce((sum, { amountPaisa }) => sum + amountPaisa, 0n),
      };
    },
    spoil: (messages) =>
      messages.flatMap((message) => {
        const form = formOf(message);
        const names = form['verify_key']!.split(',');
        const few = names.filter((name) => name !== 'amount');
        const { verify_sign: signature, ...unsigned } = form;
        expect(signature).toBeDefined();
        return [
          ['another amount', messageOf({ ...form, amount: '1.00' })],
          ['another order', messageOf({ ...form, tran_id: 'V0000000000000000000' })],
          ['signed over too little', messageOf(signedAgain(form, few))],
          ['signed by a stranger', messageOf(signedAgain(form, names, 'another password'))],
          ['of another store', messageOf(signedAgain({ ...form, store_id: 'another' }, names))],
          ['not signed', messageOf(unsigned)],
          ['cut short', { ...message, rawBody: message.rawBody.subarray(0, 200) }],
          ['a field twice', { ...message, rawBody: Buffer.concat([message.rawBody, Buffer.from('&amount=1.00')]) }],
        ] as const;
      }),
    another: async () => new SslcommerzGateway(provider),
    close: async () => {
      await Promise.all([gateway.close(), impatient.close()]);
    },
  };
});

describe('what SSLCommerz’s contract has of its own', () => {
  let gateway: SslcommerzGateway;
  let code: string;
  beforeEach(() => {
    const provider = company();
    ({ code } = provider);
    gateway = new SslcommerzGateway(provider);
  });
  afterEach(() => gateway.close());

  const refs = (gatewayRef: string, claimRef: string | null = null) => ({ gatewayRef, trxId: null, claimRef });

  it('a card that may be stolen is held, with what was taken', async () => {
    played.faults(code, { 'risk-level-1': 1 });
    const order = anOrder();
    const start = await gateway.start(order);
    await visit(start, 'pay');
    expect(await gateway.settle(order, refs(start.gatewayRef))).toMatchObject({
      ...{ kind: 'held', reason: 'risk-level-1', amountPaisa: order.amountPaisa },
    });
  });

  it('a claim of another order’s validation proves nothing of this one', async () => {
    const [mine, theirs] = [anOrder(), anOrder()];
    const [start, other] = [await gateway.start(mine), await gateway.start(theirs)];
    const { val_id: valId } = formOf(await visit(other, 'pay'));
    expect(await gateway.settle(mine, refs(start.gatewayRef, valId))).toEqual({ kind: 'open' });
    expect(await gateway.settle(theirs, refs(other.gatewayRef, valId))).toMatchObject({ kind: 'paid' });
    expect(await gateway.settle(mine, refs(start.gatewayRef, 'no-such-validation'))).toEqual({ kind: 'open' });
  });

  it('what failed is paid when the gateway has changed its mind, and stays so', async () => {
    played.faults(code, { 'valid-after-failed': 1 });
    const order = anOrder();
    const start = await gateway.start(order);
    const message = await visit(start, 'pay');
    expect(gateway.readMessage(message)).toMatchObject({ claim: { claims: 'failed' } });
    const seen: string[] = [];
    const until = Date.now() + 30_000;
    while (seen.at(-1) !== 'paid' && Date.now() < until) {
      seen.push((await gateway.settle(order, refs(start.gatewayRef))).kind);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(seen.at(-1)).toBe('paid');
    expect(await gateway.settle(order, refs(start.gatewayRef))).toMatchObject({ kind: 'paid' });
  });

  it('a wrong store password is refused in so many words, and never said', async () => {
    const provider = company();
    const stranger = new SslcommerzGateway({ ...provider, credentials: { storePassword: 'not the password' } });
    await expect(stranger.start(anOrder())).rejects.toMatchObject({ code: 'gateway-refused' });
    expect(await stranger.settle(anOrder(), refs('ANY'))).toMatchObject({ kind: 'unknown' });
    await stranger.close();
  });
});
