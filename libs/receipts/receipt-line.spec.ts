// Proves the receipt's line for programs: what is written is read back the same, a torn or mistyped one is refused
// without saying its digits, and the line of the documentation is what it says it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseReceiptLine, receiptLine, ReceiptLineFault, smsParts, type ReceiptLineFacts } from '.';

const FACTS: ReceiptLineFacts = {
  kind: 'credit',
  receiptNo: 'NV-261121-7K3M9QXA2T',
  issuedAt: Date.UTC(2026, 10, 21, 4, 15, 30),
  meterNo: '600727000000000009',
  tokens: [
    { kind: 'key-change', digits: '11112222333344445555' },
    { kind: 'key-change', digits: '66667777888899990000' },
    { kind: 'credit', digits: '12345678901234567890' },
  ],
  grossPaisa: 100_000n,
  energyPaisa: 86_141n,
  energyWh: null,
  charges: [
    { code: 'vat', amountPaisa: 4762n },
    { code: 'meter-rent', amountPaisa: 4000n },
    { code: 'demand-charge', amountPaisa: 6000n },
    { code: 'rebate', amountPaisa: -903n },
  ],
  months: [202611],
  arrearsLeftPaisa: 0n,
  remainderPaisa: 0n,
  sampleTables: false,
  copy: false,
};
const LINE =
  'PVR1;T=k11112222333344445555;T=k66667777888899990000;T=c12345678901234567890;K=credit;R=NV-261121-7K3M9QXA2T;' +
  'D=20261121T101530;M=600727000000000009;A=1000.00;E=861.41;' +
  'C=vat:47.62,meter-rent:40.00,demand-charge:60.00,rebate:-9.03;N=202611';

const digits = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length }).map((each) => each.join(''));
const facts: fc.Arbitrary<ReceiptLineFacts> = fc.record({
  kind: fc.constantFrom('credit', 'free-issue', 'replacement', 'key-change', 'engineering', 'fee', 'offline-pack'),
  receiptNo: digits(10).map((each) => `NV-261121-${each}`),
  issuedAt: fc.integer({ min: Date.UTC(2020, 0) / 1000, max: Date.UTC(2090, 0) / 1000 }).map((s) => s * 1000),
  meterNo: fc.oneof(digits(18), digits(13), digits(11)),
  tokens: fc.array(
    fc.record({
      kind: fc.constantFrom('credit', 'key-change', 'clear-tamper', 'clear-credit', 'max-power-limit', 'test-display'),
      digits: digits(20),
    }),
    { maxLength: 13 },
  ),
  grossPaisa: fc.bigInt({ min: 0n, max: 99_999_999n }),
  energyPaisa: fc.bigInt({ min: 0n, max: 99_999_999n }),
  energyWh: fc.option(fc.bigInt({ min: 0n, max: 999_999n }).map((tenths) => tenths * 100n)),
  charges: fc.array(
    fc.record({
      code: fc.constantFrom('vat', 'meter-rent', 'demand-charge', 'rebate', 'remainder-used'),
      amountPaisa: fc.bigInt({ min: -9_999_999n, max: 9_999_999n }),
    }),
    { maxLength: 8 },
  ),
  months: fc.array(fc.constantFrom(202611, 202612, 202701), { maxLength: 6 }),
  arrearsLeftPaisa: fc.bigInt({ min: 0n, max: 99_999_999n }),
  remainderPaisa: fc.bigInt({ min: 0n, max: 9_999n }),
  sampleTables: fc.boolean(),
  copy: fc.boolean(),
});
const faultOf = (text: string): string => {
  try {
    parseReceiptLine(text);
    return 'none';
  } catch (error) {
    if (!(error instanceof ReceiptLineFault)) throw error;
    expect(error.message).not.toMatch(/\d{4}/);
    return error.fault;
  }
};

it('is the line of the documentation, checksum and all', () => {
  const written = receiptLine(FACTS);
  expect(written.slice(0, -5)).toBe(LINE);
  expect(readFileSync(join(__dirname, '../../docs/SMS.md'), 'utf8')).toContain(written);
});

it('is read back the same', () => {
  fc.assert(fc.property(facts, (given) => expect(parseReceiptLine(` ${receiptLine(given)}\r\n`)).toEqual(given)));
});

it('is one GSM 7-bit line of no more than an SMS may be, with the tokens in front and five of them in the first part', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const line = receiptLine(given);
      const { alphabet, parts, units } = smsParts(line);
      expect([alphabet, units]).toEqual(['gsm-7', line.length]);
      expect(line).toMatch(/^PVR1;(T=[a-z]\d{20};)*K=/);
      expect(line.length).toBeLessThanOrEqual(1000);
      for (const { digits: number } of given.tokens.slice(0, 5)) expect(parts[0]).toContain(number);
    }),
  );
});

it('refuses any single wrong character, without saying what it was', () => {
  fc.assert(
    fc.property(facts, fc.nat(), fc.constantFrom('0', '7', ';', 'x'), (given, where, other) => {
      const line = receiptLine(given);
      const at = where % line.length;
      fc.pre(line[at] !== other);
      expect(faultOf(line.slice(0, at) + other + line.slice(at + 1))).not.toBe('none');
    }),
    { numRuns: 1000 },
  );
});

it.each<[string, string, string]>([
  ['nothing', '', 'version'],
  ['a text', 'Token: 1234 5678', 'version'],
  ['the first part alone', `${LINE.slice(0, 100)}`, 'checksum'],
  ['another version, whole', 'PVR2;K=fee*', 'version'],
  ['a kind that is none', 'PVR1;K=gift;R=A;D=20261121T101530;M=60072700000;A=1.00*', 'field'],
  ['a token too short', 'PVR1;T=c123;K=fee;R=A;D=20261121T101530;M=60072700000;A=1.00*', 'field'],
  ['no amount', 'PVR1;K=fee;R=A;D=20261121T101530;M=60072700000*', 'field'],
  ['two amounts', 'PVR1;K=fee;R=A;D=20261121T101530;M=60072700000;A=1.00;A=2.00*', 'field'],
  ['a month that is none', 'PVR1;K=fee;R=A;D=20261341T101530;M=60072700000;A=1.00*', 'field'],
])('%s is refused', (_, text, fault) => {
  expect(faultOf(text.endsWith('*') ? withChecksum(text) : text)).toBe(fault);
});

it('passes over keys that are newer than the reader', () => {
  const newer = withChecksum('PVR1;K=fee;R=A;D=20261121T101530;M=60072700000;A=1.00;Z=new*');
  expect(parseReceiptLine(newer)).toMatchObject({ kind: 'fee', grossPaisa: 100n });
});

/** The checksum written a second time, after the catalogue's table of remainders. */
function withChecksum(text: string): string {
  const crc = [...text.slice(0, -1)].reduce((sum, character) => {
    let remainder = ((sum >> 8) ^ character.charCodeAt(0)) << 8;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 0x8000 ? (remainder << 1) ^ 0x1021 : remainder << 1;
    return ((sum << 8) ^ remainder) & 0xffff;
  }, 0xffff);
  return text + crc.toString(16).toUpperCase().padStart(4, '0');
}

it('the second writing of the checksum gives the published check value', () => {
  expect(withChecksum('123456789*')).toBe('123456789*29B1');
});
