import { DomainError, formatTaka } from '@vend/kernel';
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
import { GatewayHttp, jsonObject, type HttpCall } from '../gateway-http';
import { credential, readSettings, timeoutSetting, urlSetting } from '../gateway-settings';
import { isPaid, signatureFault } from './signature';
import {
  paidAtOf,
  paymentAnswer,
  refundAnswer,
  searchAnswer,
  sessionAnswer,
  type SslcommerzPayment,
} from './sslcommerz.wire';

const SETTINGS = z.object({
  baseUrl: urlSetting,
  storeId: z.string().regex(/^[\w.-]{1,60}$/),
  timeoutMs: timeoutSetting,
  /** The gateway wants to know whom to write to: the utility, and never the customer. */
  contactPhone: z
    .string()
    .regex(/^\+?\d{3,15}$/)
    .default('16603'),
  contactEmail: z.email().max(50).default('payments@vend.example'),
});
const CREDENTIALS = z.object({ storePassword: credential });

const SESSION = '/gwprocess/v4/api.php';
const VALIDATE = '/validator/api/validationserverAPI.php';
const TRANSACTIONS = '/validator/api/merchantTransIDvalidationAPI.php';

const CLAIMS: Readonly<Record<string, GatewayClaim['claims']>> = {
  VALID: 'paid',
  VALIDATED: 'paid',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  UNATTEMPTED: 'expired',
};

/** An answer of the gateway, or in a word why there is none to go by. */
type Answer = { readonly body: Readonly<Record<string, unknown>> } | { readonly unknown: string };

/**
 * SSLCommerz v4, for cards (CHANNELS.md, 5). Its messages are signed over fields of the sender's choice, so they are a
 * reason to ask and no more: what is paid is what the validation call says. Of cards nothing is kept but the bytes of
 * its messages, sealed, in which the number is masked.
 *
 * @throws {DomainError} provider-misconfigured, from the constructor
 * @example const { payUrl } = await new SslcommerzGateway(provider).start(order);
 */
export class SslcommerzGateway implements CheckoutGateway {
  readonly profile = 'sslcommerz-v4';
  private readonly row;
  private readonly http: GatewayHttp;

  constructor(provider: Provider) {
    this.row = readSettings(provider, SETTINGS, CREDENTIALS);
    this.http = new GatewayHttp(this.row.timeoutMs);
  }

  async start(order: GatewayOrder): Promise<GatewayStart> {
    const { contactPhone, contactEmail } = this.row;
    const answer = await this.ask({
      method: 'POST',
      path: SESSION,
      fields: {
        ...{ total_amount: formatTaka(order.amountPaisa), currency: 'BDT', tran_id: order.orderNo },
        ...{ success_url: order.returnUrl, fail_url: order.returnUrl, cancel_url: order.returnUrl },
        ...{ ipn_url: order.noticeUrl, shipping_method: 'NO', value_a: order.reference },
        ...{ cus_name: 'Prepaid customer', cus_email: contactEmail, cus_phone: contactPhone },
        ...{ cus_add1: 'Bangladesh', cus_city: 'Rajshahi', cus_country: 'Bangladesh' },
        ...{ product_name: 'Electricity', product_category: 'utility', product_profile: 'non-physical-goods' },
      },
    });
    if ('unknown' in answer) {
      throw new DomainError<CheckoutErrorCode>('gateway-unavailable', { reason: answer.unknown });
    }
    const session = sessionAnswer.safeParse(answer.body).data;
    if (session) return { payUrl: session.GatewayPageURL, gatewayRef: session.sessionkey };
    if (answer.body['status'] === 'FAILED') throw new DomainError<CheckoutErrorCode>('gateway-refused');
    throw new DomainError<CheckoutErrorCode>('gateway-unavailable', { reason: 'gateway-unreadable' });
  }

