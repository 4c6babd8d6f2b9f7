import type { MeterState, VendingMeter } from '@vend/meters';
import type { PricingState, Quote } from '@vend/tariff';

/** What pricing needs, put together from the meter's card and its locked state. */
export function pricingStateOf(meter: VendingMeter, state: MeterState): PricingState {
  return {
    tariffClass: meter.tariffClass,
    phase: meter.phase,
    sanctionedW: meter.sanctionedW,
    meterOwner: meter.owner,
    crediting: meter.crediting,
    installedOn: meter.installedOn,
    rentUntil: meter.rentUntil,
    chargedThrough: state.chargedThrough,
    soldMonth: state.soldMonth,
    soldWh: state.soldWh,
    arrearsPaisa: state.arrearsPaisa,
    arrearsPlan: null,
    remainderPaisa: state.remainderPaisa,
  };
}

/** The credit token that carries a quote's energy: kWh in tenths (subclass 0) or Taka in 0.00001 (subclass 4). */
export function creditOf(quote: Quote): { subclass: 0 | 4; amountUnits: bigint } {
  return quote.energyWh === null
    ? { subclass: 4, amountUnits: quote.energyPaisa * 1_000n }
    : { subclass: 0, amountUnits: quote.energyWh / 100n };
}

/** The priced state as stored beside a vend: JSON, bigints as decimal strings. */
export function pricedStateToJson(state: PricingState): string {
  return JSON.stringify(state, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** Reads it back. */
export function pricedStateFromJson(json: string): PricingState {
  return JSON.parse(json, (_key, value: unknown) =>
    typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as PricingState;
}
