import type { SettlementPorts } from '@vend/settlement';

/** What a process that died looks like to whoever was waiting for it. */
export class CrashedHere extends Error {}

/** Ports that do the first vend and then die before anybody hears of it. */
export function crashOnce(ports: SettlementPorts): SettlementPorts {
  let crashed = false;
  return {
    ...ports,
    vend: async (...asked) => {
      const payment = await ports.vend(...asked);
      if (crashed) return payment;
      crashed = true;
      throw new CrashedHere('after the vend');
    },
  };
}
