/** Proves the laws of pricing on thousands of random meters, amounts and instants (fast-check), in both crediting modes. */
import { dhakaMonth, monthsBetween, startOfDay } from '@vend/kernel';
import fc from 'fast-check';
import {
  bookOfDocuments,
  firstLightBook,
  minimumRecharge,
  price,
  quoteLines,
  rechargeFor,
  reviewedDocuments,
  type ArrearsPlan,
  type PriceDocument,
  type PricingState,
  type Quote,
  type TariffBook,
} from '.';
import { affordableWh, costOfMilliPaisa, energyParts } from './curve';
import { projectLimits } from './data/limits';
import { meter } from './testing';
import { tokenFloorWh } from './token-step';

const from = startOfDay('2020-04-01');
const to = startOfDay('2027-12-31');
const runs = { numRuns: 1_000 };

const bp = fc.bigInt({ min: 0n, max: 10_000n });
const plan: fc.Arbitrary<ArrearsPlan | null> = fc.oneof(
  fc.constant(null),
  fc.record({
    kind: fc.constant('instalment' as const),
    monthlyPaisa: fc.bigInt({ min: 1n, max: 500_000n }),
    firstMonth: fc.constantFrom(202001, 202304, 202611),
    capBp: bp,
  }),
  fc.record({
    kind: fc.constant('percent' as const),
    percentBp: bp,
    floorPaisa: fc.bigInt({ min: 0n, max: 10_000n }),
    ceilingPaisa: fc.option(fc.bigInt({ min: 10_000n, max: 900_000n })),
    capBp: bp,
  }),
);
const month = fc.constantFrom(...monthsBetween(202003, 202712));
const state: fc.Arbitrary<PricingState> = fc.record({
  tariffClass: fc.constantFrom('LT-A', 'LT-B', 'LT-C1', 'LT-D3', 'LT-E', 'LT-T'),
  phase: fc.constantFrom<1 | 3>(1, 3),
  sanctionedW: fc.bigInt({ min: 0n, max: 80_000n }),
  meterOwner: fc.constantFrom<'utility' | 'customer'>('utility', 'customer'),
  crediting: fc.constantFrom<'currency' | 'energy'>('currency', 'energy'),
  installedOn: fc.constantFrom('2020-03-01', '2022-02-28', '2024-02-29', '2026-11-30'),
  rentUntil: fc.constantFrom(null, '2021-12-31', '2026-11-15'),
  chargedThrough: fc.option(month),
  soldMonth: fc.option(month),
  soldWh: fc.bigInt({ min: 0n, max: 9000n }).map((tenths) => tenths * 100n),
  arrearsPaisa: fc.bigInt({ min: 0n, max: 2_000_000n }),
  arrearsPlan: plan,
  remainderPaisa: fc.bigInt({ min: 0n, max: 5000n }),
  pfcDuePaisa: fc.bigInt({ min: 0n, max: 20_000n }),
  penaltyDuePaisa: fc.bigInt({ min: 0n, max: 20_000n }),
  adjustmentDuePaisa: fc.bigInt({ min: -50_000n, max: 50_000n }),
});
const at = fc.integer({ min: from, max: to });
const huge = '9999999999.00';
const unlimitedLimits: PriceDocument = {
  kind: 'recharge-limits',
  ...projectLimits,
  levelMaximumTk: { LT: huge, MT: huge, HT: huge, EHT: huge },
};
/** Without the limit of one recharge, which is not what these laws are about; printed by its name when a law breaks. */
const unlimited = (id: string) => {
  const own = reviewedDocuments.filter((one) => one.books.includes(id)).map(({ document }) => document);
  const documents = own.filter(({ kind }) => kind !== 'recharge-limits').concat(unlimitedLimits);
  return Object.assign(bookOfDocuments(id, documents), { [fc.toStringMethod]: () => id });
};
const book = fc.constantFrom<TariffBook>(unlimited('first-light'), unlimited('nesco-history'));
const extra = fc.bigInt({ min: 0n, max: 20_000_000n });

/** What the token is worth to the meter: units, or money. */
const worth = (quote: Quote) => quote.energyWh ?? quote.energyPaisa;

