import type { Call, Outcome } from '../../shared/api';
import { heardOf } from '../../shared/heard';

/** What moves money, sent under an id that stays until the server has said what became of it. */
export interface Sending {
  readonly key: string;
  readonly path: Call['path'];
  readonly body: object;
  /** A call under this id got no answer: it may have been done. */
  readonly unsure: boolean;
}

/**
 * What to send when a button is pressed: the same again goes under the same id; something else under one of its own, but
 * not while it is unknown what became of the one before.
 *
 * @param newKey a UUID that was never sent
 * @returns undefined: this must wait until the one before is asked again or dropped
 */
export function nextSending(
  before: Sending | undefined,
  { path, body }: Pick<Sending, 'path' | 'body'>,
  newKey: string,
): Sending | undefined {
  const isSame = before?.path === path && JSON.stringify(before.body) === JSON.stringify(body);
  if (isSame) return before;
  return before?.unsure ? undefined : { key: newKey, path, body, unsure: false };
}

/**
 * What is still in hand after an outcome: nothing when the server has answered or refused, unless a call before that one
 * was lost; then a refusal of this one does not say what became of it.
 *
 * @example afterSending(sending, { kind: 'lost' }) // the same, and `unsure`
 */
export function afterSending(sent: Sending, outcome: Outcome<unknown>): Sending | undefined {
  switch (heardOf(outcome)) {
    case 'answer':
      return undefined;
    case 'lost':
      return { ...sent, unsure: true };
    case 'not-let-in':
      return sent;
    case 'refused':
      return sent.unsure ? sent : undefined;
  }
}

/** Of each person, for each thing that is sent. No token, name or phone is in it. */
const nameOf = (by: string, what: string) => `vend.sending.${by}.${what}`;

/** Written before it is sent too, so that a crash at any moment leaves its id behind; undefined: nothing is in hand. */
export function keepSending(
  by: string,
  what: string,
  sending: Sending | undefined,
  storage: Storage = localStorage,
): void {
  if (sending) storage.setItem(nameOf(by, what), JSON.stringify(sending));
  else storage.removeItem(nameOf(by, what));
}

/** What this person has in hand on this machine. */
export function keptSending(by: string, what: string, storage: Storage = localStorage): Sending | undefined {
  try {
    const kept = JSON.parse(storage.getItem(nameOf(by, what)) ?? 'null') as Partial<Sending> | null;
    const whole = typeof kept?.key === 'string' && typeof kept.path === 'string' && typeof kept.body === 'object';
    return whole ? (kept as Sending) : undefined;
  } catch {
    // What an older page left must not keep this one from opening.
    return undefined;
  }
}
