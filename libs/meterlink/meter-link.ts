import type { Id } from '@vend/kernel';

/** One token on its way into a meter. */
export interface LoadToken {
  /** 1-based place in the order in which the meter must get them: key changes first. */
  readonly sequence: number;
  readonly of: number;
  readonly kind: string;
  /** 20 digits. Must not reach a log, a URL or an error. */
  readonly digits: string;
}

/** All tokens of one vend, for one meter. */
export interface LoadOrder {
  /** The same for every attempt: the head-end recognises a repeat by it. */
  readonly loadId: Id;
  /** Rises when a person sends a failed load once more; the head-end repeats it in its answers. */
  readonly round: number;
  /** 18 digits. */
  readonly meterNo: string;
  readonly tokens: readonly LoadToken[];
}

/** Why nobody knows yet, though the same call may succeed later. */
export type LinkRetryReason =
  | 'head-end-unreachable' // no connection, or it broke
  | 'head-end-timeout' // no answer in time
  | 'head-end-unreadable' // not the agreed JSON
  | 'head-end-error' // 5xx
  | 'head-end-throttled' // 429
  | 'head-end-configuration'; // 401, 403, 404: an operator must act, the load is innocent

export type PushOutcome =
  | { readonly kind: 'taken' }
  /** It will never be loaded as it is; a code of the head-end's, cut to our alphabet. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'retry-later'; readonly reason: LinkRetryReason; readonly maybeTaken: boolean };

export type AskOutcome =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'working' }
  /** The head-end has no such load: it may be pushed again. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'retry-later'; readonly reason: LinkRetryReason };

/**
 * A way into meters that nobody has to type at: one head-end. The contract every adapter keeps:
 *
 * - it never throws for what a head-end or a network did: that is an outcome;
 * - it does not retry by itself: the caller owns time, attempts and order;
 * - the same load twice reaches the meter once, as far as the head-end can tell; the meter's TIDs see to the rest;
 * - the tokens travel in a body, in their order; no URL, outcome or error carries one, nor a credential.
 */
export interface MeterLink {
  push(order: LoadOrder): Promise<PushOutcome>;
  /** How a load went that was pushed and of which nothing was heard. */
  ask(load: Pick<LoadOrder, 'loadId' | 'round'>): Promise<AskOutcome>;
  /** Waits for what is on its way, then closes the connections. A second call does nothing. */
  close(): Promise<void>;
}

/** A head-end as it is called: the secret must not reach a log. */
export interface HeadEnd {
  readonly code: string;
  readonly url: string;
  readonly keyId: string;
  readonly secret: Buffer;
}

/** A foreign code in our alphabet, at most 40 characters. @example reasonOf('Meter OFF!') // 'meter-off' */
export function reasonOf(text: unknown): string {
  const words = typeof text === 'string' ? text.toLowerCase().match(/[a-z0-9]+/g) : null;
  // Twenty digits are a token, whoever sent them: numbers of that kind are left out.
  const kept = words?.filter((word) => !/\d{5}/.test(word)).join('-') ?? '';
  return kept.slice(0, 40) || 'unexplained';
}
