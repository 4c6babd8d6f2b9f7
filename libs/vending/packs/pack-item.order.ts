import { dhakaMonth, DomainError, formatInstant, type Id, type InstantMs } from '@vend/kernel';
import { vendEntry, type AccountOf } from '@vend/ledger';
import type { Tx } from '@vend/platform';
import type { Order, OrderFacts, OrderPlan } from '../orders/order';
import { lockPackItem, markItemUsed } from '../store/packs.store';
import type { VendingErrorCode } from '../vending.errors';
import { soldInMonth, type OfflinePack, type PackItem } from './pack';

/** An item that a journal says was handed out. */
export interface UsedItem {
  readonly itemId: Id;
  /** When, by the counter's clock. */
  readonly usedAt: InstantMs;
}

const NOTHING_TAKEN = {
  rentPaisa: 0n,
  demandPaisa: 0n,
  arrearsPaisa: 0n,
  pfcPaisa: 0n,
  penaltyPaisa: 0n,
  remainderInPaisa: 0n,
};

/** The id under which an item's token was asked for; the audit log names it. */
export function packRequestId(itemId: Id, tid: number, rnd: number): string {
  return `${itemId}:${tid}:${rnd}`;
}

/**
 * Books an item that was handed out in an outage. The item is its business key, so it is booked once, whoever uploads
 * the journal, how often, and from where. Money is booked on the day of the booking, in the cash of the pack's station;
 * the day of the outage is kept beside it.
 */
export function packItemOrder(
  pack: OfflinePack,
  { itemId, meterId }: Pick<PackItem, 'itemId' | 'meterId'>,
  usedAt: InstantMs,
  by: Pick<Order, 'actor' | 'alongside'>,
  secret: Buffer,
): Order<PackItem> {
  const cash: AccountOf<'cash'> = `cash:${pack.station}`;
  return {
    ...by,
    kind: 'offline-pack',
    source: `till:${pack.station}`,
    sourceRef: itemId,
    channel: 'counter',
    meterId,
    // Not when it was used: two journals may differ in that, and it is one sale.
    asked: { packId: pack.packId, itemId },
    accounts: [cash],
    closedToo: true,
    read: async (tx: Tx) => {
      const item = await lockPackItem(tx, itemId, secret);
      if (!item) throw new DomainError<VendingErrorCode>('pack-item-unknown');
      return item;
    },
    plan: (facts) => plan(pack, usedAt, cash, facts),
  };
}

function plan(
  pack: OfflinePack,
  usedAt: InstantMs,
  cash: AccountOf<'cash'>,
  { orderId, now, meter, state, extra: item }: OrderFacts<PackItem>,
): OrderPlan {
  const amounts = { ...item.amounts, ...NOTHING_TAKEN };
  const month = dhakaMonth(now);
  // Only energy of this month moves this month's slabs; a count of last month waits for the recharge that settles its
  // lifeline credit.
  const counts = item.energyWh !== null && dhakaMonth(usedAt) === month && (state.soldMonth ?? month) === month;
  return {
    amounts,
    tokens: [],
    made: [
      {
        token: item.token,
        baseDate: item.baseDate,
        rnd: item.rnd,
        amountUnits: item.amountUnits,
        requestId: packRequestId(item.itemId, item.token.tid, item.rnd),
      },
    ],
    energyWh: item.energyWh,
    estimatedWh: item.estimatedWh,
    pricing: item.pricing,
    detail: {
      packId: pack.packId,
      itemId: item.itemId,
      pricedAt: formatInstant(pack.preparedAt),
      usedAt: formatInstant(usedAt),
      wasWithdrawn: item.state === 'WITHDRAWN',
    },
    next: {
      remainderPaisa: state.remainderPaisa + item.amounts.remainderOutPaisa,
      ...(counts && { soldMonth: month, soldWh: soldInMonth(state, now) + item.energyWh }),
    },
    entries: [vendEntry({ businessId: orderId, bookedAt: now, meterId: meter.meterId }, cash, amounts)],
    also: (tx, vend) => markItemUsed(tx, item.itemId, usedAt, vend.vendId),
  };
}
