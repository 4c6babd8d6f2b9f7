/**
 * Every reason that the core has for a refusal, and what kind of reason it is to a caller. Contracts have a handful of
 * codes: a profile has one for each kind (a total table), so that no reason of ours is without a word in any dialect.
 *
 * - `unknown-customer`: the reference names no meter, or more than one.
 * - `not-possible`: the meter is known and cannot be recharged now; the customer should go to the office.
 * - `too-small`, `wrong-amount`: another amount may do.
 * - `float`: the company has paid in too little beforehand.
 * - `quote`: the quote is none of ours, has expired, or is no longer true.
 * - `conflict`: this id was used for another payment.
 * - `unknown-transaction`: nobody has heard of this id.
 * - `too-late`: the token is out; only a counter can take it back.
 * - `later`: passes by itself. Says nothing of whether the payment is made; the same call may be made again.
 */
export type RefusalKind =
  | 'unknown-customer'
  | 'not-possible'
  | 'too-small'
  | 'wrong-amount'
  | 'float'
  | 'quote'
  | 'conflict'
  | 'unknown-transaction'
  | 'too-late'
  | 'later';

const KINDS = {
  'meter-not-found': 'unknown-customer',
  'meter-number-invalid': 'unknown-customer',
  'meter-check-digit-wrong': 'unknown-customer',
  'reference-ambiguous': 'unknown-customer',
  'meter-closed': 'not-possible',
  'connection-disconnected': 'not-possible',
  'above-meter-register': 'not-possible',
  'token-refused': 'not-possible',
  'meter-key-expired': 'not-possible',
  'tid-exhausted': 'not-possible',
  'tid-too-far-ahead': 'not-possible',
  'amount-not-positive': 'too-small',
  'below-minimum-recharge': 'too-small',
  'above-maximum-recharge': 'wrong-amount',
  'amount-malformed': 'wrong-amount',
  'amount-step': 'wrong-amount',
  'float-exhausted': 'float',
  'quote-malformed': 'quote',
  'quote-expired': 'quote',
  'quote-changed': 'quote',
  'transaction-conflict': 'conflict',
  'transaction-not-found': 'unknown-transaction',
  'token-released': 'too-late',
  'payment-moved': 'later',
  'token-server-down': 'later',
  'lane-full': 'later',
  'books-unreachable': 'later',
  'outcome-unknown': 'later',
} as const satisfies Record<string, RefusalKind>;

/** A reason of the core, stable. */
export type BillerErrorCode = keyof typeof KINDS;
export const BILLER_ERROR_CODES = Object.keys(KINDS) as readonly BillerErrorCode[];

/**
 * What kind of reason a code is.
 *
 * @param otherwise for a code that is not in the table: of a payment that another release refused, or a room's own
 * @example refusalKindOf('below-minimum-recharge') // 'too-small'
 */
export function refusalKindOf(code: string | null, otherwise: RefusalKind = 'not-possible'): RefusalKind {
  return code !== null && Object.hasOwn(KINDS, code) ? KINDS[code as BillerErrorCode] : otherwise;
}
