// Proves that a flood of refusals leaves a bounded number of lines a minute, and that none is left out uncounted.
import { RefusalLines } from './refusal-lines';

it('writes the first of a minute and counts the others into the next line', () => {
  const lines = new RefusalLines(2);
  expect([1, 2, 3, 4, 5].map((ms) => lines.admit('api', ms))).toEqual([{}, {}, null, null, null]);
  expect(lines.admit('worker', 6)).toEqual({});
  expect(lines.admit('api', 60_000)).toBeNull();
  expect(lines.admit('api', 60_001)).toEqual({ leftOut: 4 });
  expect(lines.admit('api', 60_002)).toEqual({});
});

it('starts a new minute when the clock is set back', () => {
  const lines = new RefusalLines(1);
  lines.admit('api', 1_000_000);
  expect(lines.admit('api', 1_000_001)).toBeNull();
  expect(lines.admit('api', 999_999)).toEqual({ leftOut: 1 });
});
