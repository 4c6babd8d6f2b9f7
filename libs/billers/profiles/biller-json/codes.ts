import type { RefusalKind } from '../../biller.codes';

/** How a success is written: `00` in the contract's samples, `SUC000` in its appendix. A setting says which the caller means. */
export const SUCCESS_CODES = ['00', 'SUC000'] as const;

/**
 * The contract's codes (CHANNELS.md, 1.3), and two that it lacks: 98 for a payment that has no outcome yet (its caller
 * confirms again, which is its own rule for all that is no success), 97 for an id that was used for another payment.
 */
export type JsonCode = '01' | '03' | '06' | '07' | '10' | '11' | '12' | '97' | '98' | '99' | '999';

export const JSON_CODE_OF: Readonly<Record<RefusalKind, JsonCode>> = {
  'unknown-customer': '99',
  'not-possible': '99',
  'too-small': '99',
  'wrong-amount': '99',
  float: '99',
  quote: '99',
  conflict: '97',
  'unknown-transaction': '99',
  'too-late': '99',
  later: '98',
};
