/* Proves by every mistake of one digit and every exchange of two neighbours that a misheard case number is refused. */
import fc from 'fast-check';
import { caseNumber, readCaseNumber } from './case-number';

const serials = fc.record({
  year: fc.integer({ min: 2000, max: 2099 }),
  serial: fc.integer({ min: 1_000, max: 99_999_999 }),
});
const digitsOf = (text: string) => text.replace(/\D/g, '');
const isRefused = (text: string) => {
  try {
    readCaseNumber(text);
    return false;
  } catch (error) {
    return (error as { code: string }).code === 'case-number-wrong';
  }
};

it('is what Damm’s table makes of it', () => {
  // 572 has the check digit 4 in Damm's thesis; a serial has four digits at least, so it stands behind zeros' neutral 0.
  expect(caseNumber({ year: 2026, serial: 1184 })).toBe('C-26-1184-0');
  expect(readCaseNumber(' c 26 1184 0 ')).toEqual({ year: 2026, serial: 1184 });
  expect(readCaseNumber('2611840')).toEqual({ year: 2026, serial: 1184 });
});

it('reads back what it wrote, said with or without the C and the hyphens', () => {
  fc.assert(
    fc.property(serials, (serial) => {
      const number = caseNumber(serial);
      expect(readCaseNumber(number)).toEqual(serial);
      expect(readCaseNumber(digitsOf(number))).toEqual(serial);
    }),
  );
});

it('refuses every wrong digit and every exchange of neighbours', () => {
  fc.assert(
    fc.property(serials, fc.nat(9), fc.nat(10), (serial, digit, at) => {
      const digits = digitsOf(caseNumber(serial));
      const place = at % digits.length;
      const wrong = digits.slice(0, place) + digit + digits.slice(place + 1);
      if (wrong !== digits) expect([wrong, isRefused(wrong)]).toEqual([wrong, true]);
      const swapped = digits.slice(0, place) + (digits[place + 1] ?? '') + digits[place] + digits.slice(place + 2);
      if (swapped !== digits) expect([swapped, isRefused(swapped)]).toEqual([swapped, true]);
    }),
  );
});

it.each(['', 'C-26', 'C-26-118-1', '26-1184-1', 'C-26-1184-00', "C-26-1184-0' OR 1=1", 'ক-26-1184-0'])(
  'refuses %j',
  (text) => {
    expect(isRefused(text)).toBe(true);
  },
);

it.each([
  [1999, 1184],
  [2026, 999],
  [2026, 100_000_000],
])('makes no number of year %d and serial %d', (year, serial) => {
  expect(() => caseNumber({ year, serial })).toThrow(RangeError);
});
