/**
 * An inbox row's life. RECEIVED: stored and answered, somebody will look. DONE: it led to a recharge (or found it
 * already there). CASE: it cannot be worked by a machine, say the reference is unknown; a person must look, and
 * the outcome column says why. Both ends are final: a later event has an id, and a row, of its own.
 *
 * A half-done piece of work (a worker killed between the recharge and `conclude`) leaves the row RECEIVED; the
 * next worker repeats it, and the recharge's business key answers with what is already there.
 */
export const INBOX_MOVES = {
  RECEIVED: ['DONE', 'CASE'],
  DONE: [],
  CASE: [],
} as const satisfies Record<string, readonly string[]>;

export type InboxState = keyof typeof INBOX_MOVES;
/** How the work on a row may end. */
export type InboxConclusion = (typeof INBOX_MOVES)['RECEIVED'][number];
