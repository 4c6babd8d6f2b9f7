/** Proves the taka-to-kWh rules of energy mode: slab tables digit for digit, token steps, lifeline policies, classes of 2020. */
import { formatKwh, parseKwh, parseTaka, startOfDay } from '@vend/kernel';
import { firstLightBook, historicalBook, lifelineCredit, price, quoteLines, readTariffVersion, tariffBook } from '.';
import { affordableWh, costOfMilliPaisa, energyParts } from './curve';
import { bdRetail2020 } from './data/bd-retail-2020';
import { meter, nesco2021 } from './testing';
import { tokenFloorWh } from './token-step';

const in2026 = startOfDay('2026-11-21');
const in2024 = startOfDay('2024-06-01');
const ltA2020 = firstLightBook.versionAt(in2026).classes.get('LT-A')!.saleCurve!;
const ltA2024 = historicalBook.versionAt(in2024).classes.get('LT-A')!.saleCurve!;

describe('the table of MONEY.md 4', () => {
  it.each([
    ['100.00', '0', '23.8', '19.0'],
    ['314.25', '0', '75.0', '59.7'],
    ['808.68', '60', '145.1', '116.3'],
    ['500.00', '199.9', '83.3', '65.8'],
    ['20000.00', '0', '1974.2', '1600.0'],
  ])('Tk %s after %s kWh: %s kWh in 2020, %s kWh in 2024', (taka, sold, kwh2020, kwh2024) => {
    const buys = (curve: typeof ltA2020) => formatKwh(affordableWh(curve, parseKwh(sold), parseTaka(taka), 100n));
    expect([buys(ltA2020), buys(ltA2024)]).toEqual([kwh2020, kwh2024]);
  });

  it('sells 1973.4 of the 1974.2 kWh, the highest value the token holds, and carries the rest', () => {
    const quote = price(meter({ remainderPaisa: 2_000_000n }), 100n, in2026, firstLightBook);
    // Tk 1.00 pays VAT 0.05 and earns a rebate of 0.01: Tk 20 000.96 for energy.
    expect(quote.energyWh).toBe(1_973_400n);
    expect(quote.energyPaisa + quote.remainderOutPaisa).toBe(2_000_096n);
    expect(quote.remainderOutPaisa).toBeGreaterThan(0n);
    expect(quote.remainderOutPaisa).toBeLessThan(1146n);
  });
});

describe('what a token can carry (STS.md 3.1)', () => {
  it.each([
    ['1638.3', '1638.3'],
    ['1638.4', '1638.4'],
    ['1639.3', '1638.4'],
    ['1639.4', '1639.4'],
    ['18021.4', '18021.4'],
    ['18022.3', '18021.4'],
    ['18022.4', '18022.4'],
    ['181852.4', '181852.4'],
    ['181862.3', '181852.4'],
    ['181862.4', '181862.4'],
    ['1820162.4', '1820162.4'],
  ])('%s kWh is cut to %s', (wanted, carried) => {
    expect(formatKwh(tokenFloorWh(parseKwh(wanted)))).toBe(carried);
  });

  it('refuses more than its 16 bits hold, and less than nothing', () => {
    expect(() => tokenFloorWh(1_820_162_500n)).toThrow(RangeError);
    expect(() => tokenFloorWh(-100n)).toThrow(RangeError);
  });
});

describe('slabs across recharges', () => {
  it('starts where the month stands, and says so', () => {
    const quote = price(meter({ soldMonth: 202611, soldWh: 60_000n }), 84_068n, in2026, firstLightBook);
    const energy = quoteLines(quote).find((line) => line.code === 'energy');
    expect(quote.energyWh).toBe(145_100n);
    expect(energy?.why.en).toBe('15.0 kWh x 4.19 + 125.0 kWh x 5.72 + 5.1 kWh x 6.00, after 60.0 kWh sold this month');
    expect(quote.next).toMatchObject({ soldMonth: 202611, soldWh: 205_100n });
  });

  it('forgets the units of another month', () => {
    const fresh = price(meter({}), 50_000n, in2026, firstLightBook);
    const stale = price(meter({ soldMonth: 202610, soldWh: 500_000n }), 50_000n, in2026, firstLightBook);
    expect(stale.energyWh).toBe(fresh.energyWh);
    expect(stale.next.soldWh).toBe(fresh.energyWh);
  });

  it('turns the month at midnight in Dhaka, also on 31 December and 29 February', () => {
    for (const day of ['2027-01-01', '2028-02-29', '2028-03-01']) {
      const midnight = startOfDay(day);
      const sold = meter({ soldMonth: 202612, soldWh: 700_000n, chargedThrough: 203001 });
      const before = price(sold, 50_000n, midnight - 1, firstLightBook);
      const after = price(sold, 50_000n, midnight, firstLightBook);
      expect(after.next.soldMonth).toBe(Number(day.slice(0, 4) + day.slice(5, 7)));
      if (day === '2027-01-01') expect(before.energyWh).toBeLessThan(after.energyWh!);
      if (day === '2028-02-29') expect(before.next.soldMonth).toBe(after.next.soldMonth);
    }
  });

  it('sells time-of-use classes at the flat rate', () => {
    const quote = price(meter({ tariffClass: 'LT-E', phase: 3 }), 108_150n, in2026, firstLightBook);
    // 1081.50 gross is 1030.00 net; the rebate of 10.20 makes 1040.20 at 10.30.
    expect(quote.rebatePaisa).toBe(1020n);
    expect(quote.energyWh).toBe(100_900n);
  });
});

