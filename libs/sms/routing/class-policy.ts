import type { SmsMessageClass } from '../sms-gateway';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How urgent a class is, how patient, and how much of a gateway's rate it may have. */
export interface ClassPolicy {
  /** How long one gateway is kept to when it may have taken the message: its repeat is recognised, another's is a second SMS. */
  readonly escalateAfterMs: number;
  /** How long a message is tried; then it is for people. */
  readonly giveUpAfterMs: number;
  /** The longest pause between two tries. */
  readonly retryBoundSeconds: number;
  /** The part of a gateway's rate that the class may use over time, when the row of the gateway says nothing else. */
  readonly share: number;
  /**
   * The part of a second's worth that it may use at once. What is above is left for more urgent classes, so that there
   * is always room for a token.
   */
  readonly headroom: number;
}

/** The most urgent first. A class that is not in a hurry never takes what a more urgent one needs. */
export const CLASS_POLICY: Readonly<Record<SmsMessageClass, ClassPolicy>> = {
  token: {
    escalateAfterMs: 30_000,
    giveUpAfterMs: 24 * HOUR_MS,
    retryBoundSeconds: 30,
    share: 1,
    headroom: 1,
  },
  'one-time-code': {
    escalateAfterMs: 30_000,
    giveUpAfterMs: 5 * MINUTE_MS,
    retryBoundSeconds: 10,
    share: 0.5,
    headroom: 0.8,
  },
  pending: {
    escalateAfterMs: 2 * MINUTE_MS,
    giveUpAfterMs: 6 * HOUR_MS,
    retryBoundSeconds: 60,
    share: 0.5,
    headroom: 0.7,
  },
  reminder: {
    escalateAfterMs: 15 * MINUTE_MS,
    giveUpAfterMs: 12 * HOUR_MS,
    retryBoundSeconds: 300,
    share: 0.4,
    headroom: 0.5,
  },
  notice: {
    escalateAfterMs: 15 * MINUTE_MS,
    giveUpAfterMs: 24 * HOUR_MS,
    retryBoundSeconds: 300,
    share: 0.5,
    headroom: 0.4,
  },
};

/** The classes in the order in which they leave. */
export const CLASSES = Object.keys(CLASS_POLICY) as readonly SmsMessageClass[];
