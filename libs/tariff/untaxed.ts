import type { InstantMs, Paisa } from '@vend/kernel';
import { issueEnergy, termsAt, type Issued } from './price';
import type { PricingState, TariffBook } from './tariff';

/** Energy for money on which VAT was paid, or is not owed: what it buys, and what it was reckoned with. */
export type UntaxedEnergy = Issued & { readonly tariffVersion: string; readonly rebateProfile: string };

/**
 * Turns money into energy without VAT, rebate, fixed charges or arrears: a deposit that is given back as credit
 * (MONEY.md 5). Units sold this month count, as for every kWh; money too little for a token's step is left over.
 *
 * @throws {RangeError} money below zero
 * @throws {DomainError<TariffErrorCode>} above-maximum-recharge; tariff-class-unknown; tariff-not-in-force; flat-rate-unknown
 * @example untaxedEnergy(ltAEnergyMeter, 10_000n, at, book).energyWh // 23800n
 */
export function untaxedEnergy(state: PricingState, moneyPaisa: Paisa, at: InstantMs, book: TariffBook): UntaxedEnergy {
  if (moneyPaisa < 0n) throw new RangeError('money must not be negative');
  const terms = termsAt(state, at, book, {});
  return { ...issueEnergy(terms, moneyPaisa), tariffVersion: terms.version.id, rebateProfile: terms.rebate.id };
}
