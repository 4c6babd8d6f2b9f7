import { formatTaka, type Paisa } from '@vend/kernel';
import type { BillerLine } from '../../core';

/** The lines of this contract, in its order; Taka with two decimals. */
export type Fee = Readonly<Record<'purchaseAmount' | FeeLine, string>>;
type FeeLine = 'energyCost' | 'demandCharge' | 'rebate' | 'pfc' | 'debt' | 'meterRent' | 'vat' | 'tax';

/** Which line of the contract shows which of ours (libs/tariff). */
const LINE_OF: Readonly<Record<string, FeeLine>> = {
  energy: 'energyCost',
  // What is left of a token's step, brought in and carried on: it buys energy, now or next time.
  'remainder-used': 'energyCost',
  'remainder-carried': 'energyCost',
  'demand-charge': 'demandCharge',
  rebate: 'rebate',
  'lifeline-credit': 'rebate',
  'power-factor': 'pfc',
  arrears: 'debt',
  penalty: 'debt',
  'meter-rent': 'meterRent',
  vat: 'vat',
};

/**
 * The breakdown that a payer is shown. The lines below `purchaseAmount` add up to it as they are printed, `rebate` being
 * minus. What the contract has no line for is a debt when it is to be paid, and a rebate when it helps the customer;
 * `tax` is always 0.00, for there is none beside VAT.
 *
 * @example feeOf(50_000n, lines) // { purchaseAmount: '500.00', energyCost: '476.19', …, vat: '23.81', tax: '0.00' }
 */
export function feeOf(amountPaisa: Paisa, lines: readonly BillerLine[]): Fee {
  const sums: Record<FeeLine, Paisa> = {
    ...{ energyCost: 0n, demandCharge: 0n, rebate: 0n, pfc: 0n, debt: 0n, meterRent: 0n, vat: 0n, tax: 0n },
  };
  for (const { code, amountPaisa: paisa } of lines) {
    const known = Object.hasOwn(LINE_OF, code) ? LINE_OF[code] : undefined;
    sums[known ?? (paisa < 0n ? 'rebate' : 'debt')] += paisa;
  }
  const shown = Object.entries(sums).map(([line, paisa]) => [line, formatTaka(paisa)] as const);
  return { purchaseAmount: formatTaka(amountPaisa), ...(Object.fromEntries(shown) as Record<FeeLine, string>) };
}
