import {
  DomainError,
  dhakaMonth,
  monthOfDay,
  nextMonth,
  startOfDay,
  type InstantMs,
  type Paisa,
  type YearMonth,
} from '@vend/kernel';
import { monthChargeOf } from './charges';
import { costOfMilliPaisa } from './curve';
import type { Quote } from './quote';
import type { PricingState, TariffVersion } from './tariff';

const MILLI = 1000n;

/** A recharge of before the order was known, as it was priced. */
export interface PastRecharge {
  readonly state: PricingState;
  readonly at: InstantMs;
  readonly quote: Quote;
}

/**
 * What a meter owes, or is owed, when a version reaches back over recharges that were priced without it (policy
 * `adjust_at_next_vend`, MONEY.md 3): the energy sold and the months charged since it took effect, at its rates, less what
 * was taken for them. Before VAT, which the next recharge carries; plus is owed by the customer.
 *
 * A currency meter spends its credit by its own table, so only its fixed charges differ. A class that the version does not
 * have, or has no rate for, is left as it was.
 *
 * @param recharges those that stand, oldest first; earlier ones than the version are passed over
 * @example retroactiveDue([{ state, at, quote }], march2024) // 7 500n: 50 kWh at 1.50 more
 */
export function retroactiveDue(recharges: readonly PastRecharge[], version: TariffVersion): Paisa {
  const effectiveMs = startOfDay(version.effectiveFrom);
  return recharges
    .filter(({ at }) => at >= effectiveMs)
    .reduce((due, recharge) => due + energyDifference(recharge, version) + chargesDifference(recharge, version), 0n);
}

function energyDifference({ state, quote }: PastRecharge, version: TariffVersion): Paisa {
  const curve = version.classes.get(state.tariffClass)?.saleCurve ?? null;
  if (quote.energyWh === null || curve === null) return 0n;
  const cost = costOfMilliPaisa(curve, quote.basis.soldBeforeWh, quote.energyWh) / MILLI;
  return cost - quote.energyPaisa;
}

function chargesDifference({ state, at, quote }: PastRecharge, version: TariffVersion): Paisa {
  const since = firstWholeMonth(version);
  const ownMonth = dhakaMonth(at);
  return quote.basis.charges
    .filter(({ month }) => month >= since || month === ownMonth)
    .reduce((due, taken) => {
      const owed = ownChargeOf(state, taken.month, version);
      if (owed === null) return due;
      return due + owed.rentPaisa + owed.demandPaisa - taken.rentPaisa - taken.demandPaisa;
    }, 0n);
}

/** The first month that began under the version: idle months before it keep the rate of theirs. */
function firstWholeMonth({ effectiveFrom }: TariffVersion): YearMonth {
  const month = monthOfDay(effectiveFrom);
  return effectiveFrom.endsWith('-01') ? month : nextMonth(month);
}

function ownChargeOf(state: PricingState, month: YearMonth, version: TariffVersion) {
  try {
    return monthChargeOf(state, month, version);
  } catch (error) {
    // Not a class of this version, or without its demand charge: nothing to compare with.
    if (error instanceof DomainError) return null;
    throw error;
  }
}
