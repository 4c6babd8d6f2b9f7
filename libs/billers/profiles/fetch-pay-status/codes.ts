import type { RefusalKind } from '../../biller.codes';

/**
 * The contract's codes (CHANNELS.md, 1.4): 2001 done, 4001 to 4004 for what is wrong with a request, 4024 unsuccessful,
 * 4025 not found (4023, no dues, is of bills). Two that it lacks: 2002 for a payment that is accepted and not made,
 * 5000 for no answer at this moment. Always in HTTP 200.
 */
export const CODES = {
  done: 2001,
  accepted: 2002,
  missing: 4001,
  credentials: 4002,
  amount: 4003,
  mismatch: 4004,
  unsuccessful: 4024,
  notFound: 4025,
  noAnswer: 5000,
} as const;
export type FetchCode = (typeof CODES)[keyof typeof CODES];

export const FETCH_CODE_OF: Readonly<Record<RefusalKind, FetchCode>> = {
  'unknown-customer': CODES.notFound,
  'not-possible': CODES.unsuccessful,
  'too-small': CODES.amount,
  'wrong-amount': CODES.amount,
  float: CODES.unsuccessful,
  quote: CODES.unsuccessful,
  conflict: CODES.mismatch,
  'unknown-transaction': CODES.notFound,
  'too-late': CODES.unsuccessful,
  later: CODES.noAnswer,
};
