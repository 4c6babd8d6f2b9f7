/**
 * The life of a notice to all. PREPARING: its recipients are being written down. READY: they are counted and what it
 * costs is known; it waits for a second person. SCHEDULED: approved, its hour has not come. RUNNING: leaving, chunk by
 * chunk, and resting in the quiet hours. PAUSED: nothing leaves until somebody resumes it. DONE: everybody was tried, or
 * its time was over. STOPPED: a person has ended it; what was not sent never will be.
 *
 * A worker that dies in the middle leaves a chunk in hand: when its lease ends the next one sends it again, under the same
 * ids, which the gateway knows.
 */
export const BROADCAST_MOVES = {
  PREPARING: ['READY', 'STOPPED'],
  READY: ['SCHEDULED', 'STOPPED'],
  SCHEDULED: ['RUNNING', 'PAUSED', 'DONE', 'STOPPED'],
  RUNNING: ['PAUSED', 'DONE', 'STOPPED'],
  PAUSED: ['SCHEDULED', 'RUNNING', 'STOPPED'],
  DONE: [],
  STOPPED: [],
} as const satisfies Record<string, readonly string[]>;

export type BroadcastState = keyof typeof BROADCAST_MOVES;
export const BROADCAST_STATES = Object.keys(BROADCAST_MOVES) as readonly BroadcastState[];

/** True when the table has the move. @example mayMove('DONE', 'RUNNING') // false */
export function mayMove(from: BroadcastState, to: BroadcastState): boolean {
  return (BROADCAST_MOVES[from] as readonly BroadcastState[]).includes(to);
}

/** QUEUED: to be sent. TAKEN: in a worker's hand. SENT: a gateway has it. FAILED, SKIPPED: it was not sent, and never will be. */
export type RecipientState = 'QUEUED' | 'TAKEN' | 'SENT' | 'FAILED' | 'SKIPPED';
