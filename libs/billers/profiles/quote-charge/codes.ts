/** What this contract can say, in its own numbers; the words are shown to the caller's people. */
export const RESULTS = {
  ok: ['0', 'Success'],
  /** The meter does not load itself: the caller sends the token by SMS. */
  'type-token': ['10010', 'Vended; the meter is not loaded automatically, send the token by SMS'],
  'unknown-customer': ['404', 'No such customer'],
  'unknown-customer-star': ['10001', 'No such customer'],
  'amount-wrong': ['10006', 'Amount not valid: whole Taka, not below the minimum'],
  'amount-large': ['10007', 'Amount above the maximum'],
  'never-charged': ['10001', 'Never charged, and can no longer be: give the money back'],
  refused: ['10009', 'Refused, nothing was charged: give the money back'],
  'quote-over': ['10011', 'The quote has expired or its price has changed, nothing was charged: give the money back'],
  'in-progress': ['10012', 'In progress: ask history'],
  dispute: ['10113', 'A person has to look at this payment'],
  'not-yet': ['10115', 'Not charged yet: ask history again, or charge again'],
  busy: ['10115', 'Not answered now: ask again'],
  unauthorized: ['401', 'Login refused, or session not open: login again'],
  forbidden: ['403', 'Not allowed from this address'],
  'unknown-call': ['405', 'No such call'],
  malformed: ['400', 'Request not understood'],
  'too-large': ['413', 'Request too large'],
} as const satisfies Readonly<Record<string, readonly [resultcode: string, resultmsg: string]>>;

export type Result = keyof typeof RESULTS;
