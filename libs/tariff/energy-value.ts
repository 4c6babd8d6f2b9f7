import { dhakaMonth, DomainError, roundHalfUp, type InstantMs, type Paisa, type WattHours } from '@vend/kernel';
import { classOf } from './charges';
import { costOfMilliPaisa } from './curve';
import type { PricingState, TariffBook } from './tariff';
import type { TariffErrorCode } from './tariff.errors';

/**
 * What so much energy would cost this customer now, without VAT and rebate: the slabs from what was sold this month on,
 * rounded half up to the paisa. For energy that is given, whose worth must be seen in the books.
 *
 * @throws {DomainError<TariffErrorCode>} tariff-class-unknown, demand-charge-unknown, tariff-not-in-force;
 *   flat-rate-unknown
 * @example energyValue({ tariffClass: 'LT-A', soldMonth: null, soldWh: 0n }, 10_000n, at, firstLightBook) // 4190n: 10 kWh at 4.19
 */
export function energyValue(
  state: Pick<PricingState, 'tariffClass' | 'soldMonth' | 'soldWh'>,
  energyWh: WattHours,
  at: InstantMs,
  book: TariffBook,
): Paisa {
  const version = book.versionAt(at);
  const { saleCurve } = classOf(version, state.tariffClass);
  if (saleCurve === null) {
    const facts = { tariffClass: state.tariffClass, tariffVersion: version.id };
    throw new DomainError<TariffErrorCode>('flat-rate-unknown', facts);
  }
  const soldWh = state.soldMonth === dhakaMonth(at) ? state.soldWh : 0n;
  return roundHalfUp(costOfMilliPaisa(saleCurve, soldWh, energyWh), 1_000n);
}
