// Proves that every attribute of keys, meter numbers, times and amounts has its refusals: each row changes one thing of a
// good request and names the code expected.
import {
  DecoderKey,
  VendingKey,
  deriveDecoderKey,
  encodeAmount16,
  encodeAmount20,
  encodeCredit,
  formatCreditAmount,
  makeDrn,
  meterPanOfDrn,
  nextTid,
  parseCivilMinute,
  parseCreditAmount,
  parseMeterPan,
  tidAt,
} from './index';
import { inspect } from 'node:util';
import { AT, GOOD, KEY04, TID, codeOf, keyOf } from './sts.fixture';

describe('a decoder key request', () => {
  it.each<[string, object]>([
    ['taken', {}],
    ['taken', { dkga: '04', vendingKey: KEY04 }],
    ['taken', { dkga: '04', vendingKey: KEY04, ea: '11' }],
    ['taken', { kt: 3 }],
    ['bad-pan', { pan: '60072700000000000' }],
    ['bad-pan', { pan: '6007270000000000090' }],
    ['bad-pan', { pan: '60072700000000000x' }],
    ['bad-pan', { pan: '600728000000000009' }],
    ['bad-pan', { pan: '100000000000000009' }],
    ['bad-pan', { pan: 600727 }],
    ['bad-pan', { pan: undefined }],
    ['pan-check-digit', { pan: '600727000000000008' }],
    ['drn-check-digit', { pan: '600727000000000017' }],
    ['bad-sgc', { sgc: '12345' }],
    ['bad-sgc', { sgc: '12345a' }],
    ['bad-sgc', { sgc: 123456 }],
    ['bad-ti', { ti: 100 }],
    ['bad-ti', { ti: -1 }],
    ['bad-ti', { ti: 1.5 }],
    ['bad-ti', { ti: '01' }],
    ['bad-krn', { krn: 0 }],
    ['bad-krn', { krn: 10 }],
    ['bad-krn', { krn: Number.NaN }],
    ['bad-kt', { kt: 4 }],
    ['bad-kt', { kt: -1 }],
    ['bad-kt', { kt: undefined }],
    ['bad-ken', { ken: 256 }],
    ['bad-ken', { ken: -1 }],
    ['bad-base-date', { baseDate: 2013 }],
    ['bad-base-date', { baseDate: 14 }],
    ['bad-ea', { ea: '08' }],
    ['bad-ea', { ea: 7 }],
    ['unsupported-ea', { ea: '09' }],
    ['bad-dkga', { dkga: '05' }],
    ['bad-dkga', { dkga: undefined }],
    ['unsupported-dkga', { dkga: '01' }],
    ['unsupported-dkga', { dkga: '03' }],
    ['ea-dkga-mismatch', { ea: '11' }],
    ['bad-vending-key', { dkga: '04' }],
    ['bad-vending-key', { vendingKey: KEY04 }],
    ['unsupported-common-key', { dkga: '04', vendingKey: KEY04, kt: 3 }],
    ['dkga01-meter', { kt: 3, sgc: '100702' }],
    ['dkga01-meter', { kt: 3, sgc: '990403' }],
    ['taken', { kt: 3, sgc: '990406' }],
    ['taken', { kt: 3, sgc: '990403', krn: 2 }],
  ])('%s %j', (code, change) => {
    expect(codeOf(() => keyOf(change))).toBe(code);
  });

  it.each(['', 'ab', 'abababababababa', 'abababababababag', 'ab'.repeat(16), 'ab'.repeat(21), ' ab'.repeat(8)])(
    'refuses the vending key of %j',
    (hex) => {
      expect(codeOf(() => VendingKey.fromHex(hex))).toBe('bad-vending-key');
    },
  );

  it.each<[string, '07' | '11', string]>([
    ['taken', '07', 'e653341f9d5bf36f'],
    ['bad-decoder-key', '07', 'e653341f9d5bf36fe653341f9d5bf36f'],
    ['bad-decoder-key', '11', 'e653341f9d5bf36f'],
    ['bad-decoder-key', '07', 'e653341f9d5bf36z'],
  ])('%s: a decoder key for EA%s', (code, ea, hex) => {
    expect(codeOf(() => DecoderKey.fromHex(hex, { ...GOOD, ea }))).toBe(code);
  });
});

