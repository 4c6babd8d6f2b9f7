import { isDomainError } from '@vend/kernel';
import type { MetersService } from '@vend/meters';
import type { FoundMoney, FoundPayment, SettlementPorts } from '@vend/settlement';
import type { MeterDues, RechargeCommand, VendingService } from '@vend/vending';

interface Rooms {
  readonly vending: VendingService;
  readonly meters: MetersService;
  readonly dues: MeterDues;
}

/** What settlement needs of the rooms that vend: every payment under its business key, so that a repeat finds the first. */
export function settlementPorts({ vending, meters, dues }: Rooms): SettlementPorts {
  const pay = async (money: FoundMoney, meter: Target): Promise<FoundPayment> => {
    const { source, sourceRef, amountPaisa: grossPaisa, actor } = money;
    const taken = { source, sourceRef, actor, grossPaisa, channel: 'callback', moneyIsTaken: true } as const;
    const { record } = await vending.recharge({ ...taken, keepWhenRefused: true, ...meter });
    return { rechargeId: record.rechargeId, state: record.state };
  };
  return {
    vend: async (money, meter) => pay(money, 'meterId' in meter ? meter : await meterOf(meters, meter.reference)),
    keep: (money) => pay(money, { meterId: null, unresolvedCode: 'kept-for-refund' }),
    chargeMeter: (debt) => dues.chargeClaim(debt),
  };
}

type Target = Pick<RechargeCommand, 'meterId' | 'unresolvedCode' | 'reference'>;

async function meterOf(meters: MetersService, reference: string): Promise<Target> {
  try {
    return { meterId: (await meters.resolve(reference))?.meterId ?? null, reference };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { meterId: null, unresolvedCode: error.code, reference };
  }
}
