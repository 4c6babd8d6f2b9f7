import { parseTaka, type LocalDay } from '@vend/kernel';
import { estimateCurve, flatCurve, repricedCurve, slabCurve } from './curve';
import type {
  Bilingual,
  CostCurve,
  EnergyRates,
  Level,
  LifelinePolicy,
  RetroactivePolicy,
  Slab,
  TariffClass,
  TariffVersion,
} from './tariff';

/** Tariff data as a person reviews it and a file or a table keeps it: Taka as decimal strings, no code. */
export interface TariffVersionSource {
  readonly id: string;
  readonly title: Bilingual;
  readonly publishedOn: LocalDay | null;
  readonly effectiveFrom: LocalDay;
  readonly endsOn?: LocalDay | null;
  readonly revokedOn?: LocalDay | null;
  readonly lifeline: LifelinePolicy;
  /** Absent: `from_next_vend`. */
  readonly policy?: RetroactivePolicy;
  readonly vatPercent: number;
  /** Taka per month for a utility's meter. */
  readonly meterRentTk: { readonly singlePhase: string; readonly threePhase: string };
  readonly classes: readonly TariffClassSource[];
}

/** One row of a published table; rates in Taka per kWh, demand charge in Taka per kW and month. */
export interface TariffClassSource {
  readonly code: string;
  readonly level: Level;
  readonly name: Bilingual;
  readonly demandTk: string | null;
  readonly energy: EnergySource;
}

export type EnergySource =
  | { readonly kind: 'flat'; readonly flat: string }
  | {
      readonly kind: 'tou';
      readonly flat: string | null;
      readonly offPeak: string;
      readonly peak: string;
      readonly superOffPeak?: string;
    }
  | { readonly kind: 'slab'; readonly lifeline?: SlabSource; readonly slabs: readonly SlabSource[] };

/** `toKwh` null: without limit. `fromKwh` may be given as printed (76 after 75): it is checked, and used for nothing else. */
export interface SlabSource {
  readonly fromKwh?: number;
  readonly toKwh: number | null;
  readonly rate: string;
}

/**
 * Turns reviewed data into a version that prices. What is contradictory in it is found by `lintVersion`, which
 * `tariffBook` runs.
 *
 * @throws {RangeError} when a decimal is not one
 * @example readTariffVersion(bdRetail2020).classes.get('LT-E')!.demandPaisaPerKw // 6000n
 */
export function readTariffVersion(source: TariffVersionSource): TariffVersion {
  const { meterRentTk, endsOn = null, revokedOn = null, policy = 'from_next_vend', classes: rows, vatPercent } = source;
  const { id, title, publishedOn, effectiveFrom, lifeline } = source;
  const classes = new Map<string, TariffClass>();
  for (const row of rows) {
    if (classes.has(row.code)) throw new RangeError(`class ${row.code} twice in ${source.id}`);
    classes.set(row.code, readClass(row, source.lifeline));
  }
  return {
    id,
    title,
    publishedOn,
    effectiveFrom,
    endsOn,
    revokedOn,
    lifeline,
    policy,
    vatPercent: BigInt(vatPercent),
    meterRentPaisa: { 1: parseTaka(meterRentTk.singlePhase), 3: parseTaka(meterRentTk.threePhase) },
    classes,
  };
}

function readClass(row: TariffClassSource, policy: LifelinePolicy): TariffClass {
  const rates = readRates(row.energy);
  return {
    code: row.code,
    level: row.level,
    name: row.name,
    demandPaisaPerKw: row.demandTk === null ? null : parseTaka(row.demandTk),
    rates,
    ...curves(rates, policy),
  };
}

function readRates(energy: EnergySource): EnergyRates {
  const optional = (rate: string | null | undefined) => (rate == null ? null : parseTaka(rate));
  switch (energy.kind) {
    case 'flat':
      return { kind: 'flat', flat: parseTaka(energy.flat) };
    case 'tou':
      return {
        kind: 'tou',
        flat: optional(energy.flat),
        offPeak: parseTaka(energy.offPeak),
        peak: parseTaka(energy.peak),
        superOffPeak: optional(energy.superOffPeak),
      };
    case 'slab':
      return {
        kind: 'slab',
        lifeline: energy.lifeline ? readSlab(energy.lifeline) : null,
        slabs: energy.slabs.map(readSlab),
      };
  }
}

function readSlab({ fromKwh, toKwh, rate }: SlabSource): Slab {
  return { ...(fromKwh === undefined ? {} : { fromKwh }), toKwh, ratePaisaPerKwh: parseTaka(rate) };
}

function curves(rates: EnergyRates, policy: LifelinePolicy): Record<'saleCurve' | 'estimateCurve', CostCurve | null> {
  if (rates.kind !== 'slab') {
    const curve = rates.flat === null ? null : flatCurve(rates.flat);
    return { saleCurve: curve, estimateCurve: curve };
  }
  const { lifeline, slabs } = rates;
  const repriced = policy === 'first_50_then_reprice' && lifeline !== null;
  return {
    saleCurve: repriced ? repricedCurve(lifeline, slabs) : slabCurve(slabs),
    estimateCurve: estimateCurve(lifeline, slabs),
  };
}
