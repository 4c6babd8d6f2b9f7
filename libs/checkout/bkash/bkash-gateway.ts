import { DomainError, formatTaka, isDomainError, type InstantMs } from '@vend/kernel';
import type { Provider } from '@vend/payments';
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
import { BkashClient } from './bkash-client';
import { bkashFault } from './bkash.codes';
import { createAnswer, paymentAnswer, type BkashAnswer, type BkashPayment } from './bkash.wire';
import { BkashRefunds } from './bkash-refunds';

/** A payment that nobody has executed by then never will be; the minutes are for clocks that differ. */
const PAYMENT_LIVES_MS = 24 * 3_600_000 + 10 * 60_000;
const PAYMENT_ID = /^[\w-]{1,64}$/;
const CLAIMS: Readonly<Record<string, GatewayClaim['claims']>> = {
  success: 'paid',
  failure: 'failed',
  cancel: 'cancelled',
};

/**
 * bKash tokenized checkout, one-off payments (CHANNELS.md, 2). The payer confirms at bKash; the money moves when we
 * execute. What the browser says proves nothing: execute and the status call do.
 *
 * @throws {DomainError} provider-misconfigured, from the constructor
 * @example const verdict = await new BkashGateway(provider, { database, sealingSecret }).settle(order, refs);
 */
export class BkashGateway implements CheckoutGateway {
  readonly profile = 'bkash-checkout-v1';
  private readonly client: BkashClient;
  private readonly refunds: BkashRefunds;

  constructor(
    provider: Provider,
    rooms: GatewayRooms,
    private readonly now: () => InstantMs = Date.now,
  ) {
    this.client = new BkashClient(provider, rooms, now);
    this.refunds = new BkashRefunds(this.client, now);
  }

  async start(order: GatewayOrder): Promise<GatewayStart> {
    const answer = await this.client.checkout('create', {
      mode: '0011',
      payerReference: order.reference.replace(/[<>&]/g, ''),
      callbackURL: order.returnUrl,
      amount: formatTaka(order.amountPaisa),
      currency: 'BDT',
      intent: 'sale',
      merchantInvoiceNumber: order.orderNo,
    });
    if (answer.kind === 'code') {
      const { fault, name } = bkashFault(answer.code);
      throw new DomainError(fault === 'again' ? 'gateway-unavailable' : 'gateway-refused', { reason: name });
    }
    const made = answer.kind === 'ok' ? createAnswer.safeParse(answer.body).data : undefined;
    if (made?.merchantInvoiceNumber !== order.orderNo) {
      throw new DomainError('gateway-unavailable', { reason: reasonOf(answer) });
    }
    return { payUrl: made.bkashURL, gatewayRef: made.paymentID };
  }

  /** bKash sends nothing by itself here; its webhook has a row of its own. */
  readMessage({ way, query }: GatewayMessage): ReadMessage {
    if (way !== 'return') return { refused: 'no-notices' };
    const { paymentID = '', status = '' } = query;
    if (!PAYMENT_ID.test(paymentID)) return { refused: 'payment-id-missing' };
    const claims = Object.hasOwn(CLAIMS, status) ? CLAIMS[status] : undefined;
    if (claims === undefined) return { refused: 'status-unknown' };
    return {
      claim: { eventKey: `${paymentID}/${status}`, orderNo: null, gatewayRef: paymentID, trxId: null, claims },
    };
  }

  settle(order: GatewayOrder, refs: GatewayRefs): Promise<GatewayVerdict> {
    return unknownWithoutToken(async () => {
      const executed = await this.client.checkout('execute', { paymentID: refs.gatewayRef });
      const done = this.paidBy(executed, order, refs);
      if (done) return done;
      // Whatever was said, and above all when nothing was: the status call knows what is true.
      const asked = await this.client.checkout('payment/status', { paymentID: refs.gatewayRef });
      return this.paidBy(asked, order, refs) ?? this.unpaid(executed, asked, order);
    });
  }

