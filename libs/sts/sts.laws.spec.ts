// Proves the laws of tokens on random ones: what is encoded decodes to itself, a changed bit or digit never passes for
// something else unnoticed, amounts favour the customer by less than a step, identifiers only rise.
import * as fc from 'fast-check';
import {
  AMOUNT16_MAX,
  MANAGEMENT_SUBCLASS,
  civilMinuteOfTid,
  decodeAmount16,
  decodeToken,
  encodeAmount16,
  encodeAmount20,
  encodeCredit,
  encodeManagement,
  encodeTestDisplay,
  formatCivilMinute,
  formatCreditAmount,
  isReservedTid,
  nextTid,
  parseCivilMinute,
  parseCreditAmount,
  parseTokenDigits,
  tokenDigits,
} from './index';
import type { BaseDate, ManagementKind } from './index';
import { tokenCrc } from './crc';
import { KEY04, codeOf, keyOf } from './sts.fixture';

const KEYS = [keyOf(), keyOf({ dkga: '04', vendingKey: KEY04, ea: '11' }), keyOf({ kt: 3, pan: '000001000000000082' })];
const key = fc.constantFrom(...KEYS);
const tid = fc.nat({ max: 0xffffff }).filter((value) => !isReservedTid(value));
const rnd = fc.nat({ max: 15 });
const word = fc.nat({ max: 0xffffffff });
const baseDate = fc.constantFrom<BaseDate>(1993, 2014, 2035);

it('66 bits go to 20 digits and back, as BigInt arithmetic says', () => {
  fc.assert(
    fc.property(fc.nat({ max: 3 }), word, word, (tokenClass, hi, lo) => {
      const block = (BigInt(hi) << 32n) | BigInt(lo);
      const moved = ((block >> 27n) & 3n) << 64n;
      const token66 = moved | (block & ~(3n << 27n)) | (BigInt(tokenClass) << 27n);
      const digits = tokenDigits(tokenClass, hi, lo);
      expect(digits).toBe(token66.toString().padStart(20, '0'));
      expect(parseTokenDigits(digits)).toEqual({ tokenClass, hi, lo });
    }),
    { numRuns: 1000 },
  );
});

it('a credit token says what it was made of', () => {
  fc.assert(
    fc.property(key, fc.nat({ max: 3 }), tid, rnd, fc.nat({ max: 18_201_624 }), (k, subclass, t, r, units) => {
      const token = encodeCredit(k, { subclass, tid: t, rnd: r, units });
      const read = decodeToken(token.digits, k);
      const { block, creditedUnits } = token;
      expect(read).toEqual({
        ...{ kind: 'credit', tokenClass: 0, subclass, block, tid: t, reservedTid: false, rnd: r },
        units: creditedUnits,
      });
      expect(encodeCredit(k, { subclass, tid: t, rnd: r, units: creditedUnits }).digits).toBe(token.digits);
    }),
    { numRuns: 1000 },
  );
});

it('a currency token says what it was made of, with either sign', () => {
  const amount = fc.bigInt({ min: -(10n ** 35n), max: 10n ** 35n });
  fc.assert(
    fc.property(key, fc.integer({ min: 4, max: 7 }), tid, amount, (k, subclass, t, units) => {
      const { digits, creditedUnits } = encodeCredit(k, { subclass, tid: t, units });
      expect(decodeToken(digits, k)).toMatchObject({ kind: 'credit', subclass, tid: t, units: creditedUnits });
      expect(creditedUnits).toBeGreaterThanOrEqual(units);
    }),
    { numRuns: 500 },
  );
});

it('a management token says what it was made of', () => {
  const request = fc.oneof(
    fc.record({
      kind: fc.constantFrom<ManagementKind>('max-power-limit', 'phase-unbalance-limit'),
      value: fc.nat({ max: 18_201_624 }),
    }),
    fc.record({ kind: fc.constantFrom<ManagementKind>('tariff-rate', 'water-factor'), value: fc.nat({ max: 65_535 }) }),
    fc.record({
      kind: fc.constant<ManagementKind>('clear-credit'),
      value: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 65_535),
    }),
    fc.constant({ kind: 'clear-tamper', value: 0 }),
  );
  fc.assert(
    fc.property(key, request, tid, rnd, (k, { kind, value }, t, r) => {
      const token = encodeManagement(k, { kind, tid: t, rnd: r, value });
      const subclass = MANAGEMENT_SUBCLASS[kind];
      expect(decodeToken(token.digits, k)).toMatchObject({ kind, subclass, tid: t, rnd: r, value: token.value });
      expect(token.value).toBeGreaterThanOrEqual(value);
    }),
    { numRuns: 500 },
  );
});

it('a test token says what it was made of', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1 }),
      fc.nat({ max: 99 }),
      fc.bigInt({ min: 0n, max: 0xfffffffn }),
      (subclass, mfr, control) => {
        const { digits } = encodeTestDisplay({ subclass, manufacturer: mfr, control });
        expect(decodeToken(digits, null)).toMatchObject({ subclass, manufacturer: mfr, control });
      },
    ),
  );
});

