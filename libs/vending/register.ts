import { DomainError, formatKwh, formatTaka, type Paisa, type WattHours } from '@vend/kernel';
import type { VendingMeter } from '@vend/meters';
import type { VendingErrorCode } from './vending.errors';

/**
 * Refuses what a meter could never take: a token beyond what the register of its model holds is answered with Overflow
 * (STS.md 9), whatever is in the meter, and several tokens would meet the same register. How full the register is, no
 * server knows. A meter whose model is not on record is trusted.
 *
 * @param credit of one vend, in the unit that the meter counts: Wh, else paisa
 * @throws {DomainError<VendingErrorCode>} above-meter-register (facts: maximumKwh or maximumTaka): before any money moves
 * @example assertRegisterHolds(meter, { energyWh: quote.energyWh, energyPaisa: quote.energyPaisa })
 */
export function assertRegisterHolds(
  { registerMaxWh, registerMaxPaisa }: Pick<VendingMeter, 'registerMaxWh' | 'registerMaxPaisa'>,
  { energyWh, energyPaisa }: { readonly energyWh: WattHours | null; readonly energyPaisa: Paisa },
): void {
  if (energyWh !== null) {
    if (registerMaxWh === null || energyWh <= registerMaxWh) return;
    throw new DomainError<VendingErrorCode>('above-meter-register', { maximumKwh: formatKwh(registerMaxWh) });
  }
  if (registerMaxPaisa === null || mostCredited(energyPaisa) <= registerMaxPaisa) return;
  throw new DomainError<VendingErrorCode>('above-meter-register', { maximumTaka: formatTaka(registerMaxPaisa) });
}

/** A Taka token rounds up to its next step, and the steps grow with the sum: at most 10 in 16 384 of it (STS.md 3.2). */
function mostCredited(paisa: Paisa): Paisa {
  return paisa + (paisa * 10n) / 16_384n + 1n;
}
