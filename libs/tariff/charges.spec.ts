/** Proves the refusals of price(), whose months are charged with what, meter rent's end and owner, arrears plans, and what is taken whole. */
import { formatTaka, startOfDay } from '@vend/kernel';
import {
  bookOfDocuments,
  checkArrearsPlan,
  firstLightBook,
  historicalBook,
  minimumRecharge,
  price,
  quoteLines,
  rechargeFor,
  reviewedDocuments,
  tariffErrors,
  type ArrearsPlan,
  type PricingState,
} from '.';
import { meter } from './testing';

const at = startOfDay('2026-11-21');

function refusal(state: PricingState, grossPaisa: bigint, book = firstLightBook, instant = at) {
  try {
    price(state, grossPaisa, instant, book);
  } catch (error) {
    const { code, facts } = error as { code: keyof typeof tariffErrors; facts: Record<string, unknown> };
    expect(tariffErrors[code].bn).toMatch(/[\u0980-\u09ff]/);
    return { code, facts };
  }
  return 'accepted';
}

describe('refusals', () => {
  it.each([0n, -1n, -100_000n])('amount %s is not positive', (gross) => {
    expect(refusal(meter({}), gross)).toMatchObject({ code: 'amount-not-positive' });
  });

  it('below the minimum says how much is needed: (40 + 60 + 0.42) x 1.05 for a new month', () => {
    const newMonth = meter({ chargedThrough: 202610 });
    expect(formatTaka(minimumRecharge(newMonth, at, firstLightBook))).toBe('105.45');
    expect(refusal(newMonth, 10_544n)).toEqual({ code: 'below-minimum-recharge', facts: { minimumTaka: '105.45' } });
    expect(price(newMonth, 10_545n, at, firstLightBook).energyWh).toBeGreaterThanOrEqual(100n);
  });

  it('above the limit of one recharge, unless the charges due themselves pass it', () => {
    expect(refusal(meter({}), 50_000_001n)).toMatchObject({
      code: 'above-maximum-recharge',
      facts: { maximumTaka: '500000.00' },
    });
    const owing = meter({ tariffClass: 'LT-T', sanctionedW: 80_000n, chargedThrough: null });
    const minimum = minimumRecharge(owing, at, firstLightBook);
    expect(minimum).toBeGreaterThan(50_000_000n);
    expect(price(owing, minimum, at, firstLightBook).months).toHaveLength(81);
  });

  it('more energy than a token carries', () => {
    const large = meter({ tariffClass: 'MT-8', sanctionedW: 0n });
    expect(refusal(large, 1_000_000_000n)).toMatchObject({ facts: { maximumKwh: '1820162.4' } });
  });

  it('an unknown class, a class later versions lack, HT-4 without its demand charge, EHT without a flat rate', () => {
    expect(refusal(meter({ tariffClass: 'LT-X' }), 1000n)).toMatchObject({ code: 'tariff-class-unknown' });
    expect(refusal(meter({ tariffClass: 'MT-1' }), 1000n, historicalBook)).toMatchObject({
      code: 'tariff-class-unknown',
    });
    expect(refusal(meter({ tariffClass: 'HT-4' }), 1000n)).toMatchObject({ code: 'demand-charge-unknown' });
    expect(refusal(meter({ tariffClass: 'EHT-1' }), 1000n, historicalBook)).toMatchObject({
      code: 'flat-rate-unknown',
    });
    const currency = meter({ tariffClass: 'EHT-1', crediting: 'currency' });
    expect(price(currency, 100_000n, at, historicalBook).estimatedWh).toBeNull();
  });

  it('a date before the first tariff, or idle months before it', () => {
    const early = startOfDay('2020-02-29');
    expect(refusal(meter({}), 1000n, firstLightBook, early)).toMatchObject({ code: 'tariff-not-in-force' });
    const imported = meter({ installedOn: '2019-12-01', chargedThrough: null });
    expect(refusal(imported, 1_000_000n)).toMatchObject({
      code: 'tariff-not-in-force',
      facts: { what: 'tariff for 201912' },
    });
  });

  it('an impossible state is a fault, not a refusal', () => {
    for (const wrong of [
      { sanctionedW: -1n },
      { soldWh: -1n },
      { arrearsPaisa: -1n },
      { remainderPaisa: -1n },
      { pfcDuePaisa: -1n },
    ]) {
      expect(() => price(meter(wrong), 1000n, at, firstLightBook)).toThrow(RangeError);
    }
  });
});

