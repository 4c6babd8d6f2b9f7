/* Proves how amounts at the edge are read: what is refused and why, and that what is accepted is exact. */
import fc from 'fast-check';
import { formatTaka } from '@vend/kernel';
import { amountFault, readAmount } from './amount';

const MAXIMUM = 5_000_000n;

it.each([
  ['', 'amount-not-a-number'],
  ['abc', 'amount-not-a-number'],
  [' 10', 'amount-not-a-number'],
  ['1e3', 'amount-not-a-number'],
  ['+5', 'amount-not-a-number'],
  ['1,000', 'amount-not-a-number'],
  ['.5', 'amount-not-a-number'],
  ['5.', 'amount-not-a-number'],
  ['১০০', 'amount-not-a-number'],
  [1000, 'amount-not-a-number'],
  [null, 'amount-not-a-number'],
  [undefined, 'amount-not-a-number'],
  [{}, 'amount-not-a-number'],
  ['9'.repeat(41), 'amount-not-a-number'],
  ['10.001', 'amount-too-many-decimals'],
  ['-10.001', 'amount-too-many-decimals'],
  ['0', 'amount-not-positive'],
  ['0.00', 'amount-not-positive'],
  ['-1', 'amount-not-positive'],
  ['-0.01', 'amount-not-positive'],
  ['0.01', undefined],
  ['1000', undefined],
  ['1000.5', undefined],
])('%j: %s', (value, fault) => {
  expect(amountFault(value)).toBe(fault);
});

it.each(['50000.01', '50001', '99999999999999999999.00', '9'.repeat(40)])('%s is above the limit', (text) => {
  expect(() => readAmount(text, MAXIMUM)).toThrow(
    expect.objectContaining({ code: 'above-maximum-recharge', facts: { maximumTaka: '50000.00' } }),
  );
});

it('takes the limit itself, and leading zeros of any length', () => {
  expect(readAmount('50000.00', MAXIMUM)).toBe(MAXIMUM);
  expect(readAmount('000000000000000000000100', MAXIMUM)).toBe(10_000n);
});

it('reads back every amount as it was written', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, MAXIMUM), (paisa) => {
      const text = formatTaka(paisa);
      expect(amountFault(text)).toBeUndefined();
      expect(readAmount(text, MAXIMUM)).toBe(paisa);
    }),
  );
});
