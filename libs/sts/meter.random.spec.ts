// Proves that a meter survives 1,000,000 random entries of 20 digits and lets through as many as 16 bits of checksum
// predict, for both algorithms; the generator is seeded, so that a failure can be looked at again.
import { StsMeter } from './index';
import type { MeterResult } from './index';
import { KEY04, keyOf } from './sts.fixture';

/** xorshift32: any generator will do that is not the cipher under test. */
function digitsFrom(seed: number): () => string {
  let x = seed;
  const tenDigits = (): string => {
    let text = '';
    while (text.length < 10) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      // 4,000,000,000 is a multiple of 100,000: below it every five digits are equally likely.
      const roll = x >>> 0;
      if (roll < 4_000_000_000) text += String(roll % 100_000).padStart(5, '0');
    }
    return text;
  };
  return () => tenDigits() + tenDigits();
}

const ENTRIES = 500_000;
const LEGAL = 2 ** 66 / 1e20;
const ALL_SERVICES = [0, 1, 2, 3, 4, 5, 6, 7];

it.each<[string, object]>([
  ['EA07', {}],
  ['EA11', { ea: '11', dkga: '04', vendingKey: KEY04 }],
])(
  '%s: half a million random entries',
  (_, change) => {
    const meter = new StsMeter(keyOf(change), { lockout: null, services: ALL_SERVICES });
    const next = digitsFrom(0x62055);
    const counts: Partial<Record<MeterResult, number>> = {};
    let reserved = 0;
    let intact = 0;
    for (let n = 0; n < ENTRIES; n++) {
      const { result, token } = meter.enter(next(), n);
      counts[result] = (counts[result] ?? 0) + 1;
      if (result === 'Function' && !token) reserved++;
      if (result !== 'CRC' && result !== 'Format') intact++;
    }
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(ENTRIES);
    // Format: above 2^66 - 1. Function: class 3, a quarter of the rest. Both within five standard deviations.
    const format = ENTRIES * (1 - LEGAL);
    const classThree = (ENTRIES * LEGAL) / 4;
    expect(Math.abs((counts.Format ?? 0) - format)).toBeLessThan(5 * Math.sqrt(format));
    expect(Math.abs(reserved - classThree)).toBeLessThan(5 * Math.sqrt(classThree));
    // What the checksum lets through: three quarters of the legal ones, one in 65536; about four, Poisson.
    const expected = (ENTRIES * LEGAL * 0.75) / 65_536;
    const through = intact - reserved;
    expect(Math.abs(through - expected)).toBeLessThan(5 * Math.sqrt(expected));
    expect(counts.Accept ?? 0).toBeLessThanOrEqual(intact);
  },
  120_000,
);
