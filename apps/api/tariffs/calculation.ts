import { dhakaMonth, parseKwh, previousMonth, type InstantMs, type YearMonth } from '@vend/kernel';
import type { PricingState } from '@vend/tariff';

/** A meter that is nowhere, in the words of a request; what is left out is the commonest household. */
export interface InventedMeter {
  readonly tariffClass?: string;
  readonly phase?: '1' | '3';
  /** Decimal string. */
  readonly sanctionedKw?: string;
  readonly crediting?: 'currency' | 'energy';
  readonly owner?: 'utility' | 'customer';
  /** Months of fixed charges that are due, this one counted. */
  readonly monthsDue?: number;
  /** Sold in the month of the instant; decimal string. */
  readonly soldKwh?: string;
}

/**
 * The state that an invented meter is priced with.
 *
 * @example inventedState({ tariffClass: 'LT-A', sanctionedKw: '2', monthsDue: 1 }, Date.now()).chargedThrough // last month
 */
export function inventedState(meter: InventedMeter, at: InstantMs): PricingState {
  const { tariffClass = 'LT-A', phase = '1', sanctionedKw = '2', crediting = 'energy', owner = 'utility' } = meter;
  const { monthsDue = 1, soldKwh = '0' } = meter;
  const month = dhakaMonth(at);
  return {
    tariffClass,
    phase: phase === '3' ? 3 : 1,
    sanctionedW: parseKwh(sanctionedKw),
    meterOwner: owner,
    crediting,
    // Whoever says how many months are due need not say since when there was a meter.
    installedOn: '1990-01-01',
    rentUntil: null,
    chargedThrough: monthsBefore(month, monthsDue),
    soldMonth: month,
    soldWh: parseKwh(soldKwh),
    arrearsPaisa: 0n,
    arrearsPlan: null,
    remainderPaisa: 0n,
  };
}

function monthsBefore(month: YearMonth, count: number): YearMonth {
  let through = month;
  for (let due = 0; due < count; due++) through = previousMonth(through);
  return through;
}
