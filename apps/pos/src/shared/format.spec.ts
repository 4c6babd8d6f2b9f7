/* Proves that money, numbers and moments are written as people here read them, in both languages, and that no digit of an amount is lost on the way, by known cases and by amounts of any size. */
import fc from 'fast-check';
import { clock, day, groupsOfFour, latinDigits, moment, money, month, number } from './format';

it.each([
  ['1000.00', '1,000.00', '১,০০০.০০'],
  ['123456.5', '1,23,456.50', '১,২৩,৪৫৬.৫০'],
  ['-5.07', '-5.07', '-৫.০৭'],
  ['0.1', '0.10', '০.১০'],
  // More than a floating-point number can hold.
  ['9007199254740993.01', '9,00,71,99,25,47,40,993.01', '৯,০০,৭১,৯৯,২৫,৪৭,৪০,৯৯৩.০১'],
])('writes %s Taka', (taka, en, bn) => {
  expect(money(taka, 'en')).toBe(en);
  expect(money(taka, 'bn')).toBe(bn);
});

it('keeps every digit of every amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.constantFrom('bn', 'en'), (paisa, language) => {
      const taka = `${paisa / 100n}.${String(paisa % 100n).padStart(2, '0')}`;
      expect(latinDigits(money(taka, language)).replaceAll(',', '')).toBe(taka);
    }),
  );
});

it.each(['', 'abc', '1,000', '1e3', '১০০', '1.'])('refuses %j', (value) => {
  expect(() => money(value, 'en')).toThrow(RangeError);
});

it('writes numbers with the decimals they have', () => {
  expect(number('174.50', 'en')).toBe('174.50');
  expect(number('44.7', 'bn')).toBe('৪৪.৭');
  expect(number('12', 'bn')).toBe('১২');
});

it('writes moments in Dhaka, wherever the machine is', () => {
  expect(moment('2026-11-20T20:30:00.000Z', 'en')).toBe('21 Nov 2026, 02:30');
  expect(moment('2026-11-20T20:30:00.000Z', 'bn')).toBe('২১ নভে, ২০২৬, ০২:৩০');
  expect(clock('2026-11-21T13:05:00.000+06:00', 'bn')).toBe('১৩:০৫');
  expect(clock('2026-11-21T10:05:00.000+06:00', 'en')).toBe('10:05');
  expect(month('2026-11', 'en')).toBe('Nov 2026');
  expect(month('2026-01', 'bn')).toContain('২০২৬');
});

it('cuts a token into groups of four and leaves its digits as the keypad has them', () => {
  expect(groupsOfFour('12345678901234567890')).toEqual(['1234', '5678', '9012', '3456', '7890']);
});

it('reads what a Bangla keyboard types', () => {
  expect(latinDigits('৫০০.২৫')).toBe('500.25');
});

it('writes a day as the calendar on the wall does, wherever the browser is', () => {
  expect([day('2026-11-22', 'en'), day('2026-11-22', 'bn')]).toEqual(['22 Nov 2026', '২২ নভে, ২০২৬']);
});