  readMessage({ rawBody }: GatewayMessage): ReadMessage {
    const fields = formOf(rawBody);
    if (!fields) return { refused: 'fields-repeated' };
    const fault = signatureFault(fields, this.row.storePassword);
    if (fault) return { refused: fault };
    if (fields['store_id'] !== this.row.storeId) return { refused: 'store-foreign' };
    const { tran_id: orderNo = '', status = '', val_id: valId = '', bank_tran_id: trxId = '' } = fields;
    if (!/^[\w-]{1,30}$/.test(orderNo)) return { refused: 'order-number-missing' };
    const claims = Object.hasOwn(CLAIMS, status) ? CLAIMS[status]! : 'other';
    const claimRef = claims === 'paid' && isName(valId) ? valId : null;
    return {
      claim: {
        eventKey: `${orderNo}/${status}/${valId}`.slice(0, 100),
        ...{ orderNo, gatewayRef: null, trxId: isName(trxId) ? trxId : null, claimRef, claims },
      },
    };
  }

  async settle(order: Pick<GatewayOrder, 'orderNo'>, refs: GatewayRefs): Promise<GatewayVerdict> {
    if (refs.claimRef !== null) {
      const verdict = await this.validate(order, refs.claimRef);
      if (verdict) return verdict;
      // The claim proves nothing of this order; whether it was paid otherwise the order's own number tells.
    }
    const answer = await this.ask({ method: 'GET', path: TRANSACTIONS, fields: { tran_id: order.orderNo } });
    if ('unknown' in answer) return { kind: 'unknown', reason: answer.unknown };
    const found = searchAnswer.safeParse(answer.body).data;
    if (!found) return { kind: 'unknown', reason: 'search-refused' };
    const payments = found.element.flatMap((each) => paymentAnswer.safeParse(each).data ?? []);
    if (payments.length < found.element.length) return { kind: 'unknown', reason: 'gateway-unreadable' };
    return this.verdictOf(order, refs, payments);
  }

  async lookUp({ orderNo, trxId, claimRef = null }: GatewayClaim): Promise<GatewayVerdict> {
    if (orderNo === null) return { kind: 'unknown', reason: 'order-number-missing' };
    return this.settle({ orderNo }, { gatewayRef: '', trxId, claimRef });
  }

  async refund(
    _order: GatewayOrder,
    refs: GatewayRefs,
    { refundNo, amountPaisa, reason }: { refundNo: string; amountPaisa: bigint; reason: string },
  ): Promise<GatewayRefund> {
    if (refs.trxId === null) return { kind: 'refused', reason: 'trx-unknown' };
    const answer = await this.ask({
      method: 'GET',
      path: TRANSACTIONS,
      fields: {
        ...{ bank_tran_id: refs.trxId, refund_amount: formatTaka(amountPaisa) },
        ...{ refund_remarks: reason.replace(/[^\w .,-]/g, ' ').slice(0, 200), refe_id: refundNo },
      },
    });
    return refundOf(answer, 'asked');
  }

