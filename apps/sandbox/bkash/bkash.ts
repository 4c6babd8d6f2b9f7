import { formatInstant, formatTaka, parseTaka } from '@vend/kernel';
import type { PlayedAnswer } from '../providers/played-answer';
import type { NextStep, PayerAction } from '../providers/pay-page';
import type { ProviderBook } from '../providers/provider-book';
import type { ProviderFaults } from '../providers/provider-faults';
import { newPaymentID, newTrxID, type BkashPayment, type BkashPayments } from './bkash-payments';

const LIFE_MS = 24 * 3_600_000;
const REFUND_WITHIN_MS = 15 * 86_400_000;
/** A payer's own faults, as execute has them. */
const REFUSALS = { failed: '2023', cancelled: '2069', expired: '2002', initiated: '2056' } as const;

/** An error as bKash writes it: with HTTP 200. */
export function bkashError(statusCode: string): PlayedAnswer & { body: Record<string, unknown> } {
  return { body: { statusCode, statusMessage: `Said by bKash: ${statusCode}` } };
}

type Body = Readonly<Record<string, unknown>>;

/** bKash as a merchant's server sees it (CHANNELS.md, 2): one-off payments, their execution, questions and refunds. */
export class Bkash {
  /** What it takes in place of what it is asked for; a test's doing. */
  readonly takesInstead = new Map<string, bigint>();

  constructor(
    private readonly payments: BkashPayments,
    private readonly book: ProviderBook,
    private readonly faults: ProviderFaults,
    private readonly now: () => number = Date.now,
  ) {}

  async create(provider: string, base: string, body: Body): Promise<PlayedAnswer> {
    const { mode, payerReference, callbackURL, amount, currency, intent, merchantInvoiceNumber: invoice } = body;
    const amountPaisa = amountOf(amount);
    if (mode !== '0011' || typeof payerReference !== 'string' || /[<>&]/.test(payerReference))
      return bkashError('2048');
    if (typeof callbackURL !== 'string') return bkashError('2049');
    if (amountPaisa === undefined || amountPaisa <= 0n) return bkashError('2006');
    if (currency !== 'BDT') return bkashError('2007');
    if (intent !== 'sale') return bkashError('2008');
    if (typeof invoice !== 'string' || !/^[^<>&]{1,255}$/.test(invoice)) return bkashError('2031');
    if (this.payments.hasInvoice(provider, invoice)) return bkashError('2029');
    const payment: BkashPayment = {
      ...{ paymentID: newPaymentID(), provider, amountPaisa, takenPaisa: null, invoice, reference: payerReference },
      ...{ callbackURL, createdAt: this.now(), state: 'initiated', trxID: null, executedAt: null, refunds: [] },
    };
    await this.payments.save(payment);
    const back = (status: string) => returnUrl(payment, status);
    return {
      body: {
        ...{ statusCode: '0000', statusMessage: 'Successful', paymentID: payment.paymentID, callbackURL },
        bkashURL: `${base}/bkash/${provider}/pay/${payment.paymentID}`,
        ...{ successCallbackURL: back('success'), failureCallbackURL: back('failure') },
        ...{ cancelledCallbackURL: back('cancel'), amount: formatTaka(amountPaisa), intent, currency },
        ...{ paymentCreateTime: timeText(payment.createdAt), transactionStatus: 'Initiated' },
        merchantInvoiceNumber: invoice,
      },
    };
  }

  /** The payer at bKash's page: the money moves only when the merchant executes. */
  async visit(payment: BkashPayment, action: PayerAction): Promise<NextStep> {
    const lied = action === 'pay' && this.faults.happens(payment.provider, 'valid-after-failed');
    const contradicted = action === 'pay' && this.faults.happens(payment.provider, 'notice-contradicts');
    if (this.stateOf(payment) !== 'completed' && this.stateOf(payment) !== 'expired') {
      const state = ({ pay: 'verified', fail: 'failed', cancel: 'cancelled' } as const)[action];
      await this.payments.save({ ...payment, state });
    }
    const status = lied || contradicted ? 'failure' : { pay: 'success', fail: 'failure', cancel: 'cancel' }[action];
    return { method: 'GET', url: returnUrl(payment, status) };
  }

