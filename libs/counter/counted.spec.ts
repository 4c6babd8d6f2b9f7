/* Proves that counted cash comes to what its pieces are worth, to the paisa, and that nothing else is taken for a count. */
import fc from 'fast-check';
import { isDomainError } from '@vend/kernel';
import { countedPaisa, DENOMINATIONS } from './counted';

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return isDomainError(error) ? error.code : String(error);
  }
};

it('adds up any count', () => {
  const pieces = fc.dictionary(fc.constantFrom(...DENOMINATIONS.map(String)), fc.integer({ min: 0, max: 5_000 }));
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 9_999 }), (counted, coins) => {
      const notes = Object.entries(counted).reduce((sum, [taka, count]) => sum + Number(taka) * count, 0);
      const text = `${Math.floor(coins / 100)}.${String(coins % 100).padStart(2, '0')}`;
      expect(countedPaisa({ pieces: counted, coins: text })).toBe(BigInt(notes * 100 + coins));
    }),
  );
});

it('counts a drawer', () => {
  expect(countedPaisa({ pieces: { '500': 3, '20': 1 }, coins: '0.50' })).toBe(152_050n);
  expect(countedPaisa({ pieces: {}, coins: '0' })).toBe(0n);
});

it.each([
  ['a note that there is not', { pieces: { '250': 1 }, coins: '0' }],
  ['a name with a nought before it', { pieces: { '0500': 1 }, coins: '0' }],
  ['half a note', { pieces: { '500': 0.5 }, coins: '0' }],
  ['less than none', { pieces: { '500': -1 }, coins: '0' }],
  ['no number', { pieces: { '500': Number.NaN }, coins: '0' }],
  ['more than a drawer holds', { pieces: { '500': 100_001 }, coins: '0' }],
  ['a text for a number', { pieces: { '500': '3' as unknown as number }, coins: '0' }],
  ['coins that are none', { pieces: {}, coins: '1,5' }],
  ['coins beyond 99.99', { pieces: {}, coins: '100' }],
])('refuses %s', (_what, counted) => {
  expect(codeOf(() => countedPaisa(counted))).toBe('count-malformed');
});
