/* Proves what the rules find: hand-made cases, and property tests against counting by brute force and against reading the same events in pages. */
import fc from 'fast-check';
import { newId } from '@vend/kernel';
import { findings, type WatchEvent, type WatchRule } from './watch';

const T0 = Date.UTC(2026, 10, 21, 4);
const rule: WatchRule = {
  rule: 'many-vends-meter',
  measure: 'vends',
  subjectKind: 'meter',
  threshold: 3,
  windowSeconds: 60,
  active: true,
};
const event = (seconds: number, over: Partial<WatchEvent> = {}): WatchEvent => ({
  eventId: newId(T0 + seconds * 1_000),
  at: T0 + seconds * 1_000,
  meterNo: '600727000000000009',
  source: 'till:RAJ-1',
  actor: 'user:rahima',
  grossPaisa: 50_000n,
  ...over,
});

it('finds the fourth within a minute, once however many follow', () => {
  const events = [0, 10, 20, 59, 59.5, 59.9].map((second) => event(second));
  expect(findings(rule, events.slice(0, 3), T0)).toEqual([]);
  const found = findings(rule, events, T0);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ subject: 'meter:600727000000000009', windowStart: T0, firstSeen: T0, events: 6 });
  expect(found[0]!.refs).toEqual(events.map(({ eventId }) => eventId));
});

it('looks across the turn of the minute', () => {
  expect(
    findings(
      rule,
      [58, 59, 61, 62].map((second) => event(second)),
      T0,
    ),
  ).toMatchObject([{ windowStart: T0 + 60_000, events: 4 }]);
  expect(
    findings(
      rule,
      [0, 59, 61, 119].map((second) => event(second)),
      T0,
    ),
  ).toEqual([]);
});

it('counts stations and people, and neither providers nor partners', () => {
  const atStation = { ...rule, rule: 's', subjectKind: 'station' as const };
  const byPerson = { ...rule, rule: 'p', subjectKind: 'person' as const };
  const counter = [1, 2, 3, 4].map((second) => event(second, { meterNo: String(second).repeat(18) }));
  const mobile = counter.map((one) => ({ ...one, source: 'provider:demo', actor: 'partner:demo' }));
  expect(findings(atStation, counter, T0).map(({ subject }) => subject)).toEqual(['station:RAJ-1']);
  expect(findings(byPerson, counter, T0).map(({ subject }) => subject)).toEqual(['person:rahima']);
  expect([...findings(atStation, mobile, T0), ...findings(byPerson, mobile, T0)]).toEqual([]);
});

it('finds the same amount for the same meter at two stations within ten minutes', () => {
  const twin: WatchRule = { ...rule, rule: 'twin', measure: 'twin-stations', threshold: 1, windowSeconds: 600 };
  const other = { source: 'till:RAJ-2' };
  expect(findings(twin, [event(0), event(500, other)], T0)).toMatchObject([{ events: 2 }]);
  expect(findings(twin, [event(0), event(500)], T0)).toEqual([]);
  expect(findings(twin, [event(0), event(700, other)], T0)).toEqual([]);
  expect(findings(twin, [event(0), event(500, { ...other, grossPaisa: 50_001n })], T0)).toEqual([]);
  expect(findings(twin, [event(0), event(500, { source: 'provider:demo' })], T0)).toEqual([]);
});

const times = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 60 });

it('finds a span when and only when a window that ends in it holds too many', () => {
  fc.assert(
    fc.property(times, (all) => {
      const events = all.map((ms) => event(ms / 1_000));
      const expected = new Set<number>();
      for (const { at } of events) {
        const within = events.filter((one) => one.at <= at && one.at > at - 60_000);
        if (within.length > rule.threshold) expected.add(Math.floor(at / 60_000) * 60_000);
      }
      expect(
        findings(rule, events, 0)
          .map(({ windowStart }) => windowStart)
          .sort(),
      ).toEqual([...expected].sort());
    }),
  );
});

it('finds in pages what it finds at once', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 400_000 }), (all, cut) => {
      const events = all.map((ms) => event(ms / 1_000));
      const key = (found: { subject: string; windowStart: number }) => `${found.subject} ${found.windowStart}`;
      const cutAt = T0 + cut;
      const paged = [
        ...findings(
          rule,
          events.filter(({ at }) => at < cutAt),
          T0,
        ),
        ...findings(
          rule,
          events.filter(({ at }) => at > cutAt - 60_000),
          cutAt,
        ),
      ];
      expect([...new Set(paged.map(key))].sort()).toEqual(findings(rule, events, T0).map(key).sort());
    }),
  );
});
