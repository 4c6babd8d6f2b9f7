import type { Id, InstantMs } from '@vend/kernel';
import { loadVendingMeters, readMeterStates, withFormerTerms, type MeterState, type VendingMeter } from '@vend/meters';
import type { Database } from '@vend/platform';
import type { ArrearsPlan, ChargingHistory, PricingState, Quote } from '@vend/tariff';

/** What pricing needs, put together from the meter's card and its locked state. */
export function pricingStateOf(meter: VendingMeter, state: MeterState): PricingState {
  const charging = chargingOf(meter, state);
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
    arrearsPlan: state.arrearsPlanJson === null ? null : arrearsPlanFromJson(state.arrearsPlanJson),
    remainderPaisa: state.remainderPaisa,
    pfcDuePaisa: state.pfcDuePaisa,
    penaltyDuePaisa: state.penaltyDuePaisa,
    adjustmentDuePaisa: state.adjustmentDuePaisa,
    // Left out for the many meters that have none, so that what is stored beside their vends stays as it was.
    ...(charging && { charging }),
  };
}

/**
 * What a meter would be priced with now, to calculate with; nothing is locked. undefined: no such meter.
 *
 * @example price((await readPricingState(database, meterId, Date.now()))!, 50_000n, Date.now(), book)
 */
export async function readPricingState(
  database: Database,
  meterId: Id,
  at: InstantMs,
): Promise<PricingState | undefined> {
  const reader = { query: database.read.bind(database) };
  const [meters, states] = await Promise.all([
    loadVendingMeters(reader, [meterId], at),
    readMeterStates(reader, [meterId]),
  ]);
  const [meter, state] = [meters.get(meterId), states.get(meterId)];
  return meter && state && pricingStateOf(meter, state);
}

function chargingOf({ former, phase, owner }: VendingMeter, { charging }: MeterState): ChargingHistory | null {
  if (former === null) return charging;
  const { from, tariffClass, sanctionedW } = former;
  return withFormerTerms(charging, { tariffClass, sanctionedW, phase, meterOwner: owner }, from);
}

/** The credit token that carries a quote's energy: kWh in tenths (subclass 0) or Taka in 0.00001 (subclass 4). */
export function creditOf(quote: Pick<Quote, 'energyWh' | 'energyPaisa'>): { subclass: 0 | 4; amountUnits: bigint } {
  return quote.energyWh === null
    ? { subclass: 4, amountUnits: quote.energyPaisa * 1_000n }
    : { subclass: 0, amountUnits: quote.energyWh / 100n };
}

/** The priced state as stored beside a vend: JSON, bigints as decimal strings. */
export function pricedStateToJson(state: PricingState): string {
  return toJson(state);
}

/** Reads it back. */
export function pricedStateFromJson(json: string): PricingState {
  return fromJson(json) as PricingState;
}

/** An arrears plan as stored beside a meter's state. @example arrearsPlanToJson(plan) // '{"kind":"percent","percentBp":"2000n",…}' */
export function arrearsPlanToJson(plan: ArrearsPlan): string {
  return toJson(plan);
}

function arrearsPlanFromJson(json: string): ArrearsPlan {
  return fromJson(json) as ArrearsPlan;
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
}

function fromJson(json: string): unknown {
  return JSON.parse(json, (_key, each: unknown) =>
    typeof each === 'string' && /^-?\d+n$/.test(each) ? BigInt(each.slice(0, -1)) : each,
  );
}