  async refundStatus(
    _order: GatewayOrder,
    _refs: GatewayRefs,
    { refundNo, refundRef }: { refundNo: string; refundRef: string | null },
  ): Promise<GatewayRefund> {
    // Its number of the refund may have been lost with its answer; then ours has to do.
    const fields: Record<string, string> = refundRef === null ? { refe_id: refundNo } : { refund_ref_id: refundRef };
    return refundOf(await this.ask({ method: 'GET', path: TRANSACTIONS, fields }), 'status');
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** What the payments under an order's number come to: one that was made counts, whatever else was tried. */
  private async verdictOf(
    order: Pick<GatewayOrder, 'orderNo'>,
    { trxId }: GatewayRefs,
    payments: readonly SslcommerzPayment[],
  ): Promise<GatewayVerdict> {
    const own = payments.filter(({ tran_id }) => tran_id === order.orderNo);
    const paid = own.filter(({ status }) => isPaid(status));
    const chosen = paid.find(({ bank_tran_id }) => bank_tran_id === trxId) ?? paid[0];
    if (chosen) {
      const verdict = chosen.val_id === undefined ? undefined : await this.validate(order, chosen.val_id);
      return verdict ?? { kind: 'unknown', reason: 'not-validated' };
    }
    if (own.some(({ status }) => status === 'PENDING' || status === 'PROCESSING')) return { kind: 'open' };
    const last = own.at(-1)?.status;
    if (last === 'FAILED') return { kind: 'failed', reason: 'declined' };
    if (last === 'CANCELLED') return { kind: 'failed', reason: 'cancelled' };
    if (last === 'EXPIRED' || last === 'UNATTEMPTED') return { kind: 'expired' };
    return last === undefined ? { kind: 'open' } : { kind: 'unknown', reason: 'status-unknown' };
  }

  /** The proof. @returns undefined: this validation is of nothing, or of another order */
  private async validate(order: Pick<GatewayOrder, 'orderNo'>, valId: string): Promise<GatewayVerdict | undefined> {
    const answer = await this.ask({ method: 'GET', path: VALIDATE, fields: { val_id: valId } });
    if ('unknown' in answer) return { kind: 'unknown', reason: answer.unknown };
    const payment = paymentAnswer.safeParse(answer.body).data;
    if (!payment) return answer.body['status'] === 'INVALID_TRANSACTION' ? undefined : UNREADABLE;
    if (!isPaid(payment.status) || payment.tran_id !== order.orderNo) return undefined;
    const { bank_tran_id: trxId, amount: amountPaisa, currency, risk_level: risk, tran_date: date } = payment;
    if (trxId === undefined || !isName(trxId) || amountPaisa === undefined) return UNREADABLE;
    if (currency !== 'BDT') return { kind: 'held', trxId, amountPaisa, reason: 'currency-differs' };
    if (risk !== '0') return { kind: 'held', trxId, amountPaisa, reason: 'risk-level-1' };
    return { kind: 'paid', trxId, amountPaisa, paidAt: paidAtOf(date) };
  }

  private async ask(call: {
    readonly method: HttpCall['method'];
    readonly path: string;
    readonly fields: Readonly<Record<string, string>>;
  }): Promise<Answer> {
    const { baseUrl, storeId, storePassword } = this.row;
    const form = new URLSearchParams({ ...call.fields, store_id: storeId, store_passwd: storePassword });
    const outcome = await this.http.call(
      call.method === 'POST'
        ? { method: 'POST', url: baseUrl + call.path, body: form.toString(), headers: FORM }
        : { method: 'GET', url: `${baseUrl}${call.path}?${form.toString()}&v=1&format=json` },
    );
    if (outcome.kind === 'none') return { unknown: outcome.reason };
    if (outcome.status !== 200) return { unknown: `http-${outcome.status}` };
    const body = jsonObject(outcome.text);
    return body ? { body } : { unknown: 'gateway-unreadable' };
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const UNREADABLE: GatewayVerdict = { kind: 'unknown', reason: 'gateway-unreadable' };

/** A refund is first taken, then made: that it was taken is not that the money is back. */
function refundOf(answer: Answer, said: 'asked' | 'status'): GatewayRefund {
  if ('unknown' in answer) return { kind: 'unknown', reason: answer.unknown };
  const body = refundAnswer.safeParse(answer.body).data;
  if (!body) return { kind: 'unknown', reason: 'gateway-unreadable' };
  const refundRef = body.refund_ref_id ?? null;
  switch (body.status) {
    case 'refunded':
      return refundRef === null
        ? { kind: 'unknown', reason: 'refund-without-number' }
        : { kind: 'refunded', refundRef };
    case 'success':
    case 'processing':
      return { kind: 'processing', refundRef };
    case 'failed':
    case 'cancelled':
      return { kind: 'refused', reason: said === 'asked' ? 'refund-refused' : 'refund-not-made' };
    default:
      return { kind: 'unknown', reason: 'status-unknown' };
  }
}

/** The fields of a form, each once; undefined: one comes twice, and which one was signed nobody can tell. */
function formOf(rawBody: Buffer): Readonly<Record<string, string>> | undefined {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(rawBody.toString('utf8'))) {
    if (name in fields) return undefined;
    fields[name] = value;
  }
  return fields;
}

/** A number of theirs that can be kept and asked about. */
function isName(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

/** How rows of SSLCommerz are read. */
export const SSLCOMMERZ: Contract<GatewayRooms, CheckoutGateway> = {
  credentialNames: ['storePassword'],
  settingNames: [
    { name: 'baseUrl', optional: false },
    { name: 'storeId', optional: false },
    { name: 'timeoutMs', optional: true },
    { name: 'contactPhone', optional: true },
    { name: 'contactEmail', optional: true },
  ],
  open: (provider) => new SslcommerzGateway(provider),
};
