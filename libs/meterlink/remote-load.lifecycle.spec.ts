/* Proves that a remote load moves only as its table says, and that a head-end's word leads where it should from every state, by walking all of them. */
import {
  assertLoadMove,
  mayMove,
  REMOTE_LOAD_MOVES,
  REMOTE_LOAD_STATES,
  stepsOf,
  type RemoteLoadState,
} from './remote-load.lifecycle';

const pairs = REMOTE_LOAD_STATES.flatMap((from) => REMOTE_LOAD_STATES.map((to) => [from, to] as const));

it.each(pairs)('%s to %s: allowed only when the table has it', (from, to) => {
  const listed = (REMOTE_LOAD_MOVES[from] as readonly RemoteLoadState[]).includes(to);
  expect(mayMove(from, to)).toBe(listed);
  if (listed) expect(() => assertLoadMove(from, to)).not.toThrow();
  else expect(() => assertLoadMove(from, to)).toThrow(`from ${from} to ${to}`);
});

it('keeps LOADED for ever', () => {
  expect(REMOTE_LOAD_MOVES.LOADED).toEqual([]);
});

it.each([
  ['UNSENT', 'loaded', ['SENT', 'LOADED']],
  ['UNSENT', 'failed', ['FAILED']],
  ['SENT', 'loaded', ['LOADED']],
  ['SENT', 'failed', ['FAILED']],
  ['LOADED', 'loaded', []],
  ['LOADED', 'failed', []],
  ['FAILED', 'loaded', ['LOADED']],
  ['FAILED', 'failed', []],
] as const)('%s, and the head-end says %s: %j, each a move of the table', (state, word, steps) => {
  expect(stepsOf(state, word)).toEqual(steps);
  const walk = [state, ...steps];
  for (const [place, to] of steps.entries()) expect(mayMove(walk[place]!, to)).toBe(true);
});
