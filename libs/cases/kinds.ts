import { dhakaDay, startOfDay, type InstantMs } from '@vend/kernel';
import type { Role } from '@vend/identity';

interface KindRule {
  /** Hours count by the clock; days are Dhaka calendar days, and the last one counts whole. */
  readonly deadline: { readonly hours: number } | { readonly days: number };
  /** Whose queue it waits in until somebody takes it. */
  readonly queue: Role;
  readonly en: string;
  readonly bn: string;
}

/**
 * What customers complain about, and by when it must be answered: supply within 24 hours, a bill within 7 days, as the
 * utilities promise. Who paid and has no energy sits in the dark, so a missing token, a refused one and money without a
 * meter count as supply.
 */
const KINDS = {
  'token-not-received': {
    deadline: { hours: 24 },
    queue: 'call-centre',
    en: 'token not received',
    bn: 'টোকেন আসেনি',
  },
  'token-refused': {
    deadline: { hours: 24 },
    queue: 'call-centre',
    en: 'meter refuses the token',
    bn: 'মিটার টোকেন নেয় না',
  },
  'bill-due': { deadline: { days: 7 }, queue: 'accounts', en: 'bill still shows due', bn: 'বিল এখনো বাকি দেখায়' },
  'wrong-amount': { deadline: { days: 7 }, queue: 'accounts', en: 'wrong amount', bn: 'টাকার অঙ্ক ভুল' },
  'meter-fault': { deadline: { hours: 24 }, queue: 'supervisor', en: 'meter fault', bn: 'মিটার নষ্ট' },
  supply: { deadline: { hours: 24 }, queue: 'supervisor', en: 'no supply', bn: 'বিদ্যুৎ নেই' },
  bill: { deadline: { days: 7 }, queue: 'accounts', en: 'bill', bn: 'বিল' },
  'unexplained-money': {
    deadline: { hours: 24 },
    queue: 'accounts',
    en: 'payment not vended',
    bn: 'পেমেন্টে টোকেন হয়নি',
  },
  'settlement-break': {
    deadline: { days: 7 },
    queue: 'accounts',
    en: "a provider's statement differs",
    bn: 'প্রোভাইডারের হিসাব মেলে না',
  },
  other: { deadline: { days: 7 }, queue: 'call-centre', en: 'other', bn: 'অন্যান্য' },
} as const satisfies Readonly<Record<string, KindRule>>;

export type CaseKind = keyof typeof KINDS;

/** Every kind with its deadline, its queue and its words. @example CASE_KINDS.supply.deadline // { hours: 24 } */
export const CASE_KINDS: Readonly<Record<CaseKind, KindRule>> = KINDS;
export const CASE_KIND_NAMES = Object.keys(KINDS) as CaseKind[];

/** How long a customer may say that it is not settled after all, in Dhaka days after the closing. */
export const REOPEN_DAYS = 7;

/**
 * The instant by which a case of this kind must be answered.
 *
 * @example deadlineOf('bill', Date.UTC(2026, 10, 22, 4)) // the end of 29 November in Dhaka
 */
export function deadlineOf(kind: CaseKind, openedAt: InstantMs): InstantMs {
  const { deadline } = CASE_KINDS[kind];
  return 'hours' in deadline ? openedAt + deadline.hours * 3_600_000 : endOfDayAfter(openedAt, deadline.days);
}

/** The end of the Dhaka day that is so many days after the instant's. @example endOfDayAfter(closedAt, REOPEN_DAYS) */
export function endOfDayAfter(at: InstantMs, days: number): InstantMs {
  return startOfDay(dhakaDay(at)) + (days + 1) * 86_400_000;
}
