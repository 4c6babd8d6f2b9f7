// Proves that no caller gets past its limits in any order of takings, puttings back and days: against a sum kept by hand.
import fc from 'fast-check';
import type { CallerRules } from './caller-policy';
import { DayUse } from './day-use';
import type { Credit, Tally } from './day-use';

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
const energy = (units: bigint): Credit => ({ subclass: 0, units });
const money = (units: bigint): Credit => ({ subclass: 4, units });

/** One token in a group of its own. */
function take(use: DayUse, credit: Credit | null, at = MIDNIGHT, of = rules): string | null {
  return use.take(use.begin(of.name, at), of, credit);
}

it('names the limit that stands against a token, and takes nothing then', () => {
  const use = new DayUse();
  expect(take(use, energy(101n))).toBe('limit-exceeded');
  expect(take(use, energy(100n))).toBeNull();
  expect(take(use, energy(100n))).toBeNull();
  expect(take(use, energy(51n))).toBe('day-limit-exceeded');
  expect(take(use, energy(50n))).toBeNull();
  // The other unit has a limit of its own.
  expect(take(use, money(1_000n))).toBeNull();
  expect(use.today(MIDNIGHT).get('api')).toEqual({
    requests: 4,
    energyTenthsKwh: 250n,
    currencyHundredThousandths: 1_000n,
  });
});

it('counts tokens without credit, and holds a caller without a limit to none', () => {
  const use = new DayUse();
  for (let n = 0; n < 6; n += 1) expect(take(use, null)).toBeNull();
  expect(take(use, null)).toBe('day-limit-exceeded');
  const none = { ...rules, name: 'keys', energyTenthsKwh: undefined };
  expect(take(use, energy(1n), MIDNIGHT, none)).toBe('not-permitted');
});

it('starts anew at midnight in Dhaka, and not again when the clock is set back', () => {
  const use = new DayUse();
  const small = { ...rules, requestsPerDay: 1 };
  expect(take(use, null, MIDNIGHT - 1, small)).toBeNull();
  expect(take(use, null, MIDNIGHT - 1, small)).toBe('day-limit-exceeded');
  expect(take(use, null, MIDNIGHT, small)).toBeNull();
  expect(take(use, null, MIDNIGHT - 1, small)).toBe('day-limit-exceeded');
});

it('forgets what a group puts back, unless its day is over', () => {
  const use = new DayUse();
  const group = use.begin('api', MIDNIGHT - 1);
  expect(use.take(group, rules, energy(100n))).toBeNull();
  expect(use.take(group, rules, money(7n))).toBeNull();
  use.putBack(group);
  expect(use.today(MIDNIGHT - 1).get('api')).toEqual({
    requests: 0,
    energyTenthsKwh: 0n,
    currencyHundredThousandths: 0n,
  });
  // A group that runs over midnight puts back what it took today and nothing else.
  const late = use.begin('api', MIDNIGHT - 1);
  expect(use.take(late, rules, energy(100n))).toBeNull();
  expect(take(use, energy(30n), MIDNIGHT)).toBeNull();
  expect(use.take(late, rules, energy(20n))).toBeNull();
  use.putBack(late);
  expect(use.today(MIDNIGHT).get('api')).toMatchObject({ requests: 1, energyTenthsKwh: 30n });
  const gone = use.begin('api', MIDNIGHT);
  use.take(gone, rules, energy(1n));
  take(use, null, MIDNIGHT + DAY_MS);
  use.putBack(gone);
  expect(use.today(MIDNIGHT + DAY_MS).get('api')).toMatchObject({ requests: 1, energyTenthsKwh: 0n });
});

it('remembers what an earlier process issued today, and leaves yesterday out', () => {
  const use = new DayUse();
  use.remember('api', energy(200n), MIDNIGHT + 1);
  use.remember('api', energy(200n), MIDNIGHT - 1);
  expect(take(use, energy(51n), MIDNIGHT + 2)).toBe('day-limit-exceeded');
  expect(take(use, energy(50n), MIDNIGHT + 2)).toBeNull();
});

it('never lets a day go above its limits, whatever groups come in whatever order', () => {
  const step = fc.record({
    what: fc.constantFrom('begin', 'take', 'take', 'take', 'put back', 'keep'),
    which: fc.nat(5),
    credit: fc.record({
      subclass: fc.constantFrom(0 as const, 4 as const),
      units: fc.bigInt({ min: 1n, max: 1_100n }),
    }),
    hours: fc.integer({ min: 0, max: 8 }),
  });
  const dayOf = (at: number): number => Math.floor((at - MIDNIGHT) / DAY_MS);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const use = new DayUse();
      let now = MIDNIGHT;
      let groups: Tally[] = [];
      // By hand: every token that was taken, its group, and the day on which that was.
      let taken: { group: Tally; credit: Credit; day: number }[] = [];
      for (const { what, which, credit, hours } of steps) {
        if (what === 'begin') {
          now += hours * 3_600_000;
          groups.push(use.begin('api', now));
        }
        const group = groups[which % Math.max(1, groups.length)];
        if (!group) continue;
        const day = dayOf(now);
        if (what === 'take' && use.take(group, rules, credit) === null) taken.push({ group, credit, day });
        if (what === 'put back') {
          use.putBack(group);
          taken = taken.filter((one) => one.group !== group);
        }
        if (what === 'put back' || what === 'keep') groups = groups.filter((one) => one !== group);
        const sum = { requests: 0, 0: 0n, 4: 0n };
        for (const one of taken.filter((each) => each.day === day)) {
          sum.requests += 1;
          sum[one.credit.subclass] += one.credit.units;
        }
        expect(sum.requests <= 6 && sum[0] <= 250n && sum[4] <= 5_000n).toBe(true);
        const counted = use.today(now).get('api');
        expect([counted?.requests ?? 0, counted?.energyTenthsKwh ?? 0n]).toEqual([sum.requests, sum[0]]);
      }
    }),
    { numRuns: 500 },
  );
});