  async execute(provider: string, { paymentID }: Body): Promise<PlayedAnswer> {
    const payment = this.payments.find(provider, paymentID);
    if (!payment) return bkashError('2002');
    const state = this.stateOf(payment);
    if (state === 'completed') return bkashError('2062');
    if (state !== 'verified') return bkashError(REFUSALS[state]);
    const trxID = newTrxID();
    const at = this.now();
    const takenPaisa = this.takesInstead.get(provider) ?? payment.amountPaisa;
    const done: BkashPayment = { ...payment, state: 'completed', trxID, takenPaisa, executedAt: at };
    // Kept in memory at once: who comes second finds it done.
    const saved = this.payments.save(done);
    const { reference, invoice: orderNo } = payment;
    await this.book.took({ provider, trxId: trxID, reference, orderNo, amountPaisa: takenPaisa, at });
    await saved;
    if (this.faults.happens(provider, 'refund-after-token')) await this.giveBack(done, takenPaisa);
    return { body: paymentBody(done) };
  }

  query(provider: string, { paymentID }: Body): PlayedAnswer {
    const payment = this.payments.find(provider, paymentID);
    if (!payment || this.stateOf(payment) === 'expired') return bkashError('2002');
    return { body: paymentBody(payment) };
  }

  search(provider: string, { trxID }: Body): PlayedAnswer {
    const payment = this.payments.byTrx(provider, trxID);
    if (!payment) return bkashError('2033');
    const { amount, currency, transactionStatus } = paymentBody(payment);
    const times = { initiationTime: timeText(payment.createdAt), completedTime: timeText(payment.executedAt!) };
    return {
      body: {
        ...SUCCESS,
        trxID,
        ...times,
        transactionType: 'bKash Tokenized Checkout',
        transactionStatus,
        amount,
        currency,
      },
    };
  }

  /** Version 1: with an amount it gives back, without one it tells what was given back. */
  async refundV1(provider: string, body: Body): Promise<PlayedAnswer> {
    const payment = this.payments.find(provider, body['paymentID']);
    if (!payment || payment.trxID === null || payment.trxID !== body['trxID']) return bkashError('2033');
    const originalTrxID = payment.trxID;
    if (body['amount'] === undefined) {
      const last = payment.refunds.at(-1);
      return last ? { body: { ...SUCCESS, originalTrxID, ...refundBody(last) } } : bkashError('2033');
    }
    const made = await this.refund(payment, body['amount']);
    return 'statusCode' in made
      ? bkashError(made.statusCode)
      : { body: { ...SUCCESS, originalTrxID, ...refundBody(made) } };
  }

  /** Version 2, whose errors have HTTP 400 and words in two languages. */
  async refundV2(provider: string, body: Body): Promise<PlayedAnswer> {
    const payment = this.payments.find(provider, body['paymentId']);
    if (!payment || payment.trxID === null || payment.trxID !== body['trxId']) return errorV2('2033');
    const made = await this.refund(payment, body['refundAmount']);
    if ('statusCode' in made) return errorV2(made.statusCode);
    return {
      body: { originalTrxId: payment.trxID, originalTrxAmount: formatTaka(payment.takenPaisa!), ...refundBodyV2(made) },
    };
  }

  refundStatusV2(provider: string, body: Body): PlayedAnswer {
    const payment = this.payments.find(provider, body['paymentId']);
    if (!payment || payment.trxID === null || payment.trxID !== body['trxId']) return errorV2('2033');
    return { body: { originalTrxId: payment.trxID, refundTransactions: payment.refunds.map(refundBodyV2) } };
  }

  /** What it says of a payment's life: after a day nothing can be done with it. */
  private stateOf(payment: BkashPayment): BkashPayment['state'] {
    return payment.state !== 'completed' && this.now() - payment.createdAt > LIFE_MS ? 'expired' : payment.state;
  }

