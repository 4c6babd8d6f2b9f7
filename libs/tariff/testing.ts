import { nesco2021 as nesco2021Source } from './data/rebates';
import { readRebateProfile } from './documents';
import type { PricingState } from './tariff';

/** NESCO's rebate of 2021, read. */
export const nesco2021 = readRebateProfile(nesco2021Source);

/**
 * The tests' meter: a 2 kW LT-A connection in energy mode, everything charged for years ahead, nothing sold or owed.
 * Valid by default; a test names only what it is about.
 */
export function meter(changes: Partial<PricingState>): PricingState {
  return {
    tariffClass: 'LT-A',
    phase: 1,
    sanctionedW: 2000n,
    meterOwner: 'utility',
    crediting: 'energy',
    installedOn: '2020-03-10',
    rentUntil: null,
    chargedThrough: 209901,
    soldMonth: null,
    soldWh: 0n,
    arrearsPaisa: 0n,
    arrearsPlan: null,
    remainderPaisa: 0n,
    ...changes,
  };
}