describe('lifeline policies', () => {
  const repricing = tariffBook({
    versions: [readTariffVersion({ ...bdRetail2020, lifeline: 'first_50_then_reprice' })],
    rebateProfiles: [nesco2021],
  });
  const curve = repricing.versionAt(in2026).classes.get('LT-A')!.saleCurve!;

  it('reprices the whole month at its 51st kWh: 187.50 becomes 213.69', () => {
    expect(costOfMilliPaisa(curve, 0n, 50_000n)).toBe(18_750_000n);
    expect(costOfMilliPaisa(curve, 0n, 51_000n)).toBe(21_369_000n);
  });

  it('stops at 50 kWh until the money reaches beyond the step, and itemises it', () => {
    expect(affordableWh(curve, 0n, 20_950n, 100n)).toBe(50_000n);
    expect(affordableWh(curve, 0n, 20_992n, 100n)).toBe(50_100n);
    expect(energyParts(curve, 40_000n, 20_000n)).toEqual([
      { wh: 10_000n, ratePaisaPerKwh: 375n, repriceMilliPaisa: 0n },
      { wh: 10_000n, ratePaisaPerKwh: 419n, repriceMilliPaisa: 2_200_000n },
    ]);
  });

  it('needs the whole step as the minimum at 50 kWh', () => {
    const quote = price(meter({ soldMonth: 202611, soldWh: 50_000n }), 50_000n, in2026, repricing);
    expect(quote.minimumRechargePaisa).toBe(2355n); // (22.00 + 0.419, up to 22.42) x 1.05, up
    expect(quoteLines(quote).find((line) => line.code === 'energy')?.why.en).toContain('+ 22.00 repricing');
  });

  it('credits a month that stayed within 50 kWh, once it is over', () => {
    const october = meter({ soldMonth: 202610, soldWh: 50_000n });
    expect(lifelineCredit(october, in2026, firstLightBook)).toMatchObject({ month: 202610, creditPaisa: 2200n });
    expect(lifelineCredit({ ...october, soldWh: 50_100n }, in2026, firstLightBook)).toBeNull();
    expect(lifelineCredit({ ...october, soldMonth: 202611 }, in2026, firstLightBook)).toBeNull();
    expect(lifelineCredit({ ...october, crediting: 'currency' }, in2026, firstLightBook)).toBeNull();
    expect(lifelineCredit({ ...october, tariffClass: 'LT-E' }, in2026, firstLightBook)).toBeNull();
    expect(lifelineCredit(october, in2026, repricing)).toBeNull();
  });

  it('gives the credit with the first recharge of a later month, once, and says what for', () => {
    const october = meter({ soldMonth: 202610, soldWh: 50_000n });
    const first = price(october, 50_000n, in2026, firstLightBook);
    const without = price({ ...october, soldWh: 0n }, 50_000n, in2026, firstLightBook);
    expect(first.lifelineCreditPaisa).toBe(2200n);
    const money = (quote: typeof first) => quote.energyPaisa + quote.remainderOutPaisa;
    expect(money(first) - money(without)).toBe(2200n);
    const line = quoteLines(first).find(({ code }) => code === 'lifeline-credit');
    expect(line).toMatchObject({
      amountPaisa: -2200n,
      why: { en: 'Oct 2026: 50.0 kWh x (4.19 - 3.75); the month stayed within the lifeline' },
    });
    expect(line?.why.bn).toContain('অক্টোবর 2026');
    const second = price({ ...october, ...first.next }, 50_000n, in2026, firstLightBook);
    expect(second.lifelineCreditPaisa).toBe(0n);
  });

  it('keeps the credit through idle months, at the rates of its own month', () => {
    const january = meter({ soldMonth: 202301, soldWh: 40_000n });
    const quote = price(january, 50_000n, startOfDay('2024-06-01'), historicalBook);
    expect(quote.lifelineCreditPaisa).toBe(1760n); // 40 x (4.19 - 3.75), the rates of 2020
  });
});
