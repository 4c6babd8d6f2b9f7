/* Proves that the three views of a day add up to one total for any lines, and that no hour is left uncounted or counted without need, by generated lines and a clock that is turned by hand. */
import fc from 'fast-check';
import { startOfDay } from '@vend/kernel';
import { addUp, dueHours, HOUR_MS, hourOf, type SalesFigures, type SalesLine } from './sales';

const FROM = startOfDay('2026-11-22');
const sum = fc.record({ count: fc.nat(1_000_000), paisa: fc.bigInt({ min: 0n, max: 10n ** 15n }) });
const line: fc.Arbitrary<SalesLine> = fc.record({
  hourStart: fc.nat(23).map((hour) => FROM + hour * HOUR_MS),
  source: fc.constantFrom('till:A', 'till:B', 'provider:x', 'vendor:x'),
  channel: fc.constantFrom('counter', 'mobile-money'),
  ...{ sold: sum, waiting: sum, returned: sum },
});

it('adds up to the same total by hour, by source and by channel', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const day = addUp(lines, FROM, new Map([['till:A', 'Counter A']]));
      for (const rows of [day.hours, day.sources, day.channels] as readonly (readonly SalesFigures[])[]) {
        for (const what of ['sold', 'waiting', 'returned'] as const) {
          expect(rows.reduce((all, row) => all + row[what].count, 0)).toBe(day.total[what].count);
          expect(rows.reduce((all, row) => all + row[what].paisa, 0n)).toBe(day.total[what].paisa);
        }
      }
      expect(day.hours.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, i) => i));
      const amounts = day.sources.map(({ sold }) => sold.paisa);
      expect(amounts).toEqual([...amounts].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
    }),
  );
});

it('calls a source by its name, or by its code when nobody named it', () => {
  const at = { hourStart: FROM, channel: 'counter', sold: { count: 1, paisa: 1n } };
  const none = { count: 0, paisa: 0n };
  const lines = ['till:A', 'till:B'].map((source) => ({ ...at, source, waiting: none, returned: none }));
  const names = addUp(lines, FROM, new Map([['till:A', 'Counter A']])).sources.map(({ name }) => name);
  expect(names.sort()).toEqual(['B', 'Counter A']);
});

it('counts the running hour every time, and every hour of three days within a quarter of an hour', () => {
  const counted = new Map<number, number>();
  const start = FROM + 10 * HOUR_MS + 1_234_567;
  for (let now = start; now < start + 900_000; now += 10_000) {
    const due = dueHours(counted, now);
    expect(due.length).toBeLessThanOrEqual(3);
    expect(due).toContain(hourOf(now));
    expect(new Set(due).size).toBe(due.length);
    for (const hour of due) counted.set(hour, now);
  }
  for (let back = 0; back < 72; back++) {
    const at = counted.get(hourOf(start) - back * HOUR_MS);
    expect([back, at !== undefined]).toEqual([back, true]);
  }
});

it('counts nothing that was counted a moment ago', () => {
  const now = FROM + 10 * HOUR_MS;
  const counted = new Map(Array.from({ length: 80 }, (_, back) => [hourOf(now) - back * HOUR_MS, now - 1_000]));
  expect(dueHours(counted, now)).toEqual([]);
});
