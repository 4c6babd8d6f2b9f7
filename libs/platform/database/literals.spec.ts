/* Proves that values written into a statement's text are written as the driver writes them, whatever they hold. */
import fc from 'fast-check';
import { escape } from 'mysql2';
import { newId } from '@vend/kernel';
import { hexLiteral, idLiteral, instantLiteral, integerLiteral, textLiteral } from './literals';

it('writes every text as the driver does', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom(...'\0\b\t\n\r\x1a"\'\\%_?;', 'রহিম'),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
      expect(textLiteral(units.join(''))).toBe(escape(units.join('')));
    }),
    { numRuns: 2_000 },
  );
  expect(textLiteral(null)).toBe('NULL');
});

it('writes ids, bytes and numbers as the driver does', () => {
  const id = newId();
  const hex = id.replaceAll('-', '');
  expect(idLiteral(id).toUpperCase()).toBe(escape(Buffer.from(hex, 'hex')).toUpperCase());
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect(hexLiteral(buffer.toString('hex')).toUpperCase()).toBe(escape(buffer).toUpperCase());
    }),
  );
  expect(integerLiteral(-7)).toBe('-7');
  expect(integerLiteral(9_007_199_254_740_993n)).toBe('9007199254740993');
});

it('writes an instant as the driver does in UTC', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (at) => {
      expect(instantLiteral(at)).toBe(escape(new Date(at), false, 'Z'));
    }),
  );
});

it.each([
  ['hexadecimal with an end of its own', () => hexLiteral("00' OR 1")],
  ['half a byte', () => hexLiteral('abc')],
  ['no id', () => idLiteral('1')],
  ['an id with something in it', () => idLiteral("0193-8c1-6b2e-7c31-9f0e-3d5c1c0b7' x")],
  ['a fraction', () => integerLiteral(1.5)],
  ['no number', () => integerLiteral(NaN)],
])('refuses %s', (_, write) => {
  expect(write).toThrow(RangeError);
});
