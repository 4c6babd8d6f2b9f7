/* Proves that a meter's TIDs only rise, never fall on 00:01, and stop at the bounds: by examples and by law. */
import * as fc from 'fast-check';
import { nextTid } from './tid';

const code = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it.each([
  ['the first token takes the minute of the clock', 0, 6_778_695, 6_778_695],
  ['a second token in the same minute takes the next', 6_778_695, 6_778_695, 6_778_696],
  ['a clock that jumped back changes nothing', 6_778_695, 6_000_000 + 778_600, 6_778_696],
  ['00:01 is kept for special tokens', 0, 1_440 * 4_000 + 1, 1_440 * 4_000 + 2],
  ['also when the run ahead reaches it', 1_440 * 4_000, 1_440 * 4_000, 1_440 * 4_000 + 2],
  ['the last one there is', 0, 0xffffff, 0xffffff],
])('%s', (_what, last, now, expected) => expect(nextTid(last, now, 120)).toBe(expected));

it('refuses before the base date, past FFFFFF and too far ahead', () => {
  expect(code(() => nextTid(0, -1, 120))).toBe('tid-exhausted');
  expect(code(() => nextTid(0, 0x1000000, 120))).toBe('tid-exhausted');
  expect(code(() => nextTid(0xffffff, 0xffffff, 120))).toBe('tid-exhausted');
  expect(nextTid(1_000_119, 1_000_000, 120)).toBe(1_000_120);
  expect(code(() => nextTid(1_000_120, 1_000_000, 120))).toBe('tid-too-far-ahead');
});

it('rises strictly under any clock', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 5_000_000, max: 5_000_100 }), { maxLength: 60 }), (clock) => {
      let last = 0;
      for (const now of clock) {
        const tid = nextTid(last, now, 1_000);
        expect(tid).toBeGreaterThan(last);
        expect(tid % 1_440).not.toBe(1);
        last = tid;
      }
    }),
  );
});
