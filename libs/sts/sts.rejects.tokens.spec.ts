// Proves that every field of a token has its refusals, when it is made and when it is read: each row changes one thing of
// a good request and names the code expected.
import {
  DecoderKey,
  VendingKey,
  decodeToken,
  encodeCredit,
  encodeKeyChange,
  encodeManagement,
  encodeTestDisplay,
  isKeyExpired,
  isKeyTypeChangeAllowed,
  keyExpiresAfter,
  nextKrn,
  parseCivilMinute,
  parseTokenDigits,
  tokenDigits,
  verifyToken,
} from './index';
import { tokenCrc } from './crc';
import { AT, GOOD, KEY04, TID, codeOf, keyOf } from './sts.fixture';

describe('a credit', () => {
  const ROWS: [string, object, object?][] = [
    ['taken', {}],
    ['taken', { rnd: 0 }],
    ['taken', { subclass: 7, rnd: undefined }],
    ['taken', { subclass: 4, units: -5 }],
    ['bad-subclass', { subclass: 8 }],
    ['bad-subclass', { subclass: -1 }],
    ['bad-subclass', { subclass: 0.5 }],
    ['bad-rnd', { rnd: undefined }],
    ['bad-rnd', { rnd: 16 }],
    ['bad-rnd', { rnd: -1 }],
    ['bad-tid', { tid: -1 }],
    ['bad-tid', { tid: 0x1000000 }],
    ['bad-tid', { tid: 1.5 }],
    ['tid-reserved', { tid: 1 }],
    ['tid-reserved', { tid: 1441 }],
    ['taken', { tid: 1441, special: true }],
    ['negative-amount', { units: -1 }],
    ['negative-amount', { units: -1n }],
    ['bad-amount', { units: 1.5 }],
    ['bad-amount', { units: '10' }],
    ['bad-amount', { units: Number.NaN }],
    ['bad-amount', { subclass: 4, units: 0.5 }],
    ['bad-amount', { subclass: 4, units: '5' }],
    ['taken', { units: 18_201_624 }],
    ['amount-too-large', { units: 18_201_625 }],
    ['amount-too-large', { units: 10n ** 30n }],
    ['amount-too-large', { subclass: 4, units: 10n ** 36n }],
    ['amount-too-large', { subclass: 4, units: -(10n ** 36n) }],
    ['credit-under-ddtk', {}, { kt: 1 }],
    ['taken', {}, { kt: 0 }],
    ['taken', {}, { kt: 3 }],
    ['taken', { tid: 0xaaffff }, { ken: 170 }],
    ['key-expired', { tid: 0xab0000 }, { ken: 170 }],
    ['taken', { tid: 0xffffff }, { ken: 255 }],
    ['key-expired', { tid: 0xffffff }, { ken: 254 }],
    ['taken', { tid: 0xffff }, { ken: 0 }],
    ['key-expired', { tid: 0x10000 }, { ken: 0 }],
  ];
  it.each(ROWS.map(([code, change, key = {}]) => [code, change, key] as const))(
    '%s %p under %p',
    (code, change, key) => {
      const request = { subclass: 0, tid: TID, rnd: 5, units: 256, ...change };
      expect(codeOf(() => encodeCredit(keyOf(key), request))).toBe(code);
    },
  );
});

