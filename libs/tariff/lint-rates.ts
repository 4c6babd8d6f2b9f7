import type { EnergyRates, Slab } from './tariff';

/** What is wrong (refused) and what is odd (worth a look) in the rates of a class. */
export interface RateFindings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Looks at the rates of one class; `lintVersion` says where they stand. */
export function lintRates(code: string, rates: EnergyRates): RateFindings {
  const notPositive = ratesOf(rates).some((rate) => rate <= 0n) ? ['a rate that is not above zero'] : [];
  switch (rates.kind) {
    case 'flat':
      return { errors: notPositive, warnings: [] };
    case 'tou':
      return { errors: notPositive, warnings: lintTimeOfUse(code, rates) };
    case 'slab':
      return { errors: [...notPositive, ...lintSlabs(rates.lifeline, rates.slabs)], warnings: lintOrder(rates.slabs) };
  }
}

function ratesOf(rates: EnergyRates): bigint[] {
  switch (rates.kind) {
    case 'flat':
      return [rates.flat];
    case 'tou':
      return [rates.flat, rates.offPeak, rates.peak, rates.superOffPeak].filter((rate) => rate !== null);
    case 'slab':
      return [...(rates.lifeline ? [rates.lifeline] : []), ...rates.slabs].map((slab) => slab.ratePaisaPerKwh);
  }
}

function lintSlabs(lifeline: Slab | null, slabs: readonly Slab[]): string[] {
  const problems: string[] = [];
  const limits = slabs.map((slab) => slab.toKwh);
  if (limits.length === 0 || limits.at(-1) !== null)
    problems.push('slabs end before the last kWh: the last must be open');
  if (limits.slice(0, -1).includes(null)) problems.push('a slab after the open one');
  const finite = limits.filter((limit) => limit !== null);
  if (finite.some((limit, index) => !Number.isInteger(limit) || limit <= (finite[index - 1] ?? 0))) {
    problems.push('slab limits must be whole kWh and rise');
  }
  problems.push(...lintStarts(slabs));
  if (lifeline === null) return problems;
  if (lifeline.toKwh === null || lifeline.toKwh > (finite[0] ?? Infinity)) {
    problems.push('lifeline must end within the first slab');
  }
  if (slabs[0] && lifeline.ratePaisaPerKwh > slabs[0].ratePaisaPerKwh) problems.push('lifeline dearer than slab 1');
  return problems;
}

/** A printed start must follow the limit before it: 75 or 76 after 75. Anything else leaves a gap or overlaps. */
function lintStarts(slabs: readonly Slab[]): string[] {
  return slabs.flatMap(({ fromKwh }, index) => {
    if (fromKwh === undefined) return [];
    const before = index === 0 ? 0 : (slabs[index - 1]?.toKwh ?? 0);
    if (fromKwh === before || fromKwh === before + 1) return [];
    return [fromKwh > before ? `a gap in the slabs before ${fromKwh} kWh` : `slabs overlap at ${fromKwh} kWh`];
  });
}

function lintOrder(slabs: readonly Slab[]): string[] {
  const falls = slabs.some((slab, index) => index > 0 && slab.ratePaisaPerKwh < slabs[index - 1]!.ratePaisaPerKwh);
  return falls ? ['a slab cheaper than the one before it'] : [];
}

/** Usual ratio to flat in thousandths; the order prints two decimals, so half a paisa of rounding is allowed. */
function lintTimeOfUse(code: string, rates: Extract<EnergyRates, { kind: 'tou' }>): string[] {
  const { flat } = rates;
  if (flat === null) return ['no flat rate: units cannot be sold'];
  const peakRatio = code === 'LT-C1' || code === 'LT-E' ? 1200n : 1250n;
  const expected: [string, bigint | null, bigint][] = [
    ['off-peak', rates.offPeak, 900n],
    ['super-off-peak', rates.superOffPeak, 800n],
    ['peak', rates.peak, peakRatio],
  ];
  return expected.flatMap(([name, rate, ratio]) => {
    if (rate === null) return [];
    const offBy = rate * 1000n - flat * ratio;
    return offBy > 500n || offBy < -500n ? [`${name} is not ${Number(ratio) / 1000} x flat`] : [];
  });
}
