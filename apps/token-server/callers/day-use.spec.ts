// Proves that no caller gets past its limits in any order of takings, puttings back and days: against a sum kept by hand.
import fc from 'fast-check';
import type { CallerRules } from './caller-policy';
import { DayUse } from './day-use';
import type { Taken } from './day-use';

const DAY_MS = 86_400_000;
/** Midnight in Dhaka. */
const MIDNIGHT = Date.UTC(2026, 10, 20, 18);

const rules: CallerRules = {
  name: 'api',
  roles: ['issuer'],
  methods: ['IssueCredit'],
  supplyGroups: '*',
  managementKinds: [],
  energyTenthsKwh: { perRequest: 100n, perDay: 250n },
  currencyHundredThousandths: { perRequest: 1_000n, perDay: 5_000n },
  requestsPerDay: 6,
};
const energy = (units: bigint) => ({ credit: { subclass: 0 as const, units } });
const money = (units: bigint) => ({ credit: { subclass: 4 as const, units } });

it('names the limit that stands against a token, and takes nothing then', () => {
  const use = new DayUse();
  expect(use.take(rules, energy(101n), MIDNIGHT)).toBe('limit-exceeded');
  expect(use.take(rules, energy(100n), MIDNIGHT)).toMatchObject({ caller: 'api' });
  expect(use.take(rules, energy(100n), MIDNIGHT)).toMatchObject({ caller: 'api' });
  expect(use.take(rules, energy(51n), MIDNIGHT)).toBe('day-limit-exceeded');
  expect(use.take(rules, energy(50n), MIDNIGHT)).toMatchObject({ caller: 'api' });
  // The other unit has a limit of its own.
  expect(use.take(rules, money(1_000n), MIDNIGHT)).toMatchObject({ caller: 'api' });
  expect(use.today(MIDNIGHT).get('api')).toEqual({
    requests: 4,
    energyTenthsKwh: 250n,
    currencyHundredThousandths: 1_000n,
  });
});

it('counts tokens without credit, and holds a caller without a limit to none', () => {
  const use = new DayUse();
  for (let n = 0; n < 6; n += 1) expect(use.take(rules, {}, MIDNIGHT)).toMatchObject({ caller: 'api' });
  expect(use.take(rules, {}, MIDNIGHT)).toBe('day-limit-exceeded');
  const none = { ...rules, name: 'keys', energyTenthsKwh: undefined };
  expect(use.take(none, energy(1n), MIDNIGHT)).toBe('not-permitted');
});

it('starts anew at midnight in Dhaka, and not again when the clock is set back', () => {
  const use = new DayUse();
  const small = { ...rules, requestsPerDay: 1 };
  expect(use.take(small, {}, MIDNIGHT - 1)).toMatchObject({ caller: 'api' });
  expect(use.take(small, {}, MIDNIGHT - 1)).toBe('day-limit-exceeded');
  expect(use.take(small, {}, MIDNIGHT)).toMatchObject({ caller: 'api' });
  expect(use.take(small, {}, MIDNIGHT - 1)).toBe('day-limit-exceeded');
});

it('forgets what was put back, unless its day is over', () => {
  const use = new DayUse();
  const small = { ...rules, requestsPerDay: 1 };
  const first = use.take(small, energy(5n), MIDNIGHT) as Taken;
  use.putBack([first]);
  expect(use.take(small, energy(100n), MIDNIGHT)).toMatchObject({ caller: 'api' });
  const tomorrow = use.take(small, {}, MIDNIGHT + DAY_MS) as Taken;
  use.putBack([first]);
  expect(use.take(small, {}, MIDNIGHT + DAY_MS)).toBe('day-limit-exceeded');
  use.putBack([tomorrow]);
  expect(use.take(small, {}, MIDNIGHT + DAY_MS)).toMatchObject({ caller: 'api' });
});

it('remembers what an earlier process issued today, and leaves yesterday out', () => {
  const use = new DayUse();
  use.remember('api', energy(200n), MIDNIGHT + 1);
  use.remember('api', energy(200n), MIDNIGHT - 1);
  expect(use.take(rules, energy(51n), MIDNIGHT + 2)).toBe('day-limit-exceeded');
  expect(use.take(rules, energy(50n), MIDNIGHT + 2)).toMatchObject({ caller: 'api' });
});

it('never lets a day go above its limits, whatever comes in whatever order', () => {
  const step = fc.record({
    put: fc.integer({ min: 0, max: 3 }),
    subclass: fc.constantFrom(0 as const, 4 as const),
    units: fc.bigInt({ min: 1n, max: 1_100n }),
    hours: fc.integer({ min: 0, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const use = new DayUse();
      let now = MIDNIGHT;
      let held: Taken[] = [];
      for (const { put, subclass, units, hours } of steps) {
        now += hours * 3_600_000;
        const today = Math.floor((now - MIDNIGHT) / DAY_MS);
        held = held.filter((taken) => taken.day - Math.floor((MIDNIGHT + 6 * 3_600_000) / DAY_MS) === today);
        const taken = use.take(rules, { credit: { subclass, units } }, now);
        if (typeof taken !== 'string') held.push(taken);
        if (put === 0 && held.length > 0) use.putBack([held.shift()!]);
        const sum = { requests: 0, 0: 0n, 4: 0n };
        for (const one of held) {
          sum.requests += 1;
          sum[one.credit!.subclass] += one.credit!.units;
        }
        expect(sum.requests).toBeLessThanOrEqual(6);
        expect(sum[0] <= 250n && sum[4] <= 5_000n).toBe(true);
        const counted = use.today(now).get('api') ?? { requests: 0 };
        expect(counted.requests).toBe(sum.requests);
      }
    }),
  );
});