  private async refund(
    payment: BkashPayment,
    amount: unknown,
  ): Promise<BkashPayment['refunds'][number] | { statusCode: string }> {
    const amountPaisa = amountOf(amount);
    if (amountPaisa === undefined || amountPaisa <= 0n) return { statusCode: '2006' };
    if (this.now() - payment.executedAt! > REFUND_WITHIN_MS) return { statusCode: '2060' };
    const before = payment.refunds.reduce((sum, refund) => sum + refund.amountPaisa, 0n);
    if (before === payment.takenPaisa) return { statusCode: '2034' };
    if (before + amountPaisa > payment.takenPaisa!) return { statusCode: '2026' };
    return this.giveBack(payment, amountPaisa);
  }

  private async giveBack(payment: BkashPayment, amountPaisa: bigint): Promise<BkashPayment['refunds'][number]> {
    const refund = { refundTrxID: newTrxID(), amountPaisa, at: this.now() };
    const refunds = [...payment.refunds, refund];
    const saved = this.payments.save({ ...payment, refunds });
    const whole = refunds.reduce((sum, each) => sum + each.amountPaisa, 0n) === payment.takenPaisa;
    if (whole) await this.book.reversed(payment.provider, payment.trxID!, refund.at);
    await saved;
    return refund;
  }
}

const SUCCESS = { statusCode: '0000', statusMessage: 'Successful' };

function amountOf(amount: unknown): bigint | undefined {
  try {
    return typeof amount === 'string' ? parseTaka(amount) : undefined;
  } catch {
    return undefined;
  }
}

/** Dhaka time with bKash's colon before the milliseconds: `2019-08-07T11:12:34:978 GMT+0600`. */
function timeText(at: number): string {
  return formatInstant(at).replace(/\.(\d{3})\+06:00$/, ':$1 GMT+0600');
}

function returnUrl({ callbackURL, paymentID }: BkashPayment, status: string): string {
  const url = new URL(callbackURL);
  url.searchParams.set('paymentID', paymentID);
  url.searchParams.set('status', status);
  // Not in the contract, and to be tolerated.
  url.searchParams.set('apiVersion', '1.2.0-beta');
  return url.toString();
}

function paymentBody(payment: BkashPayment): Record<string, unknown> {
  const { paymentID, trxID, takenPaisa, amountPaisa, invoice, reference, createdAt, executedAt, state } = payment;
  const done = trxID !== null && { trxID, customerMsisdn: '01700000001', paymentExecuteTime: timeText(executedAt!) };
  const verified = state === 'verified' || state === 'completed';
  return {
    ...SUCCESS,
    ...{ paymentID, mode: '0011', payerReference: reference, paymentCreateTime: timeText(createdAt) },
    ...done,
    ...{
      amount: formatTaka(takenPaisa ?? amountPaisa),
      currency: 'BDT',
      intent: 'sale',
      merchantInvoiceNumber: invoice,
    },
    ...{ transactionStatus: trxID === null ? 'Initiated' : 'Completed' },
    ...{ userVerificationStatus: verified ? 'Complete' : 'Incomplete' },
  };
}

type Refund = BkashPayment['refunds'][number];

function refundBody({ refundTrxID, amountPaisa, at }: Refund): Record<string, unknown> {
  const amount = formatTaka(amountPaisa);
  return {
    refundTrxID,
    transactionStatus: 'Completed',
    amount,
    currency: 'BDT',
    completedTime: timeText(at),
    charge: '0.00',
  };
}

function refundBodyV2({ refundTrxID, amountPaisa, at }: Refund): Record<string, unknown> {
  const refundAmount = formatTaka(amountPaisa);
  return { refundTrxId: refundTrxID, refundTransactionStatus: 'Completed', refundAmount, completedTime: timeText(at) };
}

function errorV2(code: string): PlayedAnswer {
  return {
    status: 400,
    body: {
      internalCode: `internal_${code}`,
      externalCode: code,
      errorMessageEn: 'Refused',
      errorMessageBn: 'প্রত্যাখ্যাত',
    },
  };
}