describe('laws of price()', () => {
  it('parts sum to the whole, nothing is negative, the lines say the same', () => {
    fc.assert(
      fc.property(state, extra, at, book, (meterState, more, instant, tariffs) => {
        const quote = price(meterState, minimumRecharge(meterState, instant, tariffs) + more, instant, tariffs);
        const parts = [
          quote.vatPaisa,
          quote.rentPaisa,
          quote.demandPaisa,
          quote.arrearsPaisa,
          quote.pfcPaisa,
          quote.penaltyPaisa,
          quote.rebatePaisa,
          quote.lifelineCreditPaisa,
          quote.energyPaisa,
          quote.remainderInPaisa,
          quote.remainderOutPaisa,
        ];
        expect(parts.every((part) => part >= 0n)).toBe(true);
        const help = quote.rebatePaisa + quote.lifelineCreditPaisa + quote.remainderInPaisa;
        const plus = parts.reduce((sum, part) => sum + part, 0n) - 2n * help;
        expect(plus + quote.adjustmentPaisa).toBe(quote.grossPaisa);
        expect(quote.netPaisa + quote.vatPaisa).toBe(quote.grossPaisa);
        const lines = quoteLines(quote);
        expect(lines.reduce((sum, line) => sum + line.amountPaisa, 0n)).toBe(quote.grossPaisa);
        expect(lines.every((line) => line.amountPaisa !== 0n && line.why.en !== '' && line.why.bn !== '')).toBe(true);
      }),
      runs,
    );
  });

  it('a recharge that is accepted always buys at least 0.1 kWh, or money for it', () => {
    fc.assert(
      fc.property(state, extra, at, book, (meterState, more, instant, tariffs) => {
        const quote = price(meterState, minimumRecharge(meterState, instant, tariffs) + more, instant, tariffs);
        expect(quote.energyPaisa).toBeGreaterThan(0n);
        if (quote.energyWh !== null) expect(quote.energyWh).toBeGreaterThanOrEqual(100n);
        expect(quote.next.arrearsPaisa + quote.arrearsPaisa).toBe(meterState.arrearsPaisa);
        const due = meterState.adjustmentDuePaisa ?? 0n;
        expect(quote.next.adjustmentDuePaisa + quote.adjustmentPaisa).toBe(due);
        expect(quote.adjustmentPaisa * due).toBeGreaterThanOrEqual(0n);
        if (due <= 0n) expect(quote.next.adjustmentDuePaisa).toBe(0n);
      }),
      runs,
    );
  });

  it('refuses one paisa under the minimum', () => {
    fc.assert(
      fc.property(state, at, book, (meterState, instant, tariffs) => {
        const minimum = minimumRecharge(meterState, instant, tariffs);
        if (minimum === 1n) return;
        expect(() => price(meterState, minimum - 1n, instant, tariffs)).toThrow('below-minimum-recharge');
      }),
      runs,
    );
  });

  it('more money never gives less', () => {
    fc.assert(
      fc.property(
        state,
        extra,
        fc.bigInt({ min: 1n, max: 50_000n }),
        at,
        book,
        (meterState, more, step, instant, tariffs) => {
          const gross = minimumRecharge(meterState, instant, tariffs) + more;
          const less = price(meterState, gross, instant, tariffs);
          expect(worth(price(meterState, gross + step, instant, tariffs))).toBeGreaterThanOrEqual(worth(less));
        },
      ),
      runs,
    );
  });

  it('the more units were sold this month, the fewer the same money buys', () => {
    fc.assert(
      fc.property(extra, at, book, fc.nat(9000), fc.nat(9000), (more, instant, tariffs, one, other) => {
        const sold = (tenths: number) => meter({ soldMonth: dhakaMonth(instant), soldWh: BigInt(tenths) * 100n });
        const low = price(sold(Math.min(one, other)), more + 1000n, instant, tariffs);
        const high = price(sold(Math.max(one, other)), more + 1000n, instant, tariffs);
        expect(high.energyWh).toBeLessThanOrEqual(low.energyWh!);
      }),
      runs,
    );
  });

  it('never sells energy for more than the money there is: price(kWh(x)) <= x, and the rest is under a step', () => {
    fc.assert(
      fc.property(extra, at, book, fc.nat(9000), (more, instant, tariffs, sold) => {
        const meterState = meter({ soldMonth: dhakaMonth(instant), soldWh: BigInt(sold) * 100n });
        const quote = price(meterState, more + 1000n, instant, tariffs);
        const { curve, soldBeforeWh } = quote.basis;
        const money = quote.energyPaisa + quote.remainderOutPaisa;
        expect(costOfMilliPaisa(curve!, soldBeforeWh, quote.energyWh!)).toBeLessThanOrEqual(money * 1000n);
        let next = quote.energyWh! + 100n;
        while (tokenFloorWh(next) === quote.energyWh) next += 100n;
        expect(costOfMilliPaisa(curve!, soldBeforeWh, next)).toBeGreaterThan(money * 1000n);
        const parts = energyParts(curve!, soldBeforeWh, quote.energyWh!);
        const itemised = parts.reduce((sum, part) => sum + part.wh * part.ratePaisaPerKwh + part.repriceMilliPaisa, 0n);
        expect(itemised / 1000n).toBe(quote.energyPaisa);
      }),
      runs,
    );
  });

  it('two recharges in a month give the energy of one of their sum, within a step of 0.1 kWh', () => {
    fc.assert(
      fc.property(
        at,
        book,
        fc.bigInt({ min: 1000n, max: 300_000n }),
        fc.bigInt({ min: 1000n, max: 300_000n }),
        (instant, tariffs, a, b) => {
          const start = meter({});
          const first = price(start, a, instant, tariffs);
          const second = price({ ...start, ...first.next }, b, instant, tariffs);
          const both = price(start, a + b, instant, tariffs);
          const difference = both.energyWh! - (first.energyWh! + second.energyWh!);
          expect(difference).toBeGreaterThanOrEqual(-100n);
          expect(difference).toBeLessThanOrEqual(100n);
        },
      ),
      runs,
    );
  });

  it('fixed charges are taken once: a second recharge of the month pays none', () => {
    fc.assert(
      fc.property(state, extra, at, book, (meterState, more, instant, tariffs) => {
        const first = price(meterState, minimumRecharge(meterState, instant, tariffs) + more, instant, tariffs);
        const after = { ...meterState, ...first.next };
        const second = price(after, minimumRecharge(after, instant, tariffs) + more, instant, tariffs);
        expect([second.months, second.rentPaisa, second.demandPaisa]).toEqual([[], 0n, 0n]);
        expect(second.next.chargedThrough).toBe(first.next.chargedThrough);
      }),
      runs,
    );
  });

  it('the inverse is exact: rechargeFor() buys the energy, a paisa less does not', () => {
    fc.assert(
      fc.property(state, fc.bigInt({ min: 1n, max: 16_383n }), at, book, (meterState, tenths, instant, tariffs) => {
        const wanted = tenths * 100n;
        const gross = rechargeFor(meterState, wanted, instant, tariffs);
        const given = (paisa: bigint) => {
          const quote = price(meterState, paisa, instant, tariffs);
          return quote.energyWh ?? quote.estimatedWh!;
        };
        expect(given(gross)).toBeGreaterThanOrEqual(wanted);
        const minimum = minimumRecharge(meterState, instant, tariffs);
        if (gross > minimum) expect(given(gross - 1n)).toBeLessThan(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it('the slab walk agrees with adding up kWh by kWh', () => {
    const rates = (kwh: number) =>
      kwh < 75 ? 419n : kwh < 200 ? 572n : kwh < 300 ? 600n : kwh < 400 ? 634n : kwh < 600 ? 994n : 1146n;
    const curve = firstLightBook.versionAt(to).classes.get('LT-A')!.saleCurve!;
    fc.assert(
      fc.property(fc.nat(900), fc.bigInt({ min: 0n, max: 300_000n }), (soldKwh, paisa) => {
        let left = paisa * 1000n;
        let tenths = soldKwh * 10;
        for (; left >= rates(Math.floor(tenths / 10)) * 100n; tenths++) left -= rates(Math.floor(tenths / 10)) * 100n;
        const expected = BigInt(tenths - soldKwh * 10) * 100n;
        expect(affordableWh(curve, BigInt(soldKwh) * 1000n, paisa, 100n)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
