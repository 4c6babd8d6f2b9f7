// Proves that meter numbers are read as IEC 62055-41 has them, on published check digits and numbers, and that
// any single wrong digit and any swap of neighbours but 09/90 is caught.
import fc from 'fast-check';
import { hasLuhnDigit, looksLikeDrn, looksLikePan, luhnCheckDigit, meterNumber, parseMeterNumber } from './identity';

// STS.md 7: published check digits.
const CHECK_DIGITS = [
  ['1234567890', '3'],
  ['1111111111', '5'],
  ['010000000000', '8'],
  ['60072700000000000', '9'],
  ['00000100000000008', '2'],
  ['60072711111111115', '3'],
] as const;
// STS.md 7: test meters.
const METERS = [
  { pan: '600727000000000009', drn: '00000000000', manufacturer: '00' },
  { pan: '000001000000000082', drn: '0100000000008', manufacturer: '0100' },
  { pan: '600727111111111153', drn: '11111111115', manufacturer: '11' },
] as const;

const serial = fc.integer({ min: 0, max: 99_999_999 }).map((n) => String(n).padStart(8, '0'));
const manufacturer = fc.oneof(
  fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0')),
  fc.integer({ min: 0, max: 9_999 }).map((n) => String(n).padStart(4, '0')),
);

describe("Luhn's digit", () => {
  it.each(CHECK_DIGITS)('of %s is %s', (digits, check) => {
    expect(luhnCheckDigit(digits)).toBe(check);
    expect(hasLuhnDigit(digits + check)).toBe(true);
  });

  it.each(['12345678904', '11111111113'])('does not fit %s', (text) => {
    expect(hasLuhnDigit(text)).toBe(false);
  });

  it.each(['', '12a4', ' 1234', '１２'])('refuses %j, which is not digits', (text) => {
    expect(() => luhnCheckDigit(text)).toThrow(RangeError);
  });

  it('catches every single wrong digit', () => {
    fc.assert(
      fc.property(serial, fc.nat(7), fc.integer({ min: 1, max: 9 }), (text, at, by) => {
        const good = text + luhnCheckDigit(text);
        const wrong = good.slice(0, at) + ((Number(good[at]) + by) % 10) + good.slice(at + 1);
        expect(hasLuhnDigit(wrong)).toBe(false);
      }),
    );
  });
});

describe('a meter number', () => {
  it.each(METERS)('$pan and $drn are the same meter', (meter) => {
    expect(parseMeterNumber(meter.pan)).toEqual(meter);
    expect(parseMeterNumber(meter.drn)).toEqual(meter);
  });

  it('is made of any manufacturer and serial, and read back from either form', () => {
    fc.assert(
      fc.property(manufacturer, serial, (code, text) => {
        const made = meterNumber(code, text);
        expect(made.pan).toHaveLength(18);
        expect(made.drn.slice(0, -1)).toBe(code + text);
        expect(made.manufacturer).toBe(code);
        expect(parseMeterNumber(made.pan)).toEqual(made);
        expect(parseMeterNumber(made.drn)).toEqual(made);
      }),
    );
  });

  it.each([
    ['600727000000000008', 'the last digit'],
    ['600727111111111146', 'the inner digit, the outer one fitting'],
    ['11111111113', 'the digit of a DRN'],
  ])('%s: %s is wrong', (text) => {
    expect(() => parseMeterNumber(text)).toThrow(expect.objectContaining({ code: 'meter-check-digit-wrong' }));
  });

  it.each([
    '',
    '123',
    '60072700000000000',
    '6007270000000000090',
    '500727000000000009',
    '60072700000000000x',
    '111111111119',
  ])('%j is no meter number', (text) => {
    expect(() => parseMeterNumber(text)).toThrow(expect.objectContaining({ code: 'meter-number-invalid' }));
  });

  it('needs a manufacturer code of two or four digits and a serial of eight', () => {
    expect(() => meterNumber('123', '12345678')).toThrow(RangeError);
    expect(() => meterNumber('12', '1234567')).toThrow(RangeError);
  });

  it('is told from a customer number by its form alone', () => {
    expect(looksLikePan('600727000000000008')).toBe(true);
    expect(looksLikePan('610000010000000000')).toBe(false);
    expect(looksLikeDrn('11111111113')).toBe(true);
    expect(looksLikeDrn('61000001')).toBe(false);
  });
});