describe('months of fixed charges', () => {
  it.each([
    [
      'never charged: from the month of installation',
      { installedOn: '2026-09-30', chargedThrough: null },
      [202609, 202610, 202611],
    ],
    ['charged through October: November', { chargedThrough: 202610 }, [202611]],
    ['charged this month already: none', { chargedThrough: 202611 }, []],
    [
      'over the turn of the year',
      { chargedThrough: 202510 },
      [202511, 202512, ...Array.from({ length: 11 }, (_, index) => 202601 + index)],
    ],
    [
      'never before installation, whatever was charged',
      { installedOn: '2026-11-01', chargedThrough: 202601 },
      [202611],
    ],
    ['installed in the future: none', { installedOn: '2026-12-01', chargedThrough: null }, []],
  ] as const)('%s', (_, changes, months) => {
    const quote = price(meter(changes), 500_000n, at, firstLightBook);
    expect(quote.months).toEqual(months);
    expect(quote.demandPaisa).toBe(BigInt(months.length) * 6000n);
    expect(quote.next.chargedThrough).toBe(months.at(-1) ?? meter(changes).chargedThrough);
  });

  it('takes each idle month at the rate of its own version', () => {
    const state = meter({ chargedThrough: 202212, crediting: 'currency' });
    const quote = price(state, 500_000n, startOfDay('2023-04-10'), historicalBook);
    expect(quote.basis.charges.map((charge) => [charge.month, charge.demandPaisa])).toEqual([
      [202301, 6000n],
      [202302, 7000n],
      [202303, 7000n],
      [202304, 7000n],
    ]);
    expect(quoteLines(quote).find((line) => line.code === 'demand-charge')?.why.en).toBe(
      'Tk 30.00 x 2 kW x 1 month: Jan 2023; Tk 35.00 x 2 kW x 3 months: Feb 2023 to Apr 2023',
    );
  });

  it('prices decimal kW, three-phase rent, and the end of rent', () => {
    const shop = meter({ tariffClass: 'LT-E', phase: 3, sanctionedW: 12_500n, chargedThrough: 202610 });
    const quote = price(shop, 500_000n, at, firstLightBook);
    expect([quote.demandPaisa, quote.rentPaisa]).toEqual([75_000n, 25_000n]);
    const rentUntil = (day: string) =>
      price({ ...shop, rentUntil: day, chargedThrough: 202608 }, 500_000n, at, firstLightBook);
    expect(rentUntil('2026-11-01').rentPaisa).toBe(75_000n);
    expect(rentUntil('2026-10-31').rentPaisa).toBe(50_000n);
    expect(rentUntil('2026-08-31').rentPaisa).toBe(0n);
    expect(price({ ...shop, meterOwner: 'customer' }, 500_000n, at, firstLightBook).rentPaisa).toBe(0n);
  });
});

describe('arrears', () => {
  const plan = (changes: Partial<Extract<ArrearsPlan, { kind: 'percent' }>>): ArrearsPlan => ({
    kind: 'percent',
    percentBp: 2000n,
    floorPaisa: 0n,
    ceilingPaisa: null,
    capBp: 5000n,
    ...changes,
  });
  const taken = (arrearsPlan: ArrearsPlan | null, gross: bigint, changes: Partial<PricingState> = {}) =>
    price(meter({ arrearsPaisa: 100_000n, arrearsPlan, ...changes }), gross, at, firstLightBook).arrearsPaisa;

  it('come off the top, before VAT and rebate', () => {
    const state = meter({ crediting: 'currency', arrearsPaisa: 100_000n, arrearsPlan: plan({}) });
    const quote = price(state, 100_000n, at, firstLightBook);
    expect(quote).toMatchObject({ arrearsPaisa: 20_000n, vatPaisa: 3810n, rebatePaisa: 754n, energyPaisa: 76_944n });
    expect(quote.next.arrearsPaisa).toBe(80_000n);
  });

  it.each<[string, ArrearsPlan | null, bigint, bigint]>([
    ['no plan: nothing', null, 100_000n, 0n],
    ['a share', plan({}), 50_000n, 10_000n],
    ['not under the floor', plan({ floorPaisa: 15_000n }), 50_000n, 15_000n],
    ['not over the ceiling', plan({ ceilingPaisa: 12_000n }), 100_000n, 12_000n],
    ['not over the cap, even by the floor', plan({ floorPaisa: 90_000n }), 100_000n, 50_000n],
    ['not over what is owed', plan({ percentBp: 10_000n, capBp: 10_000n }), 500_000n, 100_000n],
    ['never the last of it: the minimum stays', plan({ percentBp: 10_000n, capBp: 10_000n }), 50_000n, 50_000n - 45n],
  ])('%s', (_, arrearsPlan, gross, expected) => {
    expect(taken(arrearsPlan, gross)).toBe(expected);
  });

  it('takes an instalment with each month charged, from the first month of the plan, once', () => {
    const instalment: ArrearsPlan = { kind: 'instalment', monthlyPaisa: 5000n, firstMonth: 202610, capBp: 5000n };
    expect(taken(instalment, 100_000n, { chargedThrough: 202606 })).toBe(10_000n);
    expect(taken(instalment, 100_000n, { chargedThrough: 202611 })).toBe(0n);
  });

  it.each<[string, ArrearsPlan]>([
    ['cap', plan({ capBp: 10_001n })],
    ['share', plan({ percentBp: 10_001n })],
    ['floor', plan({ floorPaisa: -1n })],
    ['ceiling', plan({ floorPaisa: 10n, ceilingPaisa: 9n })],
    ['instalment', { kind: 'instalment', monthlyPaisa: 0n, firstMonth: 202611, capBp: 0n }],
  ])('refuses a plan for its %s', (_, wrong) => {
    expect(() => checkArrearsPlan(wrong)).toThrow(RangeError);
    expect(() => checkArrearsPlan(plan({}))).not.toThrow();
  });
});

