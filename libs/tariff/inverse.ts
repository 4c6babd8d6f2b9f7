import { DomainError, formatTaka, type InstantMs, type Paisa, type WattHours } from '@vend/kernel';
import { split, termsAt, type PriceOptions } from './price';
import type { PricingState, TariffBook } from './tariff';
import type { TariffErrorCode } from './tariff.errors';

/**
 * "How much for 100 kWh?": the least gross amount, to the paisa, whose recharge now gives at least `energyWh`
 * (currency mode: an estimate of at least that). Never below the minimum recharge; in the channel's steps.
 *
 * @throws {DomainError<TariffErrorCode>} above-maximum-recharge when no allowed amount buys so much; and as price
 * @example rechargeFor(state, 100_000n, at, firstLightBook) // 47541n for an LT-A meter with its month already paid
 */
export function rechargeFor(
  state: PricingState,
  energyWh: WattHours,
  at: InstantMs,
  book: TariffBook,
  options: PriceOptions = {},
): Paisa {
  const terms = termsAt(state, at, book, options);
  const gives = (grossPaisa: Paisa) => {
    const quote = split(terms, grossPaisa);
    const given = quote.energyWh ?? quote.estimatedWh;
    if (given === null) {
      const facts = { tariffClass: state.tariffClass, tariffVersion: quote.tariffVersion };
      throw new DomainError<TariffErrorCode>('flat-rate-unknown', facts);
    }
    return given >= energyWh;
  };
  // Energy never falls when the amount rises (a tested law), so halving finds the edge.
  let enough = raiseUntil(gives, terms.minimumPaisa, terms.maximumPaisa);
  let tooLittle = terms.minimumPaisa - 1n;
  while (enough - tooLittle > 1n) {
    const middle = (enough + tooLittle) / 2n;
    if (gives(middle)) enough = middle;
    else tooLittle = middle;
  }
  return payable(enough, terms);
}

/** Up to the next amount that the channel can send, if the limit allows it. */
function payable(grossPaisa: Paisa, { stepPaisa, maximumPaisa }: ReturnType<typeof termsAt>): Paisa {
  const stepped = ((grossPaisa + stepPaisa - 1n) / stepPaisa) * stepPaisa;
  if (stepped <= maximumPaisa) return stepped;
  throw new DomainError<TariffErrorCode>('above-maximum-recharge', { maximumTaka: formatTaka(maximumPaisa) });
}

/** Doubles from the minimum, so that a small question never meets the token's own ceiling. */
function raiseUntil(gives: (grossPaisa: Paisa) => boolean, minimumPaisa: Paisa, maximumPaisa: Paisa): Paisa {
  for (let amount = minimumPaisa; amount < maximumPaisa; amount *= 2n) if (gives(amount)) return amount;
  if (minimumPaisa <= maximumPaisa && gives(maximumPaisa)) return maximumPaisa;
  throw new DomainError<TariffErrorCode>('above-maximum-recharge', { maximumTaka: formatTaka(maximumPaisa) });
}
