/* Proves by a law and by known cases that nothing is done more often than its rule allows within a window, and that whoever must wait is told until when. */
import fc from 'fast-check';
import { nextTurn, subjectOf, type Turns } from './limits';

const RULE = { max: 5, windowMs: 60_000 };

it.each<[Turns, number, Turns | number]>([
  [{ beganAt: 0, n: 0 }, 500, { beganAt: 500, n: 1 }],
  [{ beganAt: 500, n: 4 }, 900, { beganAt: 500, n: 5 }],
  [{ beganAt: 500, n: 5 }, 20_500, 40],
  [{ beganAt: 500, n: 5 }, 60_499, 1],
  [{ beganAt: 500, n: 5 }, 60_500, { beganAt: 60_500, n: 1 }],
])('%j at %d', (turns, at, next) => expect(nextTurn(turns, RULE, at)).toEqual(next));

it('lets through at most twice the rule in any window, and who waits as told is let through', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 200 }), (waits) => {
      let turns: Turns = { beganAt: 0, n: 0 };
      let at = 1_000;
      const passed: number[] = [];
      for (const wait of waits) {
        at += wait;
        const next = nextTurn(turns, RULE, at);
        if (typeof next === 'number') {
          expect(typeof nextTurn(turns, RULE, at + next * 1_000)).toBe('object');
          continue;
        }
        turns = next;
        passed.push(at);
      }
      for (const from of passed) {
        expect(passed.filter((each) => each >= from && each < from + RULE.windowMs).length).toBeLessThanOrEqual(10);
      }
    }),
  );
});

it('names what is counted apart, by kind and by value, and shows neither', () => {
  const names = [['ask-phone', '1'], ['ask-meter', '1'], ['ask-phone', '2']].map(([kind, value]) => subjectOf(kind!, value!)); // prettier-ignore
  expect(new Set(names.map((name) => name.toString('hex'))).size).toBe(3);
  expect(names.every((name) => name.length === 32)).toBe(true);
});
