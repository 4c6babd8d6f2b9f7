/* Proves that what a clerk types in a count comes to the paisa that the server will find, and that a slip of the finger is no number. */
import fc from 'fast-check';
import { countOf, lessOf, PIECES, takaOf } from './pieces';

const taka = (paisa: bigint) => {
  const text = (paisa < 0n ? -paisa : paisa).toString().padStart(3, '0');
  return `${paisa < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
};

it('adds up what was typed', () => {
  const counts = fc.dictionary(fc.constantFrom(...PIECES), fc.integer({ min: 0, max: 99_999 }));
  fc.assert(
    fc.property(counts, fc.integer({ min: 0, max: 99 }), (pieces, coins) => {
      const typed = Object.fromEntries(Object.entries(pieces).map(([piece, count]) => [piece, String(count)]));
      const count = countOf({ pieces: typed, coins: `0.${String(coins).padStart(2, '0')}` })!;
      const notes = Object.entries(pieces).reduce((sum, [piece, n]) => sum + BigInt(piece) * 100n * BigInt(n), 0n);
      expect(takaOf(count)).toBe(taka(notes + BigInt(coins)));
    }),
  );
  expect(takaOf({ pieces: {}, coins: '0.5' })).toBe('0.50');
});

it('takes one sum from another', () => {
  const paisa = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n });
  fc.assert(fc.property(paisa, paisa, (a, b) => expect(lessOf(taka(a), taka(b))).toBe(taka(a - b))));
});

it('reads an empty form as nothing, and no number as none', () => {
  expect(countOf({ pieces: { '500': '' }, coins: '' })).toEqual({ pieces: {}, coins: '0' });
  for (const typed of ['1,5', '-1', 'x', '123456'])
    expect(countOf({ pieces: { '500': typed }, coins: '' })).toBeUndefined();
  for (const coins of ['100', '1.234', '.5']) expect(countOf({ pieces: {}, coins })).toBeUndefined();
});
