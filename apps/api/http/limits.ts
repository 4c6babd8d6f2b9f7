import type { Paisa } from '@vend/kernel';

/** What one recharge may be at most, at this server (RECHARGE_MAX_TAKA); pricing has limits of its own by class. */
export class AmountLimits {
  constructor(readonly maximumPaisa: Paisa) {}
}
