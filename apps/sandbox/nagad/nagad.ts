import { randomInt } from 'node:crypto';
import { formatInstant, formatTaka, parseTaka } from '@vend/kernel';
import type { NextStep, PayerAction } from '../providers/pay-page';
import type { PlayedAnswer } from '../providers/played-answer';
import type { ProviderBook } from '../providers/provider-book';
import type { ProviderFault, ProviderFaults } from '../providers/provider-faults';
import type { PlayedProvider } from '../providers/providers-file';
import { newPaymentReference, type NagadPayment, type NagadPayments } from './nagad-payments';
import { NagadSeal } from './nagad-seal';

type Body = Readonly<Record<string, unknown>>;
const LIFE_MS = 30 * 60_000;
const RETURN_WORD = { pay: 'Success', fail: 'Failed', cancel: 'Aborted' } as const;

function refusal(reason: string, message: string): PlayedAnswer {
  return { status: 400, body: { reason, message } };
}

/** Nagad as a merchant's server sees it (CHANNELS.md, 4). The payer's money moves at Nagad's own page. */
export class Nagad {
  /** What it takes in place of what it is asked for; a test's doing. */
  readonly takesInstead = new Map<string, bigint>();

  constructor(
    private readonly payments: NagadPayments,
    private readonly book: ProviderBook,
    private readonly faults: ProviderFaults,
    private readonly now: () => number = Date.now,
  ) {}

  async initialize(provider: PlayedProvider, merchantId: string, orderId: string, body: Body): Promise<PlayedAnswer> {
    const seal = new NagadSeal(provider);
    const asked = seal.open(body);
    if (!asked) return refusal('INVALID_SIGNATURE', 'Signature or data could not be verified');
    const isAgreed = asked['merchantId'] === merchantId && merchantId === provider.settings['merchantId'];
    const isSame = asked['orderId'] === orderId && asked['datetime'] === body['dateTime'];
    if (!isAgreed || !isSame || !/^\d{14}$/.test(asked['datetime']!))
      return refusal('INVALID_REQUEST', 'Fields differ');
    if (this.payments.hasOrder(provider.code, orderId)) return refusal('ORDER_ALREADY_EXISTS', 'Order id was used');
    const payment: NagadPayment = {
      ...{
        paymentReferenceId: newPaymentReference(),
        provider: provider.code,
        orderId,
        reference: '',
        callbackURL: '',
      },
      ...{
        createdAt: this.now(),
        status: 'Initiated',
        amountPaisa: 0n,
        issuerPaymentRefNo: null,
        paidAt: null,
        cancelledAt: null,
      },
    };
    await this.payments.save(payment);
    const { paymentReferenceId } = payment;
    const acceptDateTime = timeOf(payment.createdAt).replace(/\D/g, '').slice(0, 14);
    return { body: seal.seal({ paymentReferenceId, challenge: asked['challenge'], acceptDateTime }) };
  }

  async complete(provider: PlayedProvider, id: string, base: string, body: Body): Promise<PlayedAnswer> {
    const asked = new NagadSeal(provider).open(body);
    if (!asked) return refusal('INVALID_SIGNATURE', 'Signature or data could not be verified');
    const payment = this.payments.find(provider.code, id);
    if (payment?.status !== 'Initiated' || payment.orderId !== asked['orderId']) {
      return refusal('INVALID_PAYMENT_REFERENCE', 'No such payment');
    }
    const amountPaisa = amountOf(asked['amount']);
    if (asked['currencyCode'] !== '050' || amountPaisa === undefined)
      return refusal('INVALID_AMOUNT', 'Amount or currency');
    const callbackURL = body['merchantCallbackURL'];
    if (typeof callbackURL !== 'string' || !URL.canParse(callbackURL)) return refusal('INVALID_REQUEST', 'Callback');
    const info = body['additionalMerchantInfo'] as { reference?: unknown } | undefined;
    const reference = typeof info?.reference === 'string' ? info.reference : '';
    await this.payments.save({ ...payment, status: 'Ready', amountPaisa, callbackURL, reference });
    return { body: { callBackUrl: `${base}/nagad/${provider.code}/pay/${id}`, status: 'Success' } };
  }

