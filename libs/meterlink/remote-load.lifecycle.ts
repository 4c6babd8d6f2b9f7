/**
 * The life of a remote load. UNSENT: written with its vend, the head-end has not taken it. SENT: taken, not yet in the
 * meter as far as we know. LOADED: the meter has it; final, whatever anybody says later. FAILED: it did not get there,
 * and the reason says why; the customer types the token, a person may send it once more (UNSENT), and a late word that
 * the meter took it after all is believed.
 *
 * An acknowledgement that overtakes our own SENT proves that it was sent: it moves through SENT in one transaction.
 * A worker that dies between a push and its commit leaves UNSENT; the next one pushes the same load id again, which the
 * head-end recognises, and the meter's own memory of TIDs is the last wall.
 */
export const REMOTE_LOAD_MOVES = {
  UNSENT: ['SENT', 'FAILED'],
  SENT: ['LOADED', 'FAILED'],
  LOADED: [],
  FAILED: ['UNSENT', 'LOADED'],
} as const satisfies Record<string, readonly string[]>;

export type RemoteLoadState = keyof typeof REMOTE_LOAD_MOVES;

export const REMOTE_LOAD_STATES = Object.keys(REMOTE_LOAD_MOVES) as readonly RemoteLoadState[];

/** True when the table has the move. @example mayMove('LOADED', 'FAILED') // false */
export function mayMove(from: RemoteLoadState, to: RemoteLoadState): boolean {
  return (REMOTE_LOAD_MOVES[from] as readonly RemoteLoadState[]).includes(to);
}

/** Refuses a move that the table does not have. @throws {Error} always a programming error */
export function assertLoadMove(from: RemoteLoadState, to: RemoteLoadState): void {
  if (!mayMove(from, to)) throw new Error(`a remote load cannot go from ${from} to ${to}`);
}

/** What a head-end says of a load, and what follows from it in this state. */
export type LoadWord = 'loaded' | 'failed';

/**
 * The steps that a head-end's word takes a load through; none when it changes nothing.
 *
 * @example stepsOf('UNSENT', 'loaded') // ['SENT', 'LOADED']: the acknowledgement overtook our own SENT
 */
export function stepsOf(state: RemoteLoadState, word: LoadWord): readonly RemoteLoadState[] {
  const end = word === 'loaded' ? 'LOADED' : 'FAILED';
  if (mayMove(state, end)) return [end];
  return state === 'UNSENT' ? ['SENT', end] : [];
}
