import { monthOfDay, nextMonth, previousMonth, type LocalDay, type YearMonth } from '@vend/kernel';
import type { MeterOwner, Phase } from '../attributes';

/** What fixed charges of earlier months are reckoned by; see `PastTerms` in libs/tariff. */
export interface FormerTerms {
  readonly throughMonth: YearMonth;
  readonly tariffClass: string;
  readonly phase: Phase;
  readonly sanctionedW: bigint;
  readonly meterOwner: MeterOwner;
}

/**
 * What of a meter's past decides the fixed charges that its customer still owes: kept beside the state that every vend
 * locks, and null for a meter whose terms never changed. It only grows: a cancelled vend may bring old months back.
 */
export interface Charging {
  /** The first month owed, where that is before this meter's installation: it replaced another. */
  readonly since: YearMonth | null;
  /** First and last month of each span that was off from its first day to its last. */
  readonly off: readonly (readonly [first: YearMonth, last: YearMonth])[];
  /** Oldest first. */
  readonly past: readonly FormerTerms[];
}

const NOTHING: Charging = { since: null, off: [], past: [] };

/** Terms that counted up to the month before this one. */
export type Terms = Omit<FormerTerms, 'throughMonth'>;

/**
 * The terms change on a day: months before that day's month keep the former ones. The day's own month is owed by what
 * holds at its first recharge (MONEY.md 2).
 *
 * @example withFormerTerms(null, terms, '2026-11-15').past[0]?.throughMonth // 202610
 */
export function withFormerTerms(charging: Charging | null, former: Terms, day: LocalDay): Charging {
  const { past, ...rest } = charging ?? NOTHING;
  return { ...rest, past: [...past, { throughMonth: previousMonth(monthOfDay(day)), ...former }] };
}

/**
 * The connection was off from one day to another: the whole months between are not owed; the two months in which it was
 * on for a part are.
 *
 * @example withoutMonthsOff(null, '2026-08-31', '2026-11-01').off // [[202609, 202610]]
 */
export function withoutMonthsOff(charging: Charging | null, offOn: LocalDay, onAgain: LocalDay): Charging | null {
  const first = nextMonth(monthOfDay(offOn));
  const last = previousMonth(monthOfDay(onAgain));
  if (first > last) return charging;
  const { off, ...rest } = charging ?? NOTHING;
  return { ...rest, off: [...off, [first, last]] };
}

/** A meter takes another's place: months since the first one's installation are still owed. */
export function sinceMonth(charging: Charging | null, installedOn: LocalDay): Charging {
  const { since, ...rest } = charging ?? NOTHING;
  return { ...rest, since: since ?? monthOfDay(installedOn) };
}

/** As stored beside the meter's state. */
export function chargingToJson(charging: Charging): string {
  return JSON.stringify({
    ...charging,
    past: charging.past.map((terms) => ({ ...terms, sanctionedW: terms.sanctionedW.toString() })),
  });
}

/** Reads it back. */
export function chargingFromJson(json: string): Charging {
  const stored = JSON.parse(json) as Charging & { past: (Terms & { throughMonth: YearMonth; sanctionedW: string })[] };
  return { ...stored, past: stored.past.map((terms) => ({ ...terms, sanctionedW: BigInt(terms.sanctionedW) })) };
}
