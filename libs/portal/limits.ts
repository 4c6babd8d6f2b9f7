import { createHash } from 'node:crypto';
import type { InstantMs } from '@vend/kernel';

/** How often something may be done within a window that begins with the first time. */
export interface TurnRule {
  readonly max: number;
  readonly windowMs: number;
}

const HOUR_MS = 3_600_000;

/**
 * Asking for a code. A phone and a number together are limited as the SMS to that phone are. The phone alone is wider: who
 * asks for it with numbers that are not its owner's sends nothing, and must not keep the owner out. So is the meter, whose
 * number anybody can read off a wall; and behind one address of a mobile network stand thousands.
 */
export const ASK_RULES = {
  pair: { max: 5, windowMs: HOUR_MS },
  phone: { max: 60, windowMs: HOUR_MS },
  meter: { max: 20, windowMs: HOUR_MS },
  address: { max: 120, windowMs: HOUR_MS / 6 },
} as const satisfies Record<string, TurnRule>;

/** Typing codes: each code has five tries of its own, this keeps one address from trying many codes. */
export const TRY_RULE: TurnRule = { max: 120, windowMs: HOUR_MS / 6 };

/** Receipts as files for one customer: drawing one holds the server for a fifth of a second. */
export const RECEIPT_RULE: TurnRule = { max: 20, windowMs: HOUR_MS };

/** Answers that a ticket takes, right or wrong. */
export const TRIES_MAX = 5;
/** A code lives five minutes from when it is sent; the ticket a little longer than the slowest sending. */
export const TICKET_LIVES_MS = 10 * 60_000;
/** As long as somebody is in; on a shared phone one logs out before. */
export const SESSION_LIVES_MS = 12 * HOUR_MS;

/** What is counted: the number of times since an instant. */
export interface Turns {
  readonly beganAt: InstantMs;
  readonly n: number;
}

/**
 * One more time, and what is counted then; a number: not before so many seconds.
 *
 * @example nextTurn({ beganAt: 0, n: 5 }, { max: 5, windowMs: 60_000 }, 20_000) // 40
 */
export function nextTurn(turns: Turns, { max, windowMs }: TurnRule, at: InstantMs): Turns | number {
  if (turns.n === 0 || at - turns.beganAt >= windowMs) return { beganAt: at, n: 1 };
  if (turns.n < max) return { beganAt: turns.beganAt, n: turns.n + 1 };
  return Math.max(1, Math.ceil((turns.beganAt + windowMs - at) / 1_000));
}

/** The name under which something is counted: no phone and no address stands in that table. */
export function subjectOf(kind: string, ...values: readonly string[]): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([kind, ...values]))
    .digest();
}
