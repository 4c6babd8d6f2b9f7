// Proves that a load in kW becomes exact watts and back, and that a mobile number has one stored form.
import fc from 'fast-check';
import { formatKw, parseKw } from './connection';
import { normaliseMobile } from './mobile';

describe('a sanctioned load', () => {
  it.each([
    ['0.5', 500n],
    ['2', 2_000n],
    ['2.125', 2_125n],
    ['40', 40_000n],
    ['999999.999', 999_999_999n],
  ])('%s kW is %s W', (text, watts) => {
    expect(parseKw(text)).toBe(watts);
  });

  it.each(['', '0', '0.000', '-1', '1.0005', '1e3', '1,5', '.5', '2.', ' 2', '1000000'])('%j is none', (text) => {
    expect(parseKw(text)).toBeUndefined();
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 999_999_999n }), (watts) => {
        expect(parseKw(formatKw(watts))).toBe(watts);
      }),
    );
    expect(formatKw(7_500n)).toBe('7.5');
    expect(formatKw(10_000n)).toBe('10');
  });
});

describe('a mobile number', () => {
  it.each(['01700000001', '8801700000001'])('%s is stored as 8801700000001', (text) => {
    expect(normaliseMobile(text)).toBe('8801700000001');
  });

  it.each([
    '',
    '1700000001',
    '+8801700000001',
    '008801700000001',
    '01200000001',
    '0170000000',
    '017000000011',
    '0170000000a',
  ])('%j is none', (text) => {
    expect(normaliseMobile(text)).toBeUndefined();
  });
});