it('one changed bit of the clear block is always caught by the checksum', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1, 2),
      word,
      fc.nat({ max: 0xffff }),
      fc.boolean(),
      (tokenClass, hi, body, currency) => {
        const crcs = new Set([tokenCrc(tokenClass, hi, body, currency)]);
        for (let bit = 0; bit < 32; bit++) crcs.add(tokenCrc(tokenClass, (hi ^ (1 << bit)) >>> 0, body, currency));
        for (let bit = 0; bit < 16; bit++) crcs.add(tokenCrc(tokenClass, hi, body ^ (1 << bit), currency));
        crcs.add(tokenCrc(tokenClass ^ 1, hi, body, currency)).add(tokenCrc(tokenClass ^ 2, hi, body, currency));
        // All 51 differ: two flipped bits are told apart as well.
        expect(crcs.size).toBe(1 + 32 + 16 + 2);
      },
    ),
    { numRuns: 200 },
  );
});

it('a changed digit or bit of the printed token is refused, save for what 16 bits of checksum let through', () => {
  const rolls = fc.sample(fc.tuple(key, tid, rnd, fc.nat({ max: 9_999 })), { numRuns: 100, seed: 62_055 });
  let changed = 0;
  let passed = 0;
  for (const [k, t, r, units] of rolls) {
    const { digits } = encodeCredit(k, { subclass: 0, tid: t, rnd: r, units });
    const value = BigInt(digits);
    const others = new Set<string>();
    for (let at = 0; at < 20; at++) {
      for (let digit = 0; digit < 10; digit++) others.add(digits.slice(0, at) + digit + digits.slice(at + 1));
    }
    for (let bit = 0n; bit < 66n; bit++) others.add((value ^ (1n << bit)).toString().padStart(20, '0'));
    others.delete(digits);
    for (const other of others) {
      changed++;
      if (codeOf(() => decodeToken(other, k)) === 'taken') passed++;
    }
  }
  expect(changed).toBeGreaterThan(20_000);
  // About 24,000 tries at 2^-16 or less: a handful at most, and never a mistake about what the token is.
  expect(passed).toBeLessThanOrEqual(4);
});

it('amounts are never below what was asked, and within one step of it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat({ max: 18_201_624 }), fc.nat({ max: 200_000 }), fc.nat({ max: 20_000 })), (units) => {
      const { field, units: credited } = encodeAmount16(units);
      expect(Number(credited)).toBeGreaterThanOrEqual(units);
      // The next smaller amount that a token can carry would have been too little.
      if (field > 0) expect(decodeAmount16(field - 1)).toBeLessThan(units);
    }),
    { numRuns: 1000 },
  );
});

it('the 16-bit coding is strictly rising and each of its 65536 values comes back as itself', () => {
  const wrong: number[] = [];
  let last = -1;
  for (let field = 0; field <= 0xffff; field++) {
    const units = decodeAmount16(field);
    // The least amount that this field serves is one above what the field before it says.
    const served = [last + 1, units].every((asked) => encodeAmount16(asked).field === field);
    if (!served || units <= last) wrong.push(field);
    last = units;
  }
  expect(wrong).toEqual([]);
  expect(last).toBe(AMOUNT16_MAX);
});

it('the 20-bit coding rounds both signs towards the customer, to a neighbouring value', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (units) => {
      const credited = encodeAmount20(units).units;
      expect(credited).toBeGreaterThanOrEqual(units);
      expect(encodeAmount20(credited).units).toBe(credited);
      // Nothing lies between: asking for one unit less than was given needs the same value or the one below the wish.
      if (credited > units) expect(encodeAmount20(credited - 1n).units).toBe(credited);
    }),
    { numRuns: 1000 },
  );
});

it('decimals go to units and back', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 7 }),
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.boolean(),
      (subclass, units, negative) => {
        const value = negative ? -units : units;
        expect(parseCreditAmount(subclass, formatCreditAmount(subclass, value))).toBe(value);
      },
    ),
  );
});

it('identifiers only rise, skip 00:01, and name their minute', () => {
  fc.assert(
    fc.property(
      baseDate,
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 60 }),
      fc.nat({ max: 16_000_000 }),
      (base, gaps, start) => {
        let at = civilMinuteOfTid(base, start);
        let last: number | undefined;
        for (const gap of gaps) {
          const next = nextTid(base, at, last);
          expect(next).toBeGreaterThan(last ?? -1);
          expect(next).toBeGreaterThanOrEqual(at - civilMinuteOfTid(base, 0));
          expect(isReservedTid(next)).toBe(false);
          last = next;
          at += gap;
        }
        expect(parseCivilMinute(formatCivilMinute(at))).toBe(at);
      },
    ),
  );
});
