import { randomBytes } from 'node:crypto';
import { DomainError, formatTaka, type InstantMs } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import { z } from 'zod';
import type { CheckoutErrorCode } from '../checkout.errors';
import type {
  CheckoutGateway,
  Contract,
  GatewayClaim,
  GatewayMessage,
  GatewayOrder,
  GatewayRefs,
  GatewayRefund,
  GatewayRooms,
  GatewayStart,
  GatewayVerdict,
  ReadMessage,
} from '../gateway';
import { GatewayHttp } from '../gateway-http';
import { plainUrlSetting, readSettings, timeoutSetting } from '../gateway-settings';
import { NagadCrypto, pemOf } from './nagad-crypto';
import { completed, nagadTime, openInitialized, readNagadAnswer, verified, type NagadAnswer } from './nagad.wire';

const settings = z.object({
  /** With any path before `/api/dfs`. */
  baseUrl: plainUrlSetting,
  merchantId: z.string().regex(/^[\w-]{1,40}$/),
  /** Nagad's public key, as PEM or as the base64 that it hands out. */
  nagadPublicKey: z.string().min(100),
  signatureHash: z.enum(['SHA256', 'SHA1']).default('SHA256'),
  /** Our address as Nagad has white-listed it: goes into a header. */
  serverAddress: z.string().regex(/^[\d.]{7,15}$/).default('127.0.0.1'), // prettier-ignore
  clientType: z.enum(['PC_WEB', 'MOBILE_WEB', 'MOBILE_APP', 'WALLET_WEB_VIEW', 'BILL_KEY']).default('PC_WEB'),
  timeoutMs: timeoutSetting,
});
const credentials = z.object({ merchantPrivateKey: z.string().min(100) });

const REFERENCE = /^[\w-]{1,100}$/;
const TAKA_CODE = '050';
const CLAIMS: Readonly<Record<string, GatewayClaim['claims']>> = {
  Success: 'paid',
  Failed: 'failed',
  Aborted: 'cancelled',
};
/** What a payment is that is neither paid nor under way, by Nagad's word for it. */
const ENDS: Readonly<Record<string, GatewayVerdict>> = {
  Failed: { kind: 'failed', reason: 'failed' },
  Aborted: { kind: 'failed', reason: 'cancelled' },
  Cancelled: { kind: 'failed', reason: 'cancelled' },
  Expired: { kind: 'expired' },
};
/** The words of a payment that the payer has not ended. */
const OPEN = new Set(['Initiated', 'Ready', 'InProgress', 'OtpSent', 'OtpVerified', 'PinGiven']);

/**
 * Nagad checkout (CHANNELS.md, 4): initialize and complete with RSA both ways, then the payer's browser, then `verify`,
 * which alone is proof. Its contract names no refund: a person pays back.
 *
 * @throws {DomainError} provider-misconfigured, from the constructor
 */
export class NagadGateway implements CheckoutGateway {
  readonly profile = 'nagad-checkout-v1';
  private readonly settings: z.output<typeof settings>;
  private readonly http: GatewayHttp;
  private readonly crypto: NagadCrypto;

  constructor(
    provider: Provider,
    private readonly now: () => InstantMs = Date.now,
  ) {
    const { merchantPrivateKey, ...rest } = readSettings(provider, settings, credentials);
    this.settings = rest;
    this.http = new GatewayHttp(rest.timeoutMs);
    this.crypto = keysOf(provider.code, merchantPrivateKey, rest.nagadPublicKey, rest.signatureHash);
  }

  async start(order: GatewayOrder): Promise<GatewayStart> {
    const { merchantId } = this.settings;
    const { orderNo: orderId } = order;
    const challenge = randomBytes(20).toString('hex');
    const datetime = nagadTime(this.now());
    const asked = this.crypto.seal(JSON.stringify({ merchantId, datetime, orderId, challenge }));
    const first = await this.post(`check-out/initialize/${merchantId}/${orderId}`, { dateTime: datetime, ...asked });
    const opened = first.kind === 'ok' ? openInitialized(first.body, this.crypto, challenge) : undefined;
    if (!opened) throw notStarted(first);
    const { paymentReferenceId } = opened;
    const amount = formatTaka(order.amountPaisa);
    const sensitive = { merchantId, orderId, currencyCode: TAKA_CODE, amount, challenge };
    const second = await this.post(`check-out/complete/${paymentReferenceId}`, {
      ...this.crypto.seal(JSON.stringify(sensitive)),
      merchantCallbackURL: order.returnUrl,
      additionalMerchantInfo: { reference: order.reference },
    });
    const ready = second.kind === 'ok' ? completed.safeParse(second.body).data : undefined;
    if (!ready) throw notStarted(second);
    return { payUrl: ready.callBackUrl, gatewayRef: paymentReferenceId };
  }

