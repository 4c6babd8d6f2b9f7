import { refusalKindOf, type RefusalKind } from '../biller.codes';
import type { BillerPayment, BillerQuote } from '../core';
import type { ProfileResult } from '../profile';

/**
 * A result as most contracts tell it. `accepted`: the money is ours to settle and there is no recharge (yet): it is being
 * made, or is owed back and given back by us. It must never sound like a failure: the company would give the payer's
 * money back, and so would we.
 */
export type Outcome =
  | { readonly is: 'quote'; readonly quote: BillerQuote }
  | { readonly is: 'vended'; readonly payment: BillerPayment }
  | { readonly is: 'accepted'; readonly payment: BillerPayment }
  | { readonly is: 'refused'; readonly kind: RefusalKind; readonly payment: BillerPayment | undefined };

/** @throws {Error} for a result that no call of such a contract can have: a login, a statement */
export function outcomeOf(result: ProfileResult): Outcome {
  switch (result.kind) {
    case 'quote':
      return { is: 'quote', quote: result.quote };
    case 'not-found':
      return { is: 'refused', kind: 'unknown-transaction', payment: undefined };
    case 'error':
      // A reason that is not in the table says nothing of the payment: it must not end it.
      return { is: 'refused', kind: refusalKindOf(result.code, 'later'), payment: undefined };
    case 'payment':
      return outcomeOfPayment(result.payment);
    default:
      throw new Error(`this contract has no words for a ${result.kind}`);
  }
}

function outcomeOfPayment(payment: BillerPayment): Outcome {
  if (payment.state === 'vended') return { is: 'vended', payment };
  if (payment.state !== 'refused') return { is: 'accepted', payment };
  return { is: 'refused', kind: refusalKindOf(payment.refusalCode), payment };
}

/** In English, for the people behind a caller: what happened, and whether money moved. */
export const REFUSAL_TEXTS: Readonly<Record<RefusalKind, string>> = {
  'unknown-customer': 'No such customer or meter. Nothing was charged.',
  'not-possible': 'This meter cannot be recharged now; please contact the office. Nothing was charged.',
  'too-small': 'Below the least amount. Nothing was charged.',
  'wrong-amount': 'This amount is not possible. Nothing was charged.',
  float: 'The deposit does not cover this amount. Nothing was charged.',
  quote: 'The price has changed or expired; please ask again. Nothing was charged.',
  conflict: 'This transaction id was used for another payment. Nothing was charged now.',
  'unknown-transaction': 'No such transaction.',
  'too-late': 'The token was given out already.',
  later: 'No answer at this moment; please ask again with the same transaction id.',
};

/** What people are told of a payment that was accepted and has no token (yet). */
export function acceptedText({ state }: BillerPayment): string {
  if (state === 'in-progress') return 'Accepted; the recharge is in progress.';
  return state === 'reversed'
    ? 'Accepted, not recharged, and given back by the utility.'
    : 'Accepted and not recharged; the utility gives it back.';
}
