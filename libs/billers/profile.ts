import type { InstantMs, Paisa } from '@vend/kernel';
import type { BillerProfileName, Provider } from '@vend/payments';
import type { BillerPayment, BillerQuote, CommitAsk, StatementLine } from './core';

/** A request as it came, before anybody has believed a word of it. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Below `/v1/billers/<provider>`, as in the profile's `calls`: `/api/payBill`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
  readonly receivedAt: InstantMs;
}

/** An answer in the caller's dialect. */
export interface WireAnswer {
  readonly httpStatus: number;
  readonly contentType: string;
  readonly body: string;
}

/** What a request asks for, in our words. `wire` is whatever the profile wants back when it writes the answer. */
export type ProfileCall<Wire = unknown> = { readonly wire: Wire } & (
  | { readonly op: 'quote'; readonly ask: { readonly reference: string; readonly amountPaisa?: Paisa } }
  | { readonly op: 'commit'; readonly ask: CommitAsk }
  | { readonly op: 'status'; readonly trxId: string }
  | { readonly op: 'reverse'; readonly trxId: string; readonly reason: string }
  | { readonly op: 'acknowledge'; readonly trxId: string }
  | { readonly op: 'statement'; readonly day: string; readonly after?: string }
  /** Answered by the profile alone, from the provider's row: a login. `balance`: it wants to know its float. */
  | { readonly op: 'session'; readonly balance: boolean }
);

/** What became of it. `error`: a stable code of ours; the profile has a word of its contract for every one. */
export type ProfileResult =
  | { readonly kind: 'quote'; readonly quote: BillerQuote }
  | { readonly kind: 'payment'; readonly payment: BillerPayment }
  | { readonly kind: 'statement'; readonly lines: readonly StatementLine[]; readonly next: string | null }
  | { readonly kind: 'session'; readonly balancePaisa: Paisa | null; readonly now: InstantMs; readonly secret: Buffer }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'error'; readonly code: string };

/** A request that was understood, or the answer to one that was not. */
export type ProfileReading<Wire = unknown> = { readonly call: ProfileCall<Wire> } | { readonly refused: WireAnswer };

/**
 * One contract's words: reads a caller's request and writes its answer, and knows nothing of databases or vending. Pure,
 * so that every profile passes one conformance suite.
 */
export interface BillerProfile<Wire = unknown> {
  readonly name: BillerProfileName;
  /** The ways in. Any other path is answered in the caller's dialect by `unknownCall`. */
  readonly calls: readonly { readonly method: 'GET' | 'POST'; readonly path: string }[];
  /** The names of what its rows must have, checked when a row is written. */
  readonly credentialNames: readonly string[];
  readonly settingNames: readonly { readonly name: string; readonly optional: boolean }[];
  /** For contracts whose callers acknowledge a payment: one that is not acknowledged by then is a person's to look at. */
  readonly acknowledgedWithinMs?: number;
  /**
   * Checks the caller's credentials (in constant time) and reads what it wants.
   *
   * @param secret of all our processes: for sessions that need no row; the same that a `session` result brings
   * @returns `refused`: the answer that its contract has for a wrong password, a missing field, a body that is none …
   */
  read(request: WireRequest, provider: Provider, secret: Buffer): ProfileReading<Wire> | Promise<ProfileReading<Wire>>;
  /** Writes the answer. From the result alone and nothing of the moment: a repeat must not show in a single byte. */
  write(call: ProfileCall<Wire>, result: ProfileResult, provider: Provider): WireAnswer;
  /** For an address that is not allowed, a path that is none, a body too large, a fault of ours. */
  refuse(code: 'address-not-allowed' | 'unknown-call' | 'body-too-large' | 'internal-error'): WireAnswer;
}
