import { dhakaMonth, type InstantMs } from '@vend/kernel';
import { costMilliPaisa, slabCurve } from './curve';
import type { LifelineCredit } from './quote';
import type { PricingState, TariffBook } from './tariff';

/**
 * Policy `month_end_credit` (MONEY.md 4): energy was sold at slab 1; when the month is over and stayed within the
 * lifeline limit, the customer is owed the difference. null when the month still runs, went over the limit, sold
 * nothing, or the policy or class knows no such credit. `price` gives it with the first recharge of a later month, which
 * also starts a new count of units, so it is given once. Rounded up to the paisa, in the customer's favour.
 *
 * @throws {DomainError<TariffErrorCode>} tariff-not-in-force
 * @example lifelineCredit({ ...state, soldMonth: 202610, soldWh: 50_000n }, november, firstLightBook) // 22.00 Tk for 202610
 */
export function lifelineCredit(state: PricingState, at: InstantMs, book: TariffBook): LifelineCredit | null {
  const { soldMonth: month, soldWh } = state;
  if (state.crediting !== 'energy' || month === null || soldWh === 0n || month >= dhakaMonth(at)) return null;
  const version = book.versionForMonth(month, at);
  const rates = version.classes.get(state.tariffClass)?.rates;
  if (version.lifeline !== 'month_end_credit' || rates?.kind !== 'slab' || rates.lifeline === null) return null;
  const { toKwh, ratePaisaPerKwh } = rates.lifeline;
  if (soldWh > BigInt(toKwh ?? 0) * 1000n) return null;
  const differenceMilli = costMilliPaisa(slabCurve(rates.slabs), soldWh) - soldWh * ratePaisaPerKwh;
  const creditPaisa = (differenceMilli + 999n) / 1000n;
  const slabPaisaPerKwh = rates.slabs[0]!.ratePaisaPerKwh;
  return { month, soldWh, lifelinePaisaPerKwh: ratePaisaPerKwh, slabPaisaPerKwh, creditPaisa };
}