describe('numbers of meters', () => {
  it.each<[string, () => unknown]>([
    ['taken', () => parseMeterPan('600727111111111153')],
    ['bad-drn', () => meterPanOfDrn('123456789012')],
    ['drn-check-digit', () => meterPanOfDrn('12345678904')],
    ['drn-check-digit', () => meterPanOfDrn('11111111113')],
    ['taken', () => meterPanOfDrn('12345678903')],
    ['bad-manufacturer', () => makeDrn('1', '12345678')],
    ['bad-manufacturer', () => makeDrn('123', '12345678')],
    ['bad-drn', () => makeDrn('01', '1234567')],
  ])('%s %s', (code, act) => {
    expect(codeOf(act)).toBe(code);
  });

  it('go from DRN to PAN and back', () => {
    expect(meterPanOfDrn('01123456780')).toBe('600727011234567804');
    expect(parseMeterPan(meterPanOfDrn(makeDrn('0123', '45678901')))).toMatchObject({ iin: '0000', manufacturer: 123 });
  });
});

describe('times', () => {
  it.each([
    '',
    '2026-11-21',
    '0026-11-21T10:15',
    '2026-00-21T10:15',
    '2026-04-31T10:15',
    '2026-11-00T10:15',
    '2100-02-29T10:15',
    '2026-11-21T10',
    '2026-02-30T10:15',
    '2025-02-29T10:15',
    '2026-13-01T10:15',
    '2026-11-21T24:00',
    '2026-11-21T10:60',
    '2026-11-21T10:15Z',
    '2026-11-21T10:15+06:00',
    '2026-11-21T10:15:60',
    '21-11-2026 10:15',
    ' 2026-11-21T10:15',
  ])('refuses %j', (text) => {
    expect(codeOf(() => parseCivilMinute(text))).toBe('bad-time');
  });

  it('end with the base date and never wrap', () => {
    expect(tidAt(2014, parseCivilMinute('2045-11-24T20:15'))).toBe(0xffffff);
    expect(codeOf(() => tidAt(2014, parseCivilMinute('2045-11-24T20:16')))).toBe('tid-exhausted');
    expect(codeOf(() => tidAt(2014, parseCivilMinute('2013-12-31T23:59')))).toBe('before-base-date');
    expect(codeOf(() => nextTid(2014, parseCivilMinute('2045-11-24T20:15'), 0xffffff))).toBe('tid-exhausted');
    expect(codeOf(() => nextTid(2014, AT, 0x1000000))).toBe('bad-tid');
    expect(tidAt(2014, parseCivilMinute('2014-01-01T00:01'), true)).toBe(1);
    expect(parseCivilMinute('2024-02-29 23:59:59')).toBe(parseCivilMinute('2024-02-29T23:59'));
  });
});

describe('amounts in words', () => {
  it.each(['', '-', '.', '1.', '.5', '1e3', '+1', '1,000', ' 1', '1 ', '0x10', '--1', 'NaN', '1.2.3', '9'.repeat(65)])(
    'refuses %j',
    (text) => {
      expect(codeOf(() => parseCreditAmount(0, text))).toBe('bad-amount');
    },
  );

  it('round towards the customer, exactly', () => {
    expect(parseCreditAmount(0, '25.6')).toBe(256n);
    expect(parseCreditAmount(0, '25.60000')).toBe(256n);
    expect(parseCreditAmount(0, '25.6000000000000000000000001')).toBe(257n);
    expect(parseCreditAmount(4, '-0.000019')).toBe(-1n);
    expect(parseCreditAmount(4, '007')).toBe(700_000n);
    expect(formatCreditAmount(4, -99_994n)).toBe('-0.99994');
    expect(formatCreditAmount(0, 3n)).toBe('0.3');
    expect(encodeAmount20(-0).field).toBe(0);
    expect(encodeAmount16(16_385n).units).toBe(16_394n);
    expect(codeOf(() => parseCreditAmount(8, '1'))).toBe('bad-subclass');
  });
});

it('wiped keys refuse, and keys never print themselves', () => {
  const vendingKey = VendingKey.fromHex('abababababababab');
  const key = deriveDecoderKey({ ...GOOD, vendingKey });
  for (const shown of [JSON.stringify(key), JSON.stringify(vendingKey), inspect(key), inspect(vendingKey)]) {
    expect(shown).not.toMatch(/abab|e653|9d5b/);
  }
  vendingKey.wipe();
  key.wipe();
  expect(codeOf(() => deriveDecoderKey({ ...GOOD, vendingKey }))).toBe('key-destroyed');
  expect(codeOf(() => encodeCredit(key, { subclass: 0, tid: TID, rnd: 5, units: 1 }))).toBe('key-destroyed');
  expect(codeOf(() => key.exportHex())).toBe('key-destroyed');
});
