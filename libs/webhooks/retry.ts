import type { InstantMs } from '@vend/kernel';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Between one attempt and the next; the last of them again and again. */
const PAUSES_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
/** So long a message is tried before it is left to a person. */
export const GIVE_UP_MS: InstantMs = 72 * HOUR;
/** After so long without a single success an endpoint is disabled. */
export const FAILING_MS: InstantMs = 120 * HOUR;
/** A receiver may ask for a longer pause, but not for ever. */
const LONGEST_PAUSE_MS = 24 * HOUR;

/**
 * How long to wait before the next attempt: the table's pause, a fifth more or less of it by chance, so that what failed
 * together does not come back together; longer if the receiver asked for it.
 *
 * @param attempts made so far, at least 1
 * @param chance from 0 to 1
 * @param retryAfterMs what the receiver asked for
 */
export function pauseMs(attempts: number, chance: number, retryAfterMs = 0): number {
  const pause = PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1]!;
  return Math.round(Math.min(LONGEST_PAUSE_MS, Math.max(pause * (0.8 + 0.4 * chance), retryAfterMs)));
}

/** Reads `Retry-After`: seconds, or a date. @returns milliseconds from now, 0 for what cannot be read */
export function retryAfterMs(header: string | undefined, now: InstantMs): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