  /** The payer at Nagad's page: here the money moves. */
  async visit(payment: NagadPayment, action: PayerAction): Promise<NextStep> {
    const { provider } = payment;
    const happens = (name: ProviderFault) => action === 'pay' && this.faults.happens(provider, name);
    const lied = happens('valid-after-failed') || happens('notice-contradicts');
    if (this.statusOf(payment) === 'Ready') {
      if (action === 'pay') await this.take(payment);
      else await this.payments.save({ ...payment, status: RETURN_WORD[action] });
    }
    const url = new URL(payment.callbackURL);
    url.searchParams.set('merchant', 'demo');
    url.searchParams.set('order_id', payment.orderId);
    url.searchParams.set('payment_ref_id', payment.paymentReferenceId);
    url.searchParams.set('status', lied ? 'Failed' : RETURN_WORD[action]);
    url.searchParams.set('status_code', '00_0000_000');
    return { method: 'GET', url: url.toString() };
  }

  async verify(provider: PlayedProvider, id: string): Promise<PlayedAnswer> {
    const payment = this.payments.find(provider.code, id);
    if (!payment) return { status: 404, body: { reason: 'PAYMENT_NOT_FOUND', message: 'No such payment' } };
    const { orderId, amountPaisa, paidAt, issuerPaymentRefNo, createdAt, cancelledAt } = payment;
    const paid = paidAt !== null && { issuerPaymentDateTime: `${timeOf(paidAt)}.0`, issuerPaymentRefNo };
    const status = this.statusOf(payment);
    const isGivenBack =
      paidAt !== null && cancelledAt === null && this.faults.happens(provider.code, 'refund-after-token');
    // Told once that it was paid; from the next question on it says that it gave the money back.
    if (isGivenBack) await this.giveBack(payment);
    return {
      body: {
        ...{ merchantId: provider.settings['merchantId'], orderId, paymentRefId: id, amount: formatTaka(amountPaisa) },
        ...{ clientMobileNo: '017****0001', merchantMobileNo: '01700000009', orderDateTime: `${timeOf(createdAt)}.0` },
        ...paid,
        ...{ additionalMerchantInfo: null, status, statusCode: paid ? '000' : '999' },
        cancelIssuerDateTime: cancelledAt && timeOf(cancelledAt),
        cancelIssuerRefNo: cancelledAt && `C${issuerPaymentRefNo}`,
      },
    };
  }

  private async giveBack(payment: NagadPayment): Promise<void> {
    const at = this.now();
    await this.payments.save({ ...payment, cancelledAt: at });
    await this.book.reversed(payment.provider, payment.issuerPaymentRefNo!, at);
  }

  private async take(payment: NagadPayment): Promise<void> {
    const { provider, orderId: orderNo, reference } = payment;
    const at = this.now();
    const amountPaisa = this.takesInstead.get(provider) ?? payment.amountPaisa;
    const trxId = Array.from({ length: 8 }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'[randomInt(34)]).join('');
    const saved = this.payments.save({
      ...payment,
      status: 'Success',
      amountPaisa,
      issuerPaymentRefNo: trxId,
      paidAt: at,
    });
    await this.book.took({ provider, trxId, reference, orderNo, amountPaisa, at });
    await saved;
  }

  private statusOf({ status, createdAt }: NagadPayment): NagadPayment['status'] {
    const isOpen = status === 'Initiated' || status === 'Ready';
    return isOpen && this.now() - createdAt > LIFE_MS ? 'Expired' : status;
  }
}

/** `2026-03-01 10:15:31`, in Dhaka. */
function timeOf(at: number): string {
  return formatInstant(at).slice(0, 19).replace('T', ' ');
}

function amountOf(text: string | undefined): bigint | undefined {
  try {
    const amount = parseTaka(text ?? '');
    return amount > 0n ? amount : undefined;
  } catch {
    return undefined;
  }
}