  /** By the status call alone: what is not executed is not taken, and stays so. */
  lookUp({ gatewayRef }: GatewayClaim): Promise<GatewayVerdict> {
    if (gatewayRef === null) return Promise.resolve({ kind: 'unknown', reason: 'payment-id-missing' });
    return unknownWithoutToken(async () => {
      const asked = await this.client.checkout('payment/status', { paymentID: gatewayRef });
      const paid = this.paidBy(asked, undefined, { gatewayRef });
      if (paid) return paid;
      if (asked.kind === 'ok' && asked.body['transactionStatus'] === 'Initiated') return { kind: 'open' };
      if (asked.kind !== 'code') return { kind: 'unknown', reason: reasonOf(asked) };
      const { fault, name } = bkashFault(asked.code);
      return fault === 'again' ? { kind: 'unknown', reason: name } : { kind: 'failed', reason: name };
    });
  }

  async refund(
    order: GatewayOrder,
    refs: GatewayRefs,
    refund: { readonly refundNo: string; readonly amountPaisa: bigint; readonly reason: string },
  ): Promise<GatewayRefund> {
    return this.refunds.give(order, refs, refund);
  }

  async refundStatus(_order: GatewayOrder, refs: GatewayRefs): Promise<GatewayRefund> {
    return this.refunds.status(refs);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** @returns undefined: this answer does not say that it is paid */
  private paidBy(
    answer: BkashAnswer,
    order: GatewayOrder | undefined,
    refs: Pick<GatewayRefs, 'gatewayRef'>,
  ): GatewayVerdict | undefined {
    const payment = answer.kind === 'ok' ? paymentAnswer.safeParse(answer.body).data : undefined;
    if (payment?.transactionStatus !== 'Completed') return undefined;
    if (!isOf(payment, order, refs)) return { kind: 'unknown', reason: 'answer-of-another-payment' };
    const { trxID, amount, paymentExecuteTime } = payment;
    if (trxID === undefined) return { kind: 'unknown', reason: 'answer-without-trx-id' };
    return { kind: 'paid', trxId: trxID, amountPaisa: amount, paidAt: paymentExecuteTime };
  }

  private unpaid(executed: BkashAnswer, asked: BkashAnswer, order: GatewayOrder): GatewayVerdict {
    const old = this.now() - order.createdAt > PAYMENT_LIVES_MS;
    if (asked.kind === 'code') {
      const { fault, name } = bkashFault(asked.code);
      // A payment that bKash has forgotten, and could have forgotten by now.
      return old && fault !== 'again' ? { kind: 'expired' } : { kind: 'unknown', reason: name };
    }
    const status = asked.kind === 'ok' ? asked.body['transactionStatus'] : undefined;
    if (status !== 'Initiated')
      return { kind: 'unknown', reason: asked.kind === 'ok' ? 'status-unknown' : reasonOf(asked) };
    if (old) return { kind: 'expired' };
    if (executed.kind !== 'code') return { kind: 'unknown', reason: `execute-${reasonOf(executed)}` };
    const { fault, name } = bkashFault(executed.code);
    if (fault === 'payer') return { kind: 'failed', reason: name };
    return fault === 'done' ? { kind: 'open' } : { kind: 'unknown', reason: name };
  }
}

function isOf(
  { paymentID, merchantInvoiceNumber, currency }: BkashPayment,
  order: GatewayOrder | undefined,
  { gatewayRef }: Pick<GatewayRefs, 'gatewayRef'>,
): boolean {
  const isOrders = order === undefined || merchantInvoiceNumber === order.orderNo;
  return paymentID === gatewayRef && isOrders && currency === 'BDT';
}

/** While there is no token to ask with, bKash has said nothing. */
async function unknownWithoutToken(ask: () => Promise<GatewayVerdict>): Promise<GatewayVerdict> {
  try {
    return await ask();
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'gateway-unavailable') throw error;
    return { kind: 'unknown', reason: String(error.facts['reason'] ?? error.code) };
  }
}

function reasonOf(answer: BkashAnswer): string {
  return answer.kind === 'none'
    ? answer.reason
    : answer.kind === 'unauthorized'
      ? 'token-refused'
      : 'answer-unreadable';
}

/** How rows of bKash checkouts are read. */
export const BKASH_CHECKOUT: Contract<GatewayRooms, CheckoutGateway> = {
  credentialNames: ['username', 'password', 'appKey', 'appSecret'],
  settingNames: [
    { name: 'baseUrl', optional: false },
    { name: 'refundApi', optional: true },
    { name: 'refundUrl', optional: true },
    { name: 'timeoutMs', optional: true },
  ],
  open: (provider, rooms) => new BkashGateway(provider, rooms),
};
