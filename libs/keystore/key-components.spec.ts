// Proves how a key is put together from what two people know: known values, DES parity, and components that would give one person the whole key.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { assertCheckValue, combineComponents, parseComponent } from './key-components';
import { refusalCodeOf } from './keystore.fixture';
import { assertVendingKey, checkValue } from './vending-key';

const read = (dkga: 2 | 4, text: string) => parseComponent(dkga, Buffer.from(text));

it('is the XOR of both, with their check value', () => {
  const a = read(4, '0102030405060708090a0b0c0d0e0f1011121314');
  const b = read(4, 'FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF');
  const { value, kcv } = combineComponents(4, a, b);
  expect(value.toString('hex')).toBe('fefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedeceb');
  expect(kcv).toBe(checkValue(4, value));
});

it('gives a 64-bit key odd parity, which its check value does not depend on', () => {
  const { value, kcv } = combineComponents(2, read(2, '0123456789abcdef'), read(2, 'fedcba9876543210'));
  expect(value.toString('hex')).toBe('fefefefefefefefe');
  expect(checkValue(2, Buffer.alloc(8, 0xff))).toBe(kcv);
});

it('makes a valid key of any two different components, and does not care who comes first', () => {
  fc.assert(
    fc.property(fc.constantFrom<2 | 4>(2, 4), (dkga) => {
      const length = dkga === 2 ? 8 : 20;
      const [a, b] = [randomBytes(length), randomBytes(length)];
      const key = { sgc: '201457', krn: 1, kind: 'VUDK', dkga, baseDate: 2014, ken: 255 } as const;
      const { value } = combineComponents(dkga, a, b);
      assertVendingKey(key, value);
      expect(combineComponents(dkga, b, a).value).toEqual(value);
    }),
    { numRuns: 100 },
  );
});

it.each([
  ['too short', '0123456789abcde', 'component-malformed'],
  ['too long', '0123456789abcdef0', 'component-malformed'],
  ['not hexadecimal', '0123456789abcdeg', 'component-malformed'],
  ['empty', '', 'component-malformed'],
  ['all zeros', '0000000000000000', 'component-weak'],
])('refuses a component that is %s', async (_how, text, code) => {
  expect(await refusalCodeOf(() => read(2, text))).toBe(code);
});

it('refuses two equal components', async () => {
  const a = read(2, '0123456789abcdef');
  expect(await refusalCodeOf(() => combineComponents(2, a, Buffer.from(a)))).toBe('component-weak');
});

it('compares check values in either case', async () => {
  assertCheckValue('ABC123', 'abc123');
  expect(await refusalCodeOf(() => assertCheckValue('ABC123', 'ABC124'))).toBe('check-value-mismatch');
});
