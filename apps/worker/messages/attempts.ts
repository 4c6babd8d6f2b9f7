import { dhakaDay, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Language } from '@vend/receipts';
import {
  CLASS_POLICY,
  type MessageAttempt,
  type MessageKey,
  type RoutedMessage,
  type RoutedOutcome,
  type SmsMessageClass,
} from '@vend/sms';

/** A message about to be sent, as far as its row needs it. */
export interface Tried extends MessageKey {
  readonly messageId: Id;
  readonly messageClass: SmsMessageClass;
  readonly csmsId: string;
  readonly language: Language | null;
  readonly parts: number | null;
  readonly queuedAt: InstantMs;
  /** Since when it is tried. */
  readonly since: InstantMs;
  /** Attempts before this one. */
  readonly attempts: number;
  readonly gateway: string | null;
  readonly escalated: boolean;
  readonly maybeTakenOn: LocalDay | null;
}

/** A clock that was far behind, or a worker that was away for long, is no reason to give up at once. */
const ATTEMPTS_AT_LEAST = 3;

/** What the row knows: which gateway may have this message. How long this process keeps to it is its own to count. */
export function beforeOf({ gateway, maybeTakenOn }: Tried): Pick<RoutedMessage, 'before'> {
  return gateway !== null && maybeTakenOn !== null ? { before: { gateway, forMs: 0 } } : {};
}

/** What the row says after an attempt. */
export function attemptOf(
  tried: Tried,
  { outcome, gateway, escalated }: RoutedOutcome,
  now: InstantMs,
): MessageAttempt {
  const { since, attempts, messageClass } = tried;
  const common = { ...tried, gateway: gateway ?? tried.gateway, escalated: escalated || tried.escalated };
  const end = { referenceId: null, givenUp: false };
  switch (outcome.kind) {
    case 'accepted': {
      const said = outcome.maybeDuplicate || tried.maybeTakenOn !== null ? 'accepted-maybe-twice' : 'accepted';
      return { ...common, ...end, state: 'SENT', referenceId: outcome.referenceId, outcome: said };
    }
    case 'duplicate':
      return { ...common, ...end, state: 'SENT', outcome: 'duplicate' };
    case 'refused':
      return failedAttempt(common, outcome.reason);
    case 'retry-later': {
      const maybeTakenOn = outcome.maybeAccepted ? dhakaDay(now) : tried.maybeTakenOn;
      const late = now - since > CLASS_POLICY[messageClass].giveUpAfterMs && attempts + 1 >= ATTEMPTS_AT_LEAST;
      const state = late ? 'FAILED' : 'QUEUED';
      return { ...common, maybeTakenOn, referenceId: null, state, outcome: outcome.reason, givenUp: late };
    }
  }
}

/** A message that will not be sent, and why. */
export function failedAttempt(tried: Tried, outcome: string): MessageAttempt {
  return { ...tried, state: 'FAILED', referenceId: null, outcome, parts: null, givenUp: false };
}
