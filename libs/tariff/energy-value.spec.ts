/* Proves what given energy is worth: the slabs from what was sold this month on, to the paisa, as two gifts are worth their sum. */
import fc from 'fast-check';
import { energyValue, firstLightBook, slabEnd } from '.';

const at = Date.UTC(2026, 10, 21, 4);
const state = (soldWh: bigint, soldMonth: number | null = 202611) => ({ tariffClass: 'LT-A', soldMonth, soldWh });
const value = (soldWh: bigint, energyWh: bigint) => energyValue(state(soldWh), energyWh, at, firstLightBook);

it('is the slab that the month has come to', () => {
  expect(value(0n, 75_000n)).toBe(31_425n);
  expect(value(75_000n, 10_000n)).toBe(5_720n);
  expect(value(70_000n, 10_000n)).toBe(5n * 419n + 5n * 572n);
  expect(energyValue(state(75_000n, 202610), 10_000n, at, firstLightBook)).toBe(4_190n);
});

it('stays the same up to the end of its slab, and changes there', () => {
  const end = (soldWh: bigint) => slabEnd(state(soldWh), at, firstLightBook);
  expect([end(0n), end(74_900n), end(75_000n), end(599_999n), end(600_000n)]).toEqual([
    ...[75_000n, 75_000n, 200_000n, 600_000n, null],
  ]);
  expect(slabEnd(state(300_000n, 202610), at, firstLightBook)).toBe(75_000n);
  for (const endWh of [75_000n, 200_000n]) {
    expect(value(endWh - 2_000n, 1_000n)).toBe(value(endWh - 1_000n, 1_000n));
    expect(value(endWh, 1_000n)).toBeGreaterThan(value(endWh - 1_000n, 1_000n));
  }
});

it('of two gifts is that of their sum, within the rounding', () => {
  const wh = fc.bigInt({ min: 1n, max: 10_000n }).map((tenths) => tenths * 100n);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 900_000n }), wh, wh, (sold, first, second) => {
      const apart = value(sold, first) + value(sold + first, second);
      const together = value(sold, first + second);
      expect(apart - together).toBeGreaterThanOrEqual(-1n);
      expect(apart - together).toBeLessThanOrEqual(1n);
    }),
  );
});

it('is not known for a class that this tariff does not have', () => {
  expect(() => energyValue({ ...state(0n), tariffClass: 'XX' }, 100n, at, firstLightBook)).toThrow(
    expect.objectContaining({ code: 'tariff-class-unknown' }),
  );
});
