import type { EnergyRates, RebateProfile, Slab, TariffClass, TariffVersion } from './tariff';

/** A finding in tariff data: an `error` refuses the book, a `warning` asks a person to look at the source again. */
export interface LintFinding {
  readonly severity: 'error' | 'warning';
  /** `version/class`, so that the place can be found. */
  readonly where: string;
  readonly problem: string;
}

/**
 * What is wrong or odd in a version: negative or zero rates, slabs with gaps, days out of order; and, as warnings,
 * time-of-use rates that do not stand in the usual ratio to the flat one (MONEY.md 3).
 *
 * @example lintVersion(version2020).map((finding) => finding.where) // ['bd-retail-2020-03/HT-4', ...]
 */
export function lintVersion(version: TariffVersion): LintFinding[] {
  const findings: LintFinding[] = [];
  const error = (problem: string) => findings.push({ severity: 'error', where: version.id, problem });
  if (version.vatPercent < 0n) error('VAT below zero');
  if (version.meterRentPaisa[1] < 0n || version.meterRentPaisa[3] < 0n) error('meter rent below zero');
  if (version.endsOn !== null && version.endsOn <= version.effectiveFrom) error('ends before it begins');
  if (version.classes.size === 0) error('no classes');
  for (const tariffClass of version.classes.values()) findings.push(...lintClass(version.id, tariffClass));
  return findings;
}

function lintClass(versionId: string, tariffClass: TariffClass): LintFinding[] {
  const where = `${versionId}/${tariffClass.code}`;
  const problems = ratesOf(tariffClass.rates).some((rate) => rate <= 0n) ? ['a rate that is not above zero'] : [];
  if (tariffClass.demandPaisaPerKw !== null && tariffClass.demandPaisaPerKw < 0n)
    problems.push('demand charge below zero');
  const { rates } = tariffClass;
  if (rates.kind === 'slab') problems.push(...lintSlabs(rates.lifeline, rates.slabs));
  const findings: LintFinding[] = problems.map((problem) => ({ severity: 'error', where, problem }));
  if (tariffClass.demandPaisaPerKw === null) {
    findings.push({ severity: 'warning', where, problem: 'no demand charge: the class cannot be priced' });
  }
  if (rates.kind === 'tou') {
    for (const problem of lintTimeOfUse(tariffClass.code, rates))
      findings.push({ severity: 'warning', where, problem });
  }
  return findings;
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
  if (lifeline !== null && (lifeline.toKwh === null || lifeline.toKwh > (finite[0] ?? Infinity))) {
    problems.push('lifeline must end within the first slab');
  }
  return problems;
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

/** A rebate without a divisor, or outside 0 to 100 %, is refused. */
export function lintRebateProfile(profile: RebateProfile): LintFinding[] {
  const error = (problem: string): LintFinding => ({ severity: 'error', where: profile.id, problem });
  const findings: LintFinding[] = [];
  if (profile.divisorBp <= 0n) findings.push(error('a rebate without a divisor above zero'));
  if (profile.percentBp < 0n || profile.percentBp > 10_000n) findings.push(error('a rebate outside 0 to 100 %'));
  if (profile.endsOn !== null && profile.endsOn <= profile.effectiveFrom) findings.push(error('ends before it begins'));
  return findings;
}
