import type { InstantMs } from '@vend/kernel';

/** bKash blocks who asks for a token more than twice in an hour; the minute is for clocks that differ. */
const HOUR_MS = 60 * 60_000 + 60_000;
const ASKS_AN_HOUR = 2;
/** A token is not sent when it would expire on the way. */
const ON_THE_WAY_MS = 5_000;
/** The hour's second question is not wasted on the same hiccup as the first. */
const AFTER_FAILURE_MS = 20_000;

export interface GrantedToken {
  readonly idToken: string;
  readonly refreshToken: string | undefined;
  readonly grantedAt: InstantMs;
  /** From here on somebody should ask for the next one, while this one still works. */
  readonly refreshAfter: InstantMs;
  readonly expiresAt: InstantMs;
}

/** What all processes know of a provider's token. */
export interface TokenState {
  readonly token: GrantedToken | undefined;
  /** When it was last asked for one, newest first, answered or not: at most two. */
  readonly asked: readonly InstantMs[];
  /** Somebody is asking until then, or has died over it. */
  readonly askingUntil: InstantMs | null;
}

type TokenStep =
  | { readonly step: 'use'; readonly token: GrantedToken }
  /** With the refresh token of the last one, or with the password. */
  | { readonly step: 'ask'; readonly refreshToken: string | undefined }
  /** Somebody else is asking. */
  | { readonly step: 'wait' }
  /** It may not be asked for another one now. */
  | { readonly step: 'blocked' };

/**
 * What to do for a token, from what all processes know.
 *
 * @param rejected the token that bKash has just said is not valid, if any
 * @example nextStep({ token: undefined, asked: [], askingUntil: null }, now) // { step: 'ask', refreshToken: undefined }
 */
export function nextStep({ token, asked, askingUntil }: TokenState, now: InstantMs, rejected?: string): TokenStep {
  const usable = token !== undefined && token.idToken !== rejected && now < token.expiresAt - ON_THE_WAY_MS;
  if (usable && now < token.refreshAfter) return { step: 'use', token };
  const beingAsked = askingUntil !== null && now < askingUntil;
  const last = asked[0];
  const failedJustNow = last !== undefined && last > (token?.grantedAt ?? -Infinity) && now - last < AFTER_FAILURE_MS;
  // A time ahead of ours is another machine's now.
  const allowed = asked.filter((at) => now - at < HOUR_MS).length < ASKS_AN_HOUR && !failedJustNow;
  if (usable && (beingAsked || !allowed)) return { step: 'use', token };
  if (beingAsked) return { step: 'wait' };
  if (!allowed) return { step: 'blocked' };
  return { step: 'ask', refreshToken: token?.idToken === rejected ? undefined : token?.refreshToken };
}

/** A token as it was granted: the next one is asked for after 50 to 55 of its 60 minutes, spread by `chance` (0 to 1). */
export function tokenGranted(
  { idToken, refreshToken, expiresInSeconds }: GrantOfToken,
  now: InstantMs,
  chance: number,
): GrantedToken {
  const lifeMs = expiresInSeconds * 1000;
  const refreshAfter = now + Math.floor((lifeMs * (50 + 5 * chance)) / 60);
  return { idToken, refreshToken, grantedAt: now, refreshAfter, expiresAt: now + lifeMs };
}

/** What bKash answers to a grant or a refresh. */
export interface GrantOfToken {
  readonly idToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresInSeconds: number;
}
