// Proves when something may leave around quiet hours in Dhaka, by hand at the edges and by laws over any hours.
import fc from 'fast-check';
import { endOutsideQuiet, formatQuietHours, parseQuietHours, quietUntil } from './quiet-hours';

const at = (text: string) => Date.parse(`${text}+06:00`);
const night = parseQuietHours('22:00-08:00');
const noon = parseQuietHours('12:30-14:00');

it.each([
  ['2026-11-22T21:59:59.999', undefined],
  ['2026-11-22T22:00:00.000', '2026-11-23T08:00:00.000'],
  ['2026-11-22T23:59:59.999', '2026-11-23T08:00:00.000'],
  ['2026-11-23T00:00:00.000', '2026-11-23T08:00:00.000'],
  ['2026-11-23T07:59:59.999', '2026-11-23T08:00:00.000'],
  ['2026-11-23T08:00:00.000', undefined],
])('at %s the night is quiet until %s', (instant, until) => {
  expect(quietUntil(night, at(instant))).toBe(until === undefined ? undefined : at(until));
});

it('keeps a quiet noon too, and none at all', () => {
  expect(quietUntil(noon, at('2026-11-22T12:30:00'))).toBe(at('2026-11-22T14:00:00'));
  expect(quietUntil(noon, at('2026-11-22T12:29:59'))).toBeUndefined();
  expect(quietUntil(parseQuietHours('none'), at('2026-11-22T03:00:00'))).toBeUndefined();
});

it.each(['', '22:00', '24:00-08:00', '22:60-08:00', '22:00-08:00 ', '08:00-08:00', '08:30-08:00'])(
  'refuses %j',
  (text) => {
    expect(() => parseQuietHours(text)).toThrow(RangeError);
  },
);

it.each([
  ['2026-11-22T20:00:00', 2, '2026-11-22T22:00:00'],
  ['2026-11-22T20:00:00', 3, '2026-11-23T09:00:00'],
  ['2026-11-22T23:00:00', 1, '2026-11-23T09:00:00'],
  ['2026-11-22T20:00:00', 2 + 14 + 14 + 5, '2026-11-25T13:00:00'],
  ['2026-11-22T20:00:00', 0, '2026-11-22T20:00:00'],
])('from %s, %d hours of work end at %s', (from, hours, end) => {
  expect(endOutsideQuiet(night, at(from), hours * 3_600_000)).toBe(at(end));
});

const anyHours = fc
  .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 1, max: 1_380 }))
  .map(([fromMinute, length]) => ({ fromMinute, toMinute: (fromMinute + length) % 1_440 }));
const anyInstant = fc.integer({ min: 0, max: 4_000_000_000_000 });

it('reads what it writes', () => {
  fc.assert(fc.property(anyHours, (hours) => expect(parseQuietHours(formatQuietHours(hours))).toEqual(hours)));
});

it('ends at an instant that is not quiet, within a day', () => {
  fc.assert(
    fc.property(anyHours, anyInstant, (hours, instant) => {
      const until = quietUntil(hours, instant);
      if (until === undefined) return;
      expect(until).toBeGreaterThan(instant);
      expect(until - instant).toBeLessThan(86_400_000);
      expect(quietUntil(hours, until)).toBeUndefined();
      expect(quietUntil(hours, until - 1)).toBe(until);
    }),
  );
});

it('ends exactly as late as the open minutes allow', () => {
  fc.assert(
    fc.property(anyHours, fc.integer({ min: 0, max: 30_000_000 }), fc.integer({ min: 1, max: 5_000 }), (h, m, work) => {
      const from = m * 60_000;
      const end = endOutsideQuiet(h, from, work * 60_000);
      let open = 0;
      for (let minute = from; minute < end; minute += 60_000) if (quietUntil(h, minute) === undefined) open += 1;
      expect(open).toBe(work);
      expect(quietUntil(h, end - 60_000)).toBeUndefined();
    }),
  );
});
