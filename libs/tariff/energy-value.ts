import { dhakaMonth, DomainError, roundHalfUp, type InstantMs, type Paisa, type WattHours } from '@vend/kernel';
import { classOf } from './charges';
import { costOfMilliPaisa } from './curve';
import type { CostCurve, PricingState, TariffBook } from './tariff';
import type { TariffErrorCode } from './tariff.errors';

/** What the price of the next unit depends on. */
type SoldState = Pick<PricingState, 'tariffClass' | 'soldMonth' | 'soldWh'>;

/**
 * What so much energy would cost this customer now, without VAT and rebate: the slabs from what was sold this month on,
 * rounded half up to the paisa. For energy that is given, whose worth must be seen in the books.
 *
 * @throws {DomainError<TariffErrorCode>} tariff-class-unknown, demand-charge-unknown, tariff-not-in-force;
 *   flat-rate-unknown
 * @example energyValue({ tariffClass: 'LT-A', soldMonth: null, soldWh: 0n }, 10_000n, at, firstLightBook) // 4190n: 10 kWh at 4.19
 */
export function energyValue(state: SoldState, energyWh: WattHours, at: InstantMs, book: TariffBook): Paisa {
  const { curve, soldWh } = standingAt(state, at, book);
  return roundHalfUp(costOfMilliPaisa(curve, soldWh, energyWh), 1_000n);
}

/**
 * Where the slab ends that this customer's month has come to: the next unit costs the same until so much was sold.
 *
 * @returns null: the last slab, or one rate for all
 * @throws {DomainError<TariffErrorCode>} as `energyValue`
 * @example slabEnd({ tariffClass: 'LT-A', soldMonth: null, soldWh: 0n }, at, firstLightBook) // 75_000n
 */
export function slabEnd(state: SoldState, at: InstantMs, book: TariffBook): WattHours | null {
  const { curve, soldWh } = standingAt(state, at, book);
  return curve.pieces.find(({ endWh }) => endWh === null || soldWh < endWh)?.endWh ?? null;
}

/** The curve of a class, and how far the month has come on it. */
function standingAt(state: SoldState, at: InstantMs, book: TariffBook): { curve: CostCurve; soldWh: WattHours } {
  const version = book.versionAt(at);
  const { saleCurve: curve } = classOf(version, state.tariffClass);
  if (curve === null) {
    const facts = { tariffClass: state.tariffClass, tariffVersion: version.id };
    throw new DomainError<TariffErrorCode>('flat-rate-unknown', facts);
  }
  return { curve, soldWh: state.soldMonth === dhakaMonth(at) ? state.soldWh : 0n };
}
