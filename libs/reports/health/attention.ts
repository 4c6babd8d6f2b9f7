import type { Id, InstantMs, Paisa } from '@vend/kernel';

/** What waits for somebody, or has failed. */
export const ATTENTION_KINDS = [
  // Paid, and no token yet: the worker tries again by itself.
  'pending-vend',
  // What companies told us, not worked yet.
  'payment-message',
  // Work that the worker has tried twenty times and more.
  'stuck-work',
  'failed-sms',
  'failed-load',
  // Open cases about a payment, and open cases of any kind whose deadline is over.
  'payment-case',
  'overdue-case',
  'review',
  'settlement-break',
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** More than this is not counted: it is "more than" it. */
export const ATTENTION_MAX = 10_000;

/** How much of a kind there is. */
export interface Attention {
  readonly kind: AttentionKind;
  readonly count: number;
  /** There is more than is counted. */
  readonly more: boolean;
  /** Since when the oldest waits; null: there is none. */
  readonly oldest: InstantMs | null;
  /** What the payments among it come to; null where it is not about money. */
  readonly paisa: Paisa | null;
  /** Some of the payments, the oldest first, to be traced; none for other kinds. */
  readonly rechargeIds: readonly Id[];
}

/** A company or gateway that takes customers' money for us, as it has been lately. */
export interface PaymentHealth {
  /** `provider:<code>` or `vendor:<code>`. */
  readonly source: string;
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly lastMessageAt: InstantMs | null;
  /** Messages and calls of the last hour, and how many of them were refused. */
  readonly lastHour: { readonly messages: number; readonly refused: number };
  /** Its payments that wait for a vend. */
  readonly pending: { readonly count: number; readonly oldest: InstantMs | null };
}

/** How many of today's messages are in which state. */
export interface SmsToday {
  readonly queued: number;
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
}