describe('a management token', () => {
  const ROWS: [string, object, object?][] = [
    ['taken', {}],
    ['taken', {}, { kt: 1 }],
    ['taken', { kind: 'max-power-limit', value: 18_201_624 }],
    ['bad-value', { kind: 'max-power-limit', value: 18_201_625 }],
    ['bad-value', { kind: 'phase-unbalance-limit', value: -1 }],
    ['bad-value', { kind: 'tariff-rate', value: 65_536 }],
    ['taken', { kind: 'tariff-rate', value: 65_535 }],
    ['taken', { kind: 'water-factor', value: 1 }],
    ['bad-value', { kind: 'water-factor', value: 1.5 }],
    ['taken', { kind: 'clear-credit', value: 7 }],
    ['taken', { kind: 'clear-credit', value: 65_535 }],
    ['bad-value', { kind: 'clear-credit', value: 8 }],
    ['bad-value', { kind: 'clear-tamper', value: 1 }],
    ['bad-value', { value: Number.NaN }],
    ['bad-subclass', { kind: 'toString' }],
    ['bad-subclass', { kind: 'credit' }],
    ['bad-rnd', { rnd: undefined }],
    ['tid-reserved', { tid: 1 }],
    ['key-expired', { tid: 0xab0000 }, { ken: 170 }],
  ];
  it.each(ROWS.map(([code, change, key = {}]) => [code, change, key] as const))(
    '%s %p under %p',
    (code, change, key) => {
      const request = { kind: 'clear-tamper' as const, tid: TID, rnd: 5, value: 0, ...change };
      expect(codeOf(() => encodeManagement(keyOf(key), request))).toBe(code);
    },
  );
});

it.each<[string, number, number, bigint]>([
  ['taken', 0, 99, 0xfffffffffn],
  ['taken', 1, 9999, 0xfffffffn],
  ['bad-subclass', 2, 0, 1n],
  ['bad-manufacturer', 0, 100, 1n],
  ['bad-manufacturer', 1, 10_000, 1n],
  ['bad-manufacturer', 0, -1, 1n],
  ['bad-control', 0, 0, 0x1000000000n],
  ['bad-control', 1, 0, 0x10000000n],
  ['bad-control', 0, 0, -1n],
])('%s: test and display, subclass %s, manufacturer %s, control %s', (code, subclass, manufacturer, control) => {
  expect(codeOf(() => encodeTestDisplay({ subclass, manufacturer, control }))).toBe(code);
});

describe('a key change', () => {
  const next = keyOf({ vendingKey: VendingKey.fromHex('fedcba9876543210'), krn: 2 });
  it.each<[string, object]>([
    ['taken', {}],
    ['taken', { sections: 3 }],
    ['bad-section-count', { sections: 4 }],
    ['bad-section-count', { sections: 1 }],
    [
      'bad-section-count',
      {
        sections: 2,
        current: keyOf({ dkga: '04', vendingKey: KEY04, ea: '11' }),
        next: keyOf({ dkga: '04', vendingKey: KEY04, ea: '11', ti: 2 }),
      },
    ],
    ['key-change-across-ea', { next: keyOf({ dkga: '04', vendingKey: KEY04, ea: '11' }) }],
    ['key-change-across-meters', { next: keyOf({ pan: '000001000000000082' }) }],
    ['key-type-change', { next: keyOf({ kt: 0 }) }],
    ['taken', { current: keyOf({ kt: 1 }) }],
    ['taken', { current: keyOf({ kt: 0 }), next: keyOf({ kt: 1 }) }],
    ['key-type-change', { current: keyOf({ kt: 3 }), tct: '02' }],
    ['taken', { current: keyOf({ kt: 3 }), tct: '01' }],
    ['bad-tct', { tct: '2' }],
    ['taken', { next: keyOf({ kt: 0 }), keyTypeChanges: { 0: [], 1: [], 2: [0], 3: [] } }],
    ['key-change-to-expired-key', { next: keyOf({ ken: 10 }) }],
    ['taken', { next: keyOf({ ken: 10 }), at: null }],
    ['taken', { current: keyOf({ ken: 0 }) }],
    ['before-base-date', { next: keyOf({ baseDate: 2035 }) }],
    ['tid-exhausted', { next: keyOf({ baseDate: 1993 }) }],
  ])('%s %#', (code, change) => {
    const request = { current: keyOf(), next, sections: 2 as const, at: AT, ...change };
    expect(codeOf(() => encodeKeyChange(request))).toBe(code);
  });

  it('knows each pair of key types', () => {
    const allowed = [0, 1, 2, 3].map((from) =>
      [0, 1, 2, 3].filter((to) => isKeyTypeChangeAllowed(from as 0, to as 0)).join(''),
    );
    expect(allowed).toEqual(['012', '12', '12', '123']);
    expect([1, 8, 9].map(nextKrn)).toEqual([2, 9, 1]);
    expect(codeOf(() => nextKrn(0))).toBe('bad-krn');
  });

  it('says when a key ends, and can be told that its last block does not count', () => {
    expect(keyExpiresAfter({ baseDate: 1993, ken: 170 })).toBe(parseCivilMinute('2014-04-23T09:35'));
    expect(keyExpiresAfter({ baseDate: 1993, ken: 255 })).toBeNull();
    expect(isKeyExpired(0xaa0000, 170)).toBe(false);
    expect(isKeyExpired(0xaa0000, 170, false)).toBe(true);
    expect(isKeyExpired(0xa9ffff, 170, false)).toBe(false);
  });
});

