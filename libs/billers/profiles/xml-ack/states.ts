import type { RefusalKind } from '../../biller.codes';

/** What this contract can say: a number, and words for the caller's people. */
export const STATES = {
  ok: ['200', 'Success'],
  malformed: ['400', 'Request not understood'],
  unauthorized: ['401', 'User, password or key not right'],
  forbidden: ['403', 'Not allowed from this address'],
  'not-found': ['404', 'Not found'],
  'unknown-call': ['405', 'No such call'],
  conflict: ['409', 'This transId was used for another payment'],
  'too-large': ['413', 'Request too large'],
  /** The account is known and cannot be recharged now. */
  'not-possible': ['414', 'Account cannot be recharged; nothing was charged'],
  'refund-due': ['415', 'Not vended; the utility gives it back'],
  'too-small': ['416', 'Amount below the minimum; nothing was charged'],
  'wrong-amount': ['417', 'Amount not valid; nothing was charged'],
  balance: ['418', 'Balance of the vendor too low; nothing was charged'],
  'in-progress': ['428', 'In progress: ask the status'],
  busy: ['429', 'Busy: ask again'],
  failed: ['500', 'Outcome not known: ask the status'],
} as const satisfies Readonly<Record<string, readonly [state: string, message: string]>>;

export type State = keyof typeof STATES;

/** A state for every kind of reason that the core has. */
export const STATE_OF_KIND: Readonly<Record<RefusalKind, State>> = {
  'unknown-customer': 'not-found',
  'not-possible': 'not-possible',
  'too-small': 'too-small',
  'wrong-amount': 'wrong-amount',
  float: 'balance',
  quote: 'not-possible',
  conflict: 'conflict',
  'unknown-transaction': 'not-found',
  'too-late': 'conflict',
  later: 'busy',
};
