import { formatInstant, formatTaka, type InstantMs } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import { quoteIdExpiry } from '@vend/vending';
import { refusalKindOf, type RefusalKind } from '../../biller.codes';
import type { BillerPayment, BillerQuote } from '../../core';
import type { ProfileCall, ProfileResult, WireAnswer } from '../../profile';
import { answerOf, unknownCustomer } from './answer';
import type { Result } from './codes';
import { feeOf } from './fee';
import type { QuoteChargeWire } from './read';
import { sealSession } from './session';

/** Processes' clocks may differ by so much: nobody charges a quote that expired longer ago. */
const LATE_MS = 120_000;

/** Writes the answer to a call. */
export function write({ wire }: ProfileCall<QuoteChargeWire>, result: ProfileResult, provider: Provider): WireAnswer {
  switch (result.kind) {
    case 'session':
      return answerOf('ok', {
        access_token: sealSession(result.secret, provider, result.now),
        balance: formatTaka(result.balancePaisa ?? 0n),
        firstLogin: false,
      });
    case 'quote':
      return answerOf('ok', preCharged(result.quote));
    case 'payment':
      return paymentAnswer(wire, result.payment, provider);
    case 'not-found':
      return answerOf(neverHeardOf(wire));
    case 'error':
      // A reason that is not in the table says nothing of the payment: it must not end it.
      return answerOf(ofKind(wire, refusalKindOf(result.code, 'later'), provider));
    case 'statement':
      return answerOf('unknown-call');
  }
}

function preCharged({ quoteId, customerNo, customerName, meterNo, amountPaisa, lines }: BillerQuote): unknown {
  return { transactionId: quoteId, customerNo, customerName, meterNo, fee: feeOf(amountPaisa, lines) };
}

function paymentAnswer(wire: QuoteChargeWire, payment: BillerPayment, provider: Provider): WireAnswer {
  switch (payment.state) {
    case 'vended':
      return answerOf(payment.loadsItself ? 'ok' : 'type-token', charged(payment, provider));
    case 'in-progress':
      return answerOf('in-progress');
    case 'refused':
      return answerOf(ofKind(wire, refusalKindOf(payment.refusalCode, 'not-possible'), provider));
    // It was accepted, and we give it back or have done so: the caller must not do it too.
    case 'refund-due':
    case 'reversed':
      return answerOf('dispute');
  }
}

function charged(payment: BillerPayment, { settings }: Provider): unknown {
  const { trxId, customerNo, customerName, meterNo, amountPaisa, lines, tokens, receiptNo, bookedAt } = payment;
  return {
    ...{ transactionId: trxId, customerNo, customerName, meterNo },
    // In the order in which they are typed: the tokens of a key change come before the credit.
    token: tokens.join(','),
    orderNo: receiptNo,
    orderDate: settings.variant === 'star' ? dayOf(bookedAt, '/') : `${dayOf(bookedAt, '-')} ${timeOf(bookedAt)}`,
    fee: feeOf(amountPaisa, lines),
  };
}

/**
 * A quote that nobody has charged may still be charged by a call that is on its way: the caller may give the money back
 * only when it has expired.
 */
function neverHeardOf({ transactionId, receivedAt }: QuoteChargeWire): Result {
  const expiresAt = quoteIdExpiry(transactionId);
  return expiresAt !== undefined && receivedAt <= expiresAt + LATE_MS ? 'not-yet' : 'never-charged';
}

const RESULT_OF_KIND: Readonly<Record<RefusalKind, Result>> = {
  'unknown-customer': 'unknown-customer',
  'not-possible': 'refused',
  'too-small': 'amount-wrong',
  'wrong-amount': 'amount-large',
  float: 'refused',
  quote: 'quote-over',
  conflict: 'dispute',
  'unknown-transaction': 'dispute',
  'too-late': 'dispute',
  later: 'busy',
};

function ofKind({ call }: QuoteChargeWire, kind: RefusalKind, provider: Provider): Result {
  const result = RESULT_OF_KIND[kind];
  if (call === 'preCharge') return result === 'unknown-customer' ? unknownCustomer(provider) : result;
  // Of a charge only this counts: whether its money goes back.
  return GIVES_BACK.has(result) ? 'refused' : result;
}

const GIVES_BACK: ReadonlySet<Result> = new Set(['unknown-customer', 'amount-wrong', 'amount-large']);

/** `22-11-2026` or `22/11/2026`, in Dhaka. */
function dayOf(at: InstantMs, separator: string): string {
  return formatInstant(at).slice(0, 10).split('-').reverse().join(separator);
}

function timeOf(at: InstantMs): string {
  return formatInstant(at).slice(11, 19);
}