describe('20 digits', () => {
  const key = keyOf();
  const clear = (tokenClass: number, hi: number, body16: number): string => {
    const lo = ((body16 << 16) | tokenCrc(tokenClass, hi, body16, false)) >>> 0;
    if (tokenClass === 1) return tokenDigits(1, hi, lo);
    const out = new Uint32Array(2);
    key.encryptBlock(hi, lo, out);
    return tokenDigits(tokenClass, out[0]!, out[1]!);
  };
  it.each<[string, string]>([
    ['bad-digits', ''],
    ['bad-digits', '1234567890123456789'],
    ['bad-digits', '123456789012345678901'],
    ['bad-digits', '1234 567890123456789'],
    ['bad-digits', '1234567890123456789x'],
    ['bad-digits', '١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩٠'],
    ['token-too-large', '73786976294838206464'],
    ['token-too-large', '99999999999999999999'],
    ['class-reserved', '73786976294838206463'],
    ['crc', '00000000000000000000'],
    ['unknown-subclass', clear(0, 0x80000000, 0)],
    ['unknown-subclass', clear(0, 0xf0000000, 0)],
    ['unknown-subclass', clear(1, 0x20000000, 0)],
    ['unknown-subclass', clear(2, 0x90000000, 0)],
    ['unknown-subclass', clear(2, 0xa0000000, 0)],
    ['bad-field', clear(1, 0, 100)],
    ['bad-field', clear(1, 0x10000000, 10_000)],
    ['bad-field', clear(2, 0x10000000, 8)],
    ['bad-field', clear(2, 0x50000000, 1)],
    ['bad-field', clear(2, 0x30000000, 0)],
    ['bad-field', clear(2, 0x30a00000, 0)],
    ['bad-field', clear(2, 0x40640000, 0)],
    ['bad-field', clear(2, 0x80f42400, 0)],
    ['bad-field', clear(2, 0x80000000, 1)],
  ])('%s %s', (code, digits) => {
    expect(codeOf(() => decodeToken(digits, key))).toBe(code);
  });

  it('takes the highest token apart and needs a key for what is encrypted', () => {
    expect(parseTokenDigits('73786976294838206463')).toEqual({ tokenClass: 3, hi: 0xffffffff, lo: 0xffffffff });
    expect(codeOf(() => decodeToken('51043465443420856213', null))).toBe('no-key');
    expect(decodeToken('02305843005052951967', null)).toMatchObject({
      subclass: 1,
      control: 0xfffffffn,
      manufacturer: 0,
    });
  });

  it('is refused by verify after the key expired and as credit under the default key', () => {
    const attributes = { ...GOOD, ken: 255 };
    const { digits } = encodeCredit(keyOf(), { subclass: 0, tid: 0xab0000, rnd: 1, units: 1 });
    const hex = keyOf().exportHex();
    expect(codeOf(() => verifyToken(digits, DecoderKey.fromHex(hex, attributes)))).toBe('taken');
    expect(codeOf(() => verifyToken(digits, DecoderKey.fromHex(hex, { ...attributes, ken: 170 })))).toBe('key-expired');
    expect(codeOf(() => verifyToken(digits, DecoderKey.fromHex(hex, { ...attributes, kt: 1 })))).toBe(
      'credit-under-ddtk',
    );
  });
});
