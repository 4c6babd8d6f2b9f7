import { z } from 'zod';
import { DomainError, isId, type Id } from '@vend/kernel';
import { reasonOf } from './meter-link';
import type { LoadWord } from './remote-load.lifecycle';

/** The width of the column; the agreed body is under 500 bytes. */
export const MAX_LOAD_EVENT_BYTES = 4_096;

/** Strict: a field that we do not know may change the meaning, and none may bring a token into the store. */
const EVENT = z.strictObject({
  type: z.literal('meter-link.result'),
  /** The head-end's id of this message: repeated when the message is. */
  eventId: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  loadId: z.string().refine(isId),
  round: z.number().int().min(1).max(65_535),
  state: z.enum(['loaded', 'failed']),
  reason: z.string().max(60).optional(),
  at: z.iso.datetime({ offset: true }),
});

/** What a head-end says of one load. */
export interface LoadEvent {
  readonly eventId: string;
  readonly loadId: Id;
  /** Which sending it speaks of. */
  readonly round: number;
  readonly word: LoadWord;
  /** Why it failed, in our alphabet; null when it was loaded. */
  readonly reason: string | null;
}

/**
 * Reads the body of a head-end's callback, after its signature was found good on the same bytes.
 *
 * @throws {DomainError} event-malformed, naming the first wrong field and never its value
 * @example parseLoadEvent(request.rawBody).word // 'loaded'
 */
export function parseLoadEvent(rawBody: Buffer): LoadEvent {
  let json: unknown;
  try {
    json = JSON.parse(rawBody.toString('utf8'));
  } catch {
    throw new DomainError('event-malformed', { field: 'body' });
  }
  const parsed = EVENT.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new DomainError('event-malformed', { field: String(issue.path[0] ?? 'body') });
  }
  const { eventId, loadId, round, state, reason } = parsed.data;
  return { eventId, loadId, round, word: state, reason: state === 'failed' ? reasonOf(reason) : null };
}
