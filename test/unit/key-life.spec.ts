/** Proves that the office's reckoning of when a key ends is the STS library's, minute for minute, over all KEN. */
import fc from 'fast-check';
import { civilMinuteOfInstant, isKeyExpired, keyExpiresAfter, tidAt } from '@vend/sts';
import { keyEndsAt, isExpired, daysLeft } from '../../libs/meters/key-changes/expiry';

const DHAKA_MINUTES = 360;
const MINUTE_MS = 60_000;

describe('the end of a key', () => {
  it('is the minute after the last one at which the library makes a token', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 254 }),
        fc.constantFrom(1993 as const, 2014 as const, 2035 as const),
        (ken, baseDate) => {
          const endsAt = keyEndsAt({ ken, baseDate });
          const last = civilMinuteOfInstant(endsAt - MINUTE_MS, DHAKA_MINUTES);
          expect(keyExpiresAfter({ ken, baseDate })).toBe(last);
          expect(isKeyExpired(tidAt(baseDate, last), ken)).toBe(false);
          if (ken < 254) expect(isKeyExpired(tidAt(baseDate, last + 1), ken)).toBe(true);
          expect(isExpired({ ken, baseDate }, endsAt - 1)).toBe(false);
          expect(isExpired({ ken, baseDate }, endsAt)).toBe(true);
        },
      ),
    );
  });

  it('of a key that never expires is the end of its base date: no TID is left', () => {
    expect(new Date(keyEndsAt({ ken: 255, baseDate: 1993 })).toISOString()).toBe('2024-11-24T14:16:00.000Z');
    expect(new Date(keyEndsAt({ ken: 255, baseDate: 2014 })).toISOString()).toBe('2045-11-24T14:16:00.000Z');
    expect(daysLeft({ ken: 255, baseDate: 1993 }, Date.UTC(2024, 10, 24))).toBe(0);
    expect(daysLeft({ ken: 255, baseDate: 1993 }, Date.UTC(2024, 10, 26))).toBe(-2);
  });
});
