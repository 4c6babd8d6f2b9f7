// Proves that virtual meters get the decoder keys that the standard's public example derives, and that rows no key can be made for are left out by name.
import { decoderKeysOf, metersOfCsv } from './decoder-keys';

const vendingKeys = [
  {
    sgc: '201457',
    krn: 1,
    kind: 'VUDK',
    dkga: 4,
    baseDate: 2014,
    ken: 255,
    kcv: '000000',
    state: 'active',
    issuedUntil: null,
    value: Buffer.from('abababababababab949494949494949401234567', 'hex'),
  },
  {
    sgc: '123456',
    krn: 1,
    kind: 'VUDK',
    dkga: 2,
    baseDate: 2014,
    ken: 255,
    kcv: '000000',
    state: 'active',
    issuedUntil: null,
    value: Buffer.from('abababababababab', 'hex'),
  },
] as const;

const HEADER = 'customerNo,name,meterNo,manufacturer,ea,sgc,krn,ti,kt,ken,baseDate';
const rows = (...lines: string[]) => metersOfCsv(`\uFEFF${[HEADER, ...lines].join('\r\n')}\r\n`);

it('derives the published examples, by MeterPAN and by DRN', () => {
  const { keys, skipped } = decoderKeysOf(
    vendingKeys,
    rows(
      '1,"Name, with comma",600727000000000009,00,11,201457,1,01,2,255,2014',
      '2,Name,0100000000008,0100,07,123456,1,01,2,255,2014',
    ),
  );
  expect(skipped).toEqual([]);
  // STS.md 8.2 and 8.1.
  expect(keys['600727000000000009']).toEqual({
    decoderKeyHex: '929bd3a415c9420a05ec5ee9f3ce91c3',
    ea: '11',
    baseDate: 2014,
    sgc: '201457',
    krn: 1,
    ti: '01',
    kt: 2,
    ken: 255,
  });
  expect(keys['000001000000000082']?.decoderKeyHex).toBe('e94023262e9993c2');
});

it.each([
  ['an unknown supply group', '600727000000000009,00,11,999999,1,01,2,255,2014', 'unknown-vending-key'],
  ['a wrong check digit', '600727000000000008,00,11,201457,1,01,2,255,2014', 'pan-check-digit'],
  ['EA11 under a 64-bit key', '600727000000000009,00,11,123456,1,01,2,255,2014', 'ea-dkga-mismatch'],
  ['no meter number', ',00,11,201457,1,01,2,255,2014', 'meterNo is not valid'],
])('leaves out %s and keeps the others', (_what, row, reason) => {
  const good = '1,Name,600727000000000009,00,11,201457,1,01,2,255,2014';
  const { keys, skipped } = decoderKeysOf(vendingKeys, rows(`1,Name,${row}`, good));
  expect(skipped).toEqual([{ line: 2, reason }]);
  expect(Object.keys(keys)).toEqual(['600727000000000009']);
});

it('does not touch the vending keys it was lent', () => {
  decoderKeysOf(vendingKeys, []);
  expect(vendingKeys[1].value.toString('hex')).toBe('abababababababab');
});
