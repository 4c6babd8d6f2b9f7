import type { Id, InstantMs, LocalDay, Paisa } from '@vend/kernel';
import type { Finding } from './match/classify';

export const BREAK_BUCKETS = ['ours-only', 'theirs-only', 'amount-differs', 'duplicate', 'bank-differs'] as const;
/** What is broken: a finding of two books, or a bank credit that is not what a batch should have brought. */
export type BreakBucket = (typeof BREAK_BUCKETS)[number];

/**
 * The life of a break. OPEN: nobody has done anything. CLAIMED: the provider was asked, and the sum stands in its account.
 * SETTLED: booked away, vended or kept for a refund; it opens again, for what is left, when a later file says another sum than
 * was settled. HEALED: a late row, a corrected file or the credit made it right by itself; it opens again when what healed it
 * goes away, and is SETTLED by an action that was under way meanwhile.
 */
export const BREAK_MOVES = {
  OPEN: ['CLAIMED', 'SETTLED', 'HEALED'],
  CLAIMED: ['SETTLED', 'HEALED'],
  SETTLED: ['OPEN'],
  HEALED: ['OPEN', 'SETTLED'],
} as const satisfies Record<string, readonly string[]>;
export type BreakState = keyof typeof BREAK_MOVES;
export const BREAK_STATES = Object.keys(BREAK_MOVES) as readonly BreakState[];

/** @example mayMove('HEALED', 'CLAIMED') // false */
export function mayMove(from: BreakState, to: BreakState): boolean {
  return (BREAK_MOVES[from] as readonly string[]).includes(to);
}

/** A break that was raised. */
export interface Break {
  readonly breakId: Id;
  readonly provider: string;
  /** `batch:<batch>` for a bank's. */
  readonly trxId: string;
  readonly place: number;
  readonly bucket: BreakBucket;
  readonly day: LocalDay;
  readonly state: BreakState;
  readonly version: number;
  /** What our books have, with what actions about it have booked; of a bank's, what the batch should have brought. */
  readonly oursPaisa: Paisa;
  /** What the provider says; of a bank's, what was credited. */
  readonly theirsPaisa: Paisa;
  readonly rechargeId: Id | null;
  readonly meterId: Id | null;
  /** What the payer typed, as the statement has it. */
  readonly billerRef: string;
  readonly batch: string;
  readonly caseId: Id | null;
  /** What of it is written off, and was not taken back. */
  readonly writtenOffPaisa: Paisa;
  readonly raisedAt: InstantMs;
  readonly changedAt: InstantMs;
}

/** What people may do about a break. */
export const BREAK_ACTIONS = {
  vend: { en: 'vend it now', bn: 'এখনই টোকেন দিন', approval: false },
  refund: { en: 'keep it as owed, to be paid back in its case', bn: 'ফেরতযোগ্য হিসেবে রাখুন', approval: true },
  claim: { en: 'claim it from the provider', bn: 'প্রোভাইডারের কাছে দাবি করুন', approval: false },
  'charge-meter': { en: "add it to the meter's debt", bn: 'মিটারের বকেয়ায় যোগ করুন', approval: true },
  'write-off': { en: 'write it off', bn: 'অবলোপন করুন', approval: true },
  'take-back': { en: 'take the write-off back', bn: 'অবলোপন ফিরিয়ে নিন', approval: true },
  'book-commission': { en: 'the provider kept it as commission', bn: 'কমিশন হিসেবে বই করুন', approval: true },
  'pay-back': { en: 'pay the excess back to the provider', bn: 'অতিরিক্ত টাকা প্রোভাইডারকে ফেরত দিন', approval: true },
  'move-vat': { en: 'move the VAT share to its account', bn: 'ভ্যাটের অংশ তার হিসাবে সরান', approval: true },
} as const;
export type BreakAction = keyof typeof BREAK_ACTIONS;
export const BREAK_ACTION_NAMES = Object.keys(BREAK_ACTIONS) as BreakAction[];

type Facts = Pick<
  Break,
  'bucket' | 'oursPaisa' | 'theirsPaisa' | 'place' | 'rechargeId' | 'meterId' | 'writtenOffPaisa'
>;

/** VAT credits of a batch are compared at this place, the rest at 0. */
export const VAT_PLACE = 1;

/**
 * Which actions fit a break: each bucket has its own, and the side that has more decides.
 *
 * @example actionsFor({ bucket: 'theirs-only', oursPaisa: 0n, theirsPaisa: 50_000n, place: 0, … }) // ['vend', 'refund']
 */
export function actionsFor(facts: Facts): BreakAction[] {
  const { bucket, oursPaisa, theirsPaisa, place, rechargeId, meterId } = facts;
  const lacking: BreakAction[] = ['claim', ...(meterId ? (['charge-meter'] as const) : []), 'write-off'];
  if (bucket === 'bank-differs') {
    if (theirsPaisa > oursPaisa) return place === VAT_PLACE ? ['claim'] : ['claim', 'pay-back', 'move-vat'];
    return place === VAT_PLACE ? ['claim', 'move-vat'] : ['claim', 'write-off', 'book-commission'];
  }
  if (bucket !== 'theirs-only') {
    // A duplicate that was kept, and that a corrected file no longer has, is money of ours alone.
    if (oursPaisa > theirsPaisa) return lacking;
    // The provider has it after all: first of all it owes it again.
    if (facts.writtenOffPaisa > 0n) return ['take-back', 'claim'];
    return bucket === 'duplicate' ? ['refund', 'claim'] : ['vend', 'refund'];
  }
  // A reversal of nothing, and money that our books have as given back, are the provider's to explain.
  return theirsPaisa < 0n || rechargeId !== null ? ['claim'] : ['vend', 'refund'];
}

/** The sum that an action is about: what one side has more than the other. */
export function sumOf({ oursPaisa, theirsPaisa }: Pick<Break, 'oursPaisa' | 'theirsPaisa'>): Paisa {
  return oursPaisa > theirsPaisa ? oursPaisa - theirsPaisa : theirsPaisa - oursPaisa;
}

/** Days after which the two books may no longer make each other right by themselves. */
const WINDOW_DAYS = 1;
/** Days in which a batch should reach the bank after its last day. */
export const BANK_DAYS = 3;

/**
 * True when a finding is a break: its window has passed, and for what only we have, the provider has sent the statement
 * of the next day too, in which a late payment would be.
 *
 * @param hasStatement whether a statement of a day is in
 */
export function isBreakNow(
  { bucket, sinceDay }: Pick<Finding, 'bucket' | 'sinceDay'>,
  today: LocalDay,
  hasStatement: (day: LocalDay) => boolean,
): boolean {
  if (today <= dayAfter(sinceDay, WINDOW_DAYS)) return false;
  return bucket !== 'ours-only' || (hasStatement(sinceDay) && hasStatement(dayAfter(sinceDay, WINDOW_DAYS)));
}

/** @example dayAfter('2026-11-30', 1) // '2026-12-01' */
export function dayAfter(day: LocalDay, days: number): LocalDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** True when the text is a day of the calendar in this century. @example isDay('2026-02-30') // false */
export function isDay(text: string): boolean {
  const at = /^20\d\d-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
