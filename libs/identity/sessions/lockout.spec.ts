// Proves the rule of the lock-out with a hand-moved clock: free attempts, delays that double up to a bound, an end by
// silence, and that nothing is counted while locked.
import { ACCOUNT_RULE, ADDRESS_RULE, attempted, type Failures } from './lockout';

const T = 1_800_000_000_000;
/** So many failures, each at the first moment it is looked at. @returns the delays in seconds */
function delays(count: number, rule = ACCOUNT_RULE): number[] {
  let known: Failures | undefined;
  let at = T;
  return Array.from({ length: count }, () => {
    const next = attempted(known, rule, at);
    if (next === 'locked') throw new Error('looked at too early');
    known = next;
    const delayMs = next.lockedUntil === null ? 0 : next.lockedUntil - at;
    at += delayMs;
    return delayMs / 1000;
  });
}

it('doubles from the fifth failure of an account on, up to a quarter of an hour', () => {
  expect(delays(12)).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
  expect(delays(2_000).at(-1)).toBe(900);
});

it('gives an address more, because many people are behind it', () => {
  expect(delays(21, ADDRESS_RULE).slice(-3)).toEqual([0, 30, 60]);
});

it('counts nothing while locked, and looks again the moment it ends', () => {
  const locked: Failures = { failures: 5, failedAt: T, lockedUntil: T + 30_000 };
  expect(attempted(locked, ACCOUNT_RULE, T + 29_999)).toBe('locked');
  expect(attempted(locked, ACCOUNT_RULE, T + 30_000)).toMatchObject({ failures: 6, lockedUntil: T + 90_000 });
});

it('forgets after a day of silence', () => {
  const known: Failures = { failures: 9, failedAt: T, lockedUntil: T + 480_000 };
  expect(attempted(known, ACCOUNT_RULE, T + 24 * 3_600_000)).toEqual({
    failures: 1,
    failedAt: T + 24 * 3_600_000,
    lockedUntil: null,
  });
});
