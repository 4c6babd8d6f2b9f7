import type { RefusalKind } from '../../biller.codes';

/**
 * The contract's codes (CHANNELS.md, 1.2), and two that it lacks: 202 for a payment that is accepted and not made, 500
 * for no answer at this moment. Callers take a code that is not theirs as no answer, and search for the transaction.
 * 436 (bill paid before) and 437 (due date over) are of bills; a prepaid meter has none.
 */
export type FormCode = '200' | '202' | '403' | '404' | '406' | '435' | '438' | '439' | '500';

export const FORM_CODE_OF: Readonly<Record<RefusalKind, FormCode>> = {
  'unknown-customer': '404',
  'not-possible': '404',
  'too-small': '438',
  'wrong-amount': '439',
  float: '439',
  quote: '439',
  conflict: '435',
  'unknown-transaction': '404',
  'too-late': '435',
  later: '500',
};
