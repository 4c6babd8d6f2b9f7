import { dhakaMonth, type Id, type InstantMs, type Paisa, type WattHours, type YearMonth } from '@vend/kernel';
import type { PricingState } from '@vend/tariff';
import type { CreditVendToken, VendPricing } from '../recharge';

/** An item is handed out at most once. One that was withdrawn and turns up used is booked all the same: money first. */
export const PACK_ITEM_MOVES = {
  OPEN: ['USED', 'WITHDRAWN'],
  WITHDRAWN: ['USED'],
  USED: [],
} as const;
export type PackItemState = keyof typeof PACK_ITEM_MOVES;

/** At most so many items for one meter: its TIDs run ahead of the clock by as many minutes. */
export const PACK_ITEMS_PER_METER_MAX = 5;
/** At most so many items in one pack: it is made in one transaction. */
export const PACK_ITEMS_MAX = 300;

/** What of a price an item has; rent, demand charge, arrears and dues are left to the next normal recharge. */
export interface PackItemAmounts {
  readonly grossPaisa: Paisa;
  readonly vatPaisa: Paisa;
  readonly rebatePaisa: Paisa;
  readonly energyPaisa: Paisa;
  readonly remainderOutPaisa: Paisa;
}

/** A token made ahead, with everything that an auditor needs to price it again. */
export interface PackItem {
  readonly itemId: Id;
  readonly packId: Id;
  readonly meterId: Id;
  /** 1-based: the items of a meter are handed out in this order. */
  readonly place: number;
  readonly amounts: PackItemAmounts;
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
  readonly pricing: VendPricing;
  readonly baseDate: number;
  readonly rnd: number;
  readonly amountUnits: bigint;
  /** With its digits: must not reach a log. */
  readonly token: CreditVendToken;
  readonly state: PackItemState;
  readonly usedAt: InstantMs | null;
  readonly vendId: Id | null;
}

/** So many items of one amount for a meter. */
export interface PackLine {
  readonly meterId: Id;
  readonly grossPaisa: Paisa;
  readonly items: number;
}

/** A pack of a station. */
export interface OfflinePack {
  readonly packId: Id;
  readonly station: string;
  readonly reason: string;
  readonly preparedBy: string;
  readonly preparedAt: InstantMs;
  readonly state: 'OPEN' | 'WITHDRAWN';
  readonly withdrawnBy: string | null;
  readonly withdrawnAt: InstantMs | null;
}

/**
 * The state that an item is priced on: nothing but VAT, rebate and energy comes of it (MONEY.md 5). Fixed charges,
 * arrears, dues, a carried remainder and a lifeline credit wait for the next normal recharge.
 *
 * @param soldWh energy sold this month, with the items of the same meter before this one
 */
export function packedState(state: PricingState, at: InstantMs, soldWh: WattHours): PricingState {
  const month: YearMonth = dhakaMonth(at);
  return {
    ...state,
    chargedThrough: month,
    soldMonth: month,
    soldWh,
    arrearsPlan: null,
    remainderPaisa: 0n,
    pfcDuePaisa: 0n,
    penaltyDuePaisa: 0n,
    adjustmentDuePaisa: 0n,
  };
}

/** Energy sold so far in the month of an instant. */
export function soldInMonth(
  state: { readonly soldMonth: YearMonth | null; readonly soldWh: WattHours },
  at: InstantMs,
): WattHours {
  return state.soldMonth === dhakaMonth(at) ? state.soldWh : 0n;
}
