import type { Bilingual, EnergyRates, Slab } from './tariff';

/** What is wrong (refused) and what is odd (worth a look) in the rates of a class. */
export interface RateFindings {
  readonly errors: readonly Bilingual[];
  readonly warnings: readonly Bilingual[];
}

/** Looks at the rates of one class; `lintVersion` says where they stand. */
export function lintRates(code: string, rates: EnergyRates): RateFindings {
  const notPositive = ratesOf(rates).some((rate) => rate <= 0n)
    ? [{ en: 'a rate that is not above zero', bn: 'একটি দর শূন্যের বেশি নয়' }]
    : [];
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

function lintSlabs(lifeline: Slab | null, slabs: readonly Slab[]): Bilingual[] {
  const problems: Bilingual[] = [];
  const limits = slabs.map((slab) => slab.toKwh);
  if (limits.length === 0 || limits.at(-1) !== null)
    problems.push({
      en: 'slabs end before the last kWh: the last must be open',
      bn: 'শেষ ধাপের সীমা আছে: শেষ ধাপ খোলা থাকতে হবে',
    });
  if (limits.slice(0, -1).includes(null))
    problems.push({ en: 'a slab after the open one', bn: 'খোলা ধাপের পরে আরও ধাপ' });
  const finite = limits.filter((limit) => limit !== null);
  if (finite.some((limit, index) => !Number.isInteger(limit) || limit <= (finite[index - 1] ?? 0))) {
    problems.push({ en: 'slab limits must be whole kWh and rise', bn: 'ধাপের সীমা পূর্ণ ইউনিট ও ক্রমবর্ধমান হতে হবে' });
  }
  problems.push(...lintStarts(slabs));
  if (lifeline === null) return problems;
  if (lifeline.toKwh === null || lifeline.toKwh > (finite[0] ?? Infinity)) {
    problems.push({ en: 'lifeline must end within the first slab', bn: 'লাইফলাইন প্রথম ধাপের মধ্যে শেষ হতে হবে' });
  }
  if (slabs[0] && lifeline.ratePaisaPerKwh > slabs[0].ratePaisaPerKwh)
    problems.push({ en: 'lifeline dearer than slab 1', bn: 'লাইফলাইন প্রথম ধাপের চেয়ে দামি' });
  return problems;
}

/** A printed start must follow the limit before it: 75 or 76 after 75. Anything else leaves a gap or overlaps. */
function lintStarts(slabs: readonly Slab[]): Bilingual[] {
  return slabs.flatMap(({ fromKwh }, index) => {
    if (fromKwh === undefined) return [];
    const before = index === 0 ? 0 : (slabs[index - 1]?.toKwh ?? 0);
    if (fromKwh === before || fromKwh === before + 1) return [];
    return [
      fromKwh > before
        ? { en: `a gap in the slabs before ${fromKwh} kWh`, bn: `${fromKwh} ইউনিটের আগে ধাপে ফাঁক` }
        : { en: `slabs overlap at ${fromKwh} kWh`, bn: `${fromKwh} ইউনিটে ধাপ একটির ওপর আরেকটি` },
    ];
  });
}

function lintOrder(slabs: readonly Slab[]): Bilingual[] {
  const falls = slabs.some((slab, index) => index > 0 && slab.ratePaisaPerKwh < slabs[index - 1]!.ratePaisaPerKwh);
  return falls ? [{ en: 'a slab cheaper than the one before it', bn: 'একটি ধাপ আগেরটির চেয়ে সস্তা' }] : [];
}

/** Usual ratio to flat in thousandths; the order prints two decimals, so half a paisa of rounding is allowed. */
function lintTimeOfUse(code: string, rates: Extract<EnergyRates, { kind: 'tou' }>): Bilingual[] {
  const { flat } = rates;
  if (flat === null) return [{ en: 'no flat rate: units cannot be sold', bn: 'ফ্ল্যাট দর নেই: ইউনিট বিক্রি করা যাবে না' }];
  const peakRatio = code === 'LT-C1' || code === 'LT-E' ? 1200n : 1250n;
  const expected: [string, string, bigint | null, bigint][] = [
    ['off-peak', 'অফ-পিক', rates.offPeak, 900n],
    ['super-off-peak', 'সুপার অফ-পিক', rates.superOffPeak, 800n],
    ['peak', 'পিক', rates.peak, peakRatio],
  ];
  return expected.flatMap(([name, nameBn, rate, ratio]) => {
    if (rate === null) return [];
    const offBy = rate * 1000n - flat * ratio;
    return offBy > 500n || offBy < -500n
      ? [
          {
            en: `${name} is not ${Number(ratio) / 1000} x flat`,
            bn: `${nameBn} ফ্ল্যাট দরের ${Number(ratio) / 1000} গুণ নয়`,
          },
        ]
      : [];
  });
}
