import type { WattHours } from '@vend/kernel';

/** The smallest energy a token can carry: 0.1 kWh. */
export const TOKEN_STEP_WH = 100n;

/** The largest: 1 820 162.4 kWh (STS.md 3.1). */
export const TOKEN_MAXIMUM_WH = 1_820_162_400n;

const MANTISSA = 1n << 14n;

/**
 * Cuts energy down to what the 16-bit amount of an STS token holds exactly (STS.md 3.1): whole 0.1 kWh up to
 * 1638.3 kWh, then steps of 1, 10 and 100 kWh from 1638.4, 18 022.4 and 181 862.4. Down, because the customer must get
 * exactly what was priced; the token itself would round up and credit energy nobody paid for.
 *
 * @throws {RangeError} when the energy is negative or above 1 820 162.4 kWh
 * @example tokenFloorWh(1_974_200n) // 1_973_400n
 */
export function tokenFloorWh(energyWh: WattHours): WattHours {
  if (energyWh < 0n || energyWh > TOKEN_MAXIMUM_WH) throw new RangeError('energy is outside what a token can carry');
  const tenths = energyWh / TOKEN_STEP_WH;
  let base = 0n;
  let step = 1n;
  for (let exponent = 0; exponent < 3; exponent++) {
    const nextBase = base + MANTISSA * step;
    if (tenths < nextBase) break;
    base = nextBase;
    step *= 10n;
  }
  // Between the last value of a step and the next base lie a few that no mantissa reaches: 180 214 < t < 180 224.
  const mantissa = (tenths - base) / step;
  return (base + (mantissa < MANTISSA ? mantissa : MANTISSA - 1n) * step) * TOKEN_STEP_WH;
}