describe('sums due', () => {
  it('power factor and penalty are taken whole, after VAT, and raise the minimum', () => {
    const state = meter({ crediting: 'currency', pfcDuePaisa: 10_000n, penaltyDuePaisa: 5000n });
    const quote = price(state, 100_000n, at, firstLightBook);
    expect(quote).toMatchObject({ pfcPaisa: 10_000n, penaltyPaisa: 5000n, vatPaisa: 4762n, rebatePaisa: 943n });
    expect(quote.energyPaisa).toBe(100_000n - 4762n - 15_000n + 943n);
    expect(minimumRecharge(state, at, firstLightBook)).toBe(15_795n); // (150.00 + 0.42) x 1.05, up
  });

  it('a currency meter gets a carried remainder on its token', () => {
    const quote = price(meter({ crediting: 'currency', remainderPaisa: 41n }), 100_000n, at, firstLightBook);
    expect([quote.energyPaisa, quote.remainderInPaisa, quote.remainderOutPaisa]).toEqual([96_222n, 41n, 0n]);
    expect(quote.next.remainderPaisa).toBe(0n);
  });
});

describe('limits of the channel', () => {
  const limited = bookOfDocuments('limited', [
    ...reviewedDocuments
      .filter(({ document, books }) => books.includes('first-light') && document.kind !== 'recharge-limits')
      .map(({ document }) => document),
    {
      kind: 'recharge-limits',
      id: 'tight',
      effectiveFrom: '2020-03-01',
      levelMaximumTk: { LT: '50000.00', MT: '60000.00', HT: '60000.00', EHT: '60000.00' },
      channels: {
        counter: { minimumTk: '0.01', maximumTk: null, stepTk: '0.01' },
        'mobile-money': { minimumTk: '20.00', maximumTk: '25000.00', stepTk: '1.00' },
        callback: { minimumTk: '0.01', maximumTk: null, stepTk: '0.01' },
      },
    },
  ]);
  const byMobile = { channel: 'mobile-money' } as const;

  it('count for that channel alone', () => {
    expect(() => price(meter({}), 1_999n, at, limited, byMobile)).toThrow('below-minimum-recharge');
    expect(() => price(meter({}), 2_500_001n, at, limited, byMobile)).toThrow('above-maximum-recharge');
    expect(price(meter({}), 1_999n, at, limited).maximumRechargePaisa).toBe(5_000_000n);
    expect(() => price(meter({}), 5_000_001n, at, limited)).toThrow('above-maximum-recharge');
  });

  it('tell the least and the amount for energy in steps that the channel can send', () => {
    const newMonth = meter({ chargedThrough: 202610 });
    expect(formatTaka(minimumRecharge(newMonth, at, limited, byMobile))).toBe('106.00');
    // Told 106.00, but a provider that sends paisa is not refused for them.
    expect(price(newMonth, 10_545n, at, limited, byMobile).minimumRechargePaisa).toBe(10_600n);
    expect(formatTaka(rechargeFor(meter({}), 100_000n, at, limited))).toBe('475.41');
    expect(formatTaka(rechargeFor(meter({}), 100_000n, at, limited, byMobile))).toBe('476.00');
  });
});

describe('what a retroactive order left due', () => {
  it('is settled as far as 0.1 kWh stays, and the line says what is left', () => {
    const state = meter({ adjustmentDuePaisa: 100_000n });
    const quote = price(state, 50_000n, at, firstLightBook);
    // Tk 500 is 476.19 net; with the rebate 480.90, of which 0.42 stays for 0.1 kWh.
    expect(quote.adjustmentPaisa).toBe(48_090n - 42n);
    expect(quote.energyWh).toBe(100n);
    expect(quote.next.adjustmentDuePaisa).toBe(100_000n - 48_048n);
    const line = quoteLines(quote).find(({ code }) => code === 'adjustment');
    expect(line?.why.en).toBe('Tk 1000.00 due for earlier recharges under a retroactive tariff; Tk 519.52 left');
  });

  it('comes whole to a customer who is owed it', () => {
    const quote = price(meter({ adjustmentDuePaisa: -10_000n }), 50_000n, at, firstLightBook);
    expect(quote.adjustmentPaisa).toBe(-10_000n);
    expect(quote.energyPaisa + quote.remainderOutPaisa).toBe(58_090n);
    expect(quote.next.adjustmentDuePaisa).toBe(0n);
    expect(quoteLines(quote).find(({ code }) => code === 'adjustment')?.why.en).toContain('Tk 100.00 back');
  });
});
