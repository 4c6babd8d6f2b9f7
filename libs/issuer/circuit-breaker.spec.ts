// Proves the breaker's walk closed -> open -> probe on a clock that the test turns.
import { CircuitBreaker } from './circuit-breaker';

let nowMs = 0;
let breaker: CircuitBreaker;

beforeEach(() => {
  nowMs = 5_000;
  breaker = new CircuitBreaker({ openMs: 1_000, missedDeadlines: 3, now: () => nowMs });
});

it('lets calls pass while all is well', () => {
  for (let i = 0; i < 10; i += 1) {
    expect(breaker.admits()).toBe(true);
    breaker.succeeded();
  }
});

it('refuses at once for a second after a lost connection, then lets one probe pass', () => {
  expect(breaker.admits()).toBe(true);
  breaker.connectionFailed();
  expect(breaker.admits()).toBe(false);
  nowMs += 999;
  expect(breaker.admits()).toBe(false);
  nowMs += 1;
  expect(breaker.admits()).toBe(true);
  expect(breaker.admits()).toBe(false);
});

it('closes when the probe succeeds', () => {
  breaker.connectionFailed();
  nowMs += 1_000;
  breaker.admits();
  breaker.succeeded();
  expect([breaker.admits(), breaker.admits()]).toEqual([true, true]);
});

it.each(['connectionFailed', 'deadlineMissed'] as const)(
  'opens for another second when the probe ends in %s',
  (end) => {
    breaker.connectionFailed();
    nowMs += 1_000;
    breaker.admits();
    breaker[end]();
    nowMs += 999;
    expect(breaker.admits()).toBe(false);
    nowMs += 1;
    expect(breaker.admits()).toBe(true);
  },
);

it('opens after three missed deadlines in a row, not after three in all', () => {
  breaker.deadlineMissed();
  breaker.deadlineMissed();
  breaker.succeeded();
  breaker.deadlineMissed();
  breaker.deadlineMissed();
  expect(breaker.admits()).toBe(true);
  breaker.deadlineMissed();
  expect(breaker.admits()).toBe(false);
});
