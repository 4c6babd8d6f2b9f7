import type { InstantMs } from '@vend/kernel';

/** How failed logins of one account, or from one address, are answered. */
export interface LockoutRule {
  /** Failures that cost nothing but themselves. */
  readonly free: number;
  /** Without a failure for this long, the count begins anew. */
  readonly forgottenAfterMs: number;
}

const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 15 * 60_000;

/** Somebody who mistypes gets through; who guesses has about a hundred tries a day. */
export const ACCOUNT_RULE: LockoutRule = { free: 4, forgottenAfterMs: 24 * 3_600_000 };
/** A station's people may all stand behind one address, and one of them is always new. */
export const ADDRESS_RULE: LockoutRule = { free: 19, forgottenAfterMs: 3_600_000 };

/** What is remembered of a subject's failures. */
export interface Failures {
  readonly failures: number;
  readonly failedAt: InstantMs;
  readonly lockedUntil: InstantMs | null;
}

/**
 * What another attempt leads to, before anybody knows whether it will fail: it is counted first, so that many guesses at
 * once are many guesses, and taken back when it succeeds. While locked nothing is looked at, and nothing counted.
 *
 * @example attempted({ failures: 4, failedAt: t, lockedUntil: null }, ACCOUNT_RULE, t + 1) // locked for 30 s after this one
 */
export function attempted(known: Failures | undefined, rule: LockoutRule, at: InstantMs): Failures | 'locked' {
  if (known?.lockedUntil && known.lockedUntil > at) return 'locked';
  const counted = known && at - known.failedAt < rule.forgottenAfterMs ? known.failures : 0;
  const failures = counted + 1;
  const over = failures - rule.free;
  const delayMs = over <= 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** Math.min(over - 1, 20), LONGEST_DELAY_MS);
  return { failures, failedAt: at, lockedUntil: delayMs === 0 ? null : at + delayMs };
}
