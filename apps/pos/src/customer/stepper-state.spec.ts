/* Proves that tokens are walked one at a time, forward only by what the meter did, whatever is pressed in whatever order, and that every meter error says what it means and what to do. */
import fc from 'fast-check';
import { METER_ERRORS } from './meter-errors';
import { spokenDigits } from './speech';
import { moved, resumed, type StepperMove } from './stepper-state';

const USED = METER_ERRORS.find(({ shown }) => shown === 'USED')!;
const REJECT = METER_ERRORS.find(({ shown }) => shown === 'REJECT')!;
const walk = (...moves: StepperMove[]) => moves.reduce(moved, resumed(3, 0));

it('goes on when the meter took it, and to the end', () => {
  expect(walk({ kind: 'accepted' })).toMatchObject({ at: 1, phase: 'typing' });
  expect(walk({ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'accepted' }, { kind: 'accepted' }).at).toBe(3);
});

it('stays at a refused token, tells what it means, and passes one that was used', () => {
  const told = walk({ kind: 'refused' }, { kind: 'chose', error: REJECT });
  expect(told).toEqual({ at: 0, count: 3, phase: 'told', error: REJECT });
  expect(moved(told, { kind: 'next' })).toBe(told);
  expect(moved(told, { kind: 'again' })).toMatchObject({ at: 0, phase: 'typing' });
  expect(walk({ kind: 'refused' }, { kind: 'chose', error: USED }, { kind: 'next' })).toMatchObject({ at: 1 });
});

it('takes up where it was left, never outside', () => {
  expect([resumed(3, 2).at, resumed(3, 9).at, resumed(3, -1).at]).toEqual([2, 3, 0]);
});

it('moves by one token at most, and forward only by a word of the meter', () => {
  const move: fc.Arbitrary<StepperMove> = fc.oneof(
    fc.constantFrom<StepperMove>({ kind: 'accepted' }, { kind: 'refused' }, { kind: 'again' }, { kind: 'next' }),
    fc.constant<StepperMove>({ kind: 'previous' }),
    fc.constantFrom(...METER_ERRORS).map((error): StepperMove => ({ kind: 'chose', error })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 13 }), fc.array(move, { maxLength: 60 }), (count, moves) => {
      let stepper = resumed(count, 0);
      for (const each of moves) {
        const next = moved(stepper, each);
        const step = next.at - stepper.at;
        if (step > 0) expect([step, ['accepted', 'next'].includes(each.kind)]).toEqual([1, true]);
        if (step < 0) expect([step, each.kind]).toEqual([-1, 'previous']);
        expect(next.at).toBeLessThanOrEqual(count);
        expect(next.phase === 'told').toBe(next.error !== null);
        stepper = next;
      }
    }),
  );
});

it.each(METER_ERRORS)('$shown is explained in both languages', ({ name, means }) => {
  for (const text of [name, means]) {
    expect(text.bn).toMatch(/[\u0980-\u09ff]/);
    expect(text.en).not.toMatch(/[\u0980-\u09ff]/);
  }
  expect(means.bn).not.toMatch(/[A-Za-z]/);
});

it('reads digits aloud one by one, in groups of four with a pause between', () => {
  expect(spokenDigits('57261029')).toBe('পাঁচ সাত দুই ছয়, এক শূন্য দুই নয়');
  expect(spokenDigits('12345678901234567890').split(', ')).toHaveLength(5);
});
