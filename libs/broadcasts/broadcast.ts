import type { Id, InstantMs, Paisa } from '@vend/kernel';
import type { BroadcastState, RecipientState } from './broadcast.lifecycle';

/** Languages that every notice is written in; each phone gets that of its customer. */
export const LANGUAGES = ['bn', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type PerLanguage<T> = Readonly<Record<Language, T>>;

/** Templates that may go to many at once. */
export const BROADCAST_TEMPLATES = ['notice', 'arrears-bill'] as const;
export type BroadcastTemplate = (typeof BROADCAST_TEMPLATES)[number];

/** Who is told. Every field narrows; none of them is everybody with a phone whose account is not closed. */
export interface Audience {
  /** Names of offices, all those below them included already. */
  readonly offices: readonly string[] | null;
  readonly tariffClasses: readonly string[] | null;
  /** Customers who owe more than this on their meters together. */
  readonly arrearsOverPaisa: Paisa | null;
}

/** What somebody composes. */
export interface BroadcastOrder {
  /** The request's Idempotency-Key: the same order again is the same notice. */
  readonly id: Id;
  /** What people call it; it is not sent. */
  readonly name: string;
  readonly template: BroadcastTemplate;
  /** The free text of a `notice`; null where the template says everything. */
  readonly texts: PerLanguage<string> | null;
  readonly audience: Audience;
  readonly ratePerSecond: number;
  /** As `parseQuietHours` reads them. */
  readonly quietHours: string;
  /** null: as soon as it is approved. */
  readonly startsAt: InstantMs | null;
  /** Nothing leaves after it. */
  readonly endsAt: InstantMs;
  /** The office that it belongs to: the maker's. */
  readonly office: string;
  /** `user:rahima`. */
  readonly by: string;
}

/** How an order is worded, fixed when it is composed: what was approved is what leaves, whatever is published later. */
export interface FixedWording {
  readonly templateVersion: number;
  /** The template's texts. */
  readonly bodies: PerLanguage<string>;
  /** SMS parts that a message takes at most. */
  readonly parts: PerLanguage<number>;
  /** By the gateway that is asked first. */
  readonly partCostPaisa: Paisa;
}

/** A notice as it stands. */
export interface Broadcast extends Omit<BroadcastOrder, 'by'>, FixedWording {
  readonly state: BroadcastState;
  /** SHA-256 over everything that is told, to whom and when; hexadecimal. */
  readonly contentSha256: string;
  readonly madeBy: string;
  readonly madeAt: InstantMs;
  readonly preparedAt: InstantMs | null;
  /** Customers of the audience; then how many of them share a phone with an earlier one, or want no notices. */
  readonly customers: number;
  readonly samePhone: number;
  readonly optedOut: number;
  readonly recipients: PerLanguage<number>;
  readonly approvalId: Id | null;
  readonly launchedBy: string | null;
  readonly launchedAt: InstantMs | null;
  readonly beganAt: InstantMs | null;
  readonly endedAt: InstantMs | null;
  /** `all-tried`, `time-over`, `stopped`. */
  readonly endReason: string | null;
  /** Recipients with an end: sent, failed or skipped. */
  readonly settled: number;
  /** Time in which it was leaving: without pauses and quiet hours. */
  readonly activeMs: number;
  /** Why it does not go on: a gateway's reason. */
  readonly waitingFor: string | null;
}

/** How many recipients are where, and why. */
export interface StatusCount {
  readonly state: RecipientState;
  readonly outcome: string | null;
  readonly count: number;
}

/** What sending it costs at most. @example costOf(broadcast) // 25000000n */
export function costOf({
  recipients,
  parts,
  partCostPaisa,
}: Pick<Broadcast, 'recipients' | 'parts' | 'partCostPaisa'>): Paisa {
  return LANGUAGES.reduce((sum, code) => sum + BigInt(recipients[code] * parts[code]), 0n) * partCostPaisa;
}

/** How many phones are to ring. */
export function totalOf({ recipients }: Pick<Broadcast, 'recipients'>): number {
  return recipients.bn + recipients.en;
}