  /** The browser's way back; Nagad sends nothing by itself. */
  readMessage({ way, query }: GatewayMessage): ReadMessage {
    if (way !== 'return') return { refused: 'no-notices' };
    const { order_id: orderNo = '', payment_ref_id: gatewayRef = '', status = '' } = query;
    if (!REFERENCE.test(orderNo) || !REFERENCE.test(gatewayRef)) return { refused: 'payment-reference-missing' };
    const claims = Object.hasOwn(CLAIMS, status) ? CLAIMS[status] : undefined;
    if (claims === undefined) return { refused: 'status-unknown' };
    return { claim: { eventKey: `${gatewayRef}/${status}`, orderNo, gatewayRef, trxId: null, claims } };
  }

  async settle(
    order: Pick<GatewayOrder, 'orderNo'>,
    { gatewayRef }: Pick<GatewayRefs, 'gatewayRef'>,
  ): Promise<GatewayVerdict> {
    const outcome = await this.http.call({
      method: 'GET',
      url: `${this.settings.baseUrl}/api/dfs/verify/payment/${encodeURIComponent(gatewayRef)}`,
      headers: this.headers(),
    });
    const answer = readNagadAnswer(outcome);
    if (answer.kind !== 'ok') return { kind: 'unknown', reason: answer.reason };
    const payment = verified.safeParse(answer.body).data;
    if (!payment) return { kind: 'unknown', reason: 'answer-unreadable' };
    const { merchantId, orderId, paymentRefId, status, statusCode, issuerPaymentRefNo: trxId } = payment;
    const isOurs = merchantId === this.settings.merchantId && orderId === order.orderNo && paymentRefId === gatewayRef;
    if (!isOurs) return { kind: 'unknown', reason: 'answer-of-another-payment' };
    if (payment.cancelIssuerRefNo && trxId) return { kind: 'refunded', trxId };
    if (status === 'Success' && statusCode === '000') {
      if (!trxId) return { kind: 'unknown', reason: 'answer-without-trx-id' };
      return { kind: 'paid', trxId, amountPaisa: payment.amount, paidAt: payment.issuerPaymentDateTime };
    }
    if (OPEN.has(status)) return { kind: 'open' };
    return (Object.hasOwn(ENDS, status) && ENDS[status]) || { kind: 'unknown', reason: 'status-unknown' };
  }

  async lookUp({ orderNo, gatewayRef }: GatewayClaim): Promise<GatewayVerdict> {
    if (orderNo === null || gatewayRef === null) return { kind: 'unknown', reason: 'payment-reference-missing' };
    return this.settle({ orderNo }, { gatewayRef });
  }

  /** There is none in the contract. */
  async refund(): Promise<GatewayRefund> {
    return { kind: 'refused', reason: 'no-refund-in-contract' };
  }

  async refundStatus(): Promise<GatewayRefund> {
    return { kind: 'refused', reason: 'no-refund-in-contract' };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async post(path: string, body: object): Promise<NagadAnswer> {
    const url = `${this.settings.baseUrl}/api/dfs/${path}`;
    const headers = { ...this.headers(), 'content-type': 'application/json' };
    return readNagadAnswer(await this.http.call({ method: 'POST', url, headers, body: JSON.stringify(body) }));
  }

  private headers(): Record<string, string> {
    return {
      'x-km-api-version': 'v-0.2.0',
      'x-km-ip-v4': this.settings.serverAddress,
      'x-km-client-type': this.settings.clientType,
      'x-km-mc-id': this.settings.merchantId,
    };
  }
}

function notStarted(answer: NagadAnswer): DomainError {
  if (answer.kind === 'refused') return new DomainError('gateway-refused', { reason: answer.reason });
  return new DomainError('gateway-unavailable', {
    reason: answer.kind === 'none' ? answer.reason : 'answer-not-proven',
  });
}

function keysOf(provider: string, privateKey: string, publicKey: string, hash: 'SHA256' | 'SHA1'): NagadCrypto {
  try {
    return new NagadCrypto({
      privateKey: pemOf(privateKey, 'PRIVATE KEY'),
      publicKey: pemOf(publicKey, 'PUBLIC KEY'),
      hash: `RSA-${hash}`,
    });
  } catch {
    // Without its cause: OpenSSL's words may hold some of the key.
    throw new DomainError<CheckoutErrorCode>('provider-misconfigured', {
      provider,
      fields: 'merchantPrivateKey, nagadPublicKey',
    });
  }
}

/** How rows of Nagad checkouts are read. */
export const NAGAD_CHECKOUT: Contract<GatewayRooms, CheckoutGateway> = {
  credentialNames: ['merchantPrivateKey'],
  settingNames: [
    { name: 'baseUrl', optional: false },
    { name: 'merchantId', optional: false },
    { name: 'nagadPublicKey', optional: false },
    { name: 'signatureHash', optional: true },
    { name: 'serverAddress', optional: true },
    { name: 'clientType', optional: true },
    { name: 'timeoutMs', optional: true },
  ],
  open: (provider) => new NagadGateway(provider),
};
