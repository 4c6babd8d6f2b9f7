// Proves the library against test/vectors/sts-vectors.json, every row both ways: what it makes is compared with the
// published or independently computed field, and the published token is read back and compared with its parts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DecoderKey,
  IEC_SAMPLE_TABLES,
  MANAGEMENT_SUBCLASS,
  VendingKey,
  civilMinuteOfTid,
  decodeAmount16,
  decodeAmount20,
  decodeToken,
  deriveDecoderKey,
  encodeAmount16,
  encodeAmount20,
  encodeCredit,
  encodeKeyChange,
  encodeManagement,
  encodeTestDisplay,
  formatBlock,
  formatCivilMinute,
  formatCreditAmount,
  luhnCheckDigit,
  nextTid,
  parseCivilMinute,
  parseCreditAmount,
  parseMeterPan,
  parseTokenDigits,
  tidAt,
  tokenDigits,
} from './index';
import type { BaseDate, DecodedToken, Ea, KeyType, ManagementKind, Token } from './index';
import type { BlockCipher64 } from './block-cipher';
import { tokenCrc } from './crc';
import { Misty1 } from './misty1';
import { Misty1Reference } from './misty1.reference';
import { Sta } from './sta';
import { StaReference } from './sta.reference';

type Attributes = Record<'vendingKey' | 'sgc' | 'ti' | 'decoderKey', string> &
  Record<'kt' | 'krn' | 'baseDate', number> & { ken?: number; threeKct?: number };
type Texts = 'input56' | 'crcField' | 'body' | 'full' | 'field16' | 'field20' | 'units_1e5' | 'decodedUnits' | 'issue';
type MoreTexts = 'tidHex' | 'key' | 'plain' | 'cipher' | 'pan' | 'iin' | 'drn' | 'control' | 'mfrCode' | 'amount';
type Numbers = 'checkDigit' | 'decoded' | 'tid' | 'keyExpiryByte' | 'ea' | 'dkga' | 'class' | 'subclass' | 'inputValue';
type Row = {
  id: string;
  kind: string;
  input: string | number;
  new: Attributes;
  rnd?: number;
  appended?: string;
} & Attributes &
  Record<Texts | MoreTexts | 'token' | 'tokenHex' | 'apduHex', string> &
  Record<Numbers, number> & {
    encryptedHex?: string;
    decodedTransferUnits?: number;
    'decodedAmount_1e-5units'?: string;
  };
const ROWS = JSON.parse(readFileSync(join(__dirname, '../../test/vectors/sts-vectors.json'), 'utf8')) as Row[];
const of = (kind: string): [string, Row][] => ROWS.filter((row) => row.kind === kind).map((row) => [row.id, row]);
const hexPair = (hex: string): [number, number] => [parseInt(hex.slice(0, 8), 16), parseInt(hex.slice(8), 16)];
const pairHex = (pair: Uint32Array): string => formatBlock({ hi: pair[0]!, lo: pair[1]! });

function keyOf(row: Row, attributes: Attributes = row): DecoderKey {
  return deriveDecoderKey({
    dkga: `0${row.dkga}` as '02' | '04',
    vendingKey: VendingKey.fromHex(attributes.vendingKey),
    pan: row.pan,
    ea: row.ea === 11 ? '11' : '07',
    kt: Number(attributes.kt) as KeyType,
    sgc: attributes.sgc,
    ti: Number(attributes.ti),
    krn: Number(attributes.krn),
    ken: Number(attributes.ken ?? 255),
    baseDate: Number(attributes.baseDate) as BaseDate,
  });
}

function expectToken(token: Token, row: Row): void {
  expect(token.digits).toBe(row.token);
  expect(formatBlock(token.block)).toBe(row.apduHex);
  const read = parseTokenDigits(row.token);
  expect([read.tokenClass, formatBlock(read)]).toEqual([row.class, row.encryptedHex ?? row.apduHex]);
  expect(tokenDigits(read.tokenClass, read.hi, read.lo)).toBe(row.token);
  expect(BigInt(row.token).toString(16).padStart(17, '0')).toBe(row.tokenHex.toLowerCase());
}

it('covers the whole file', () => {
  const kinds = new Set(ROWS.map((row) => row.kind));
  expect(ROWS).toHaveLength(273);
  expect([...kinds].sort()).toEqual(
    // prettier-ignore
    ['amount16', 'amount20', 'class1', 'crc', 'credit', 'dkga02', 'dkga04', 'keychange', 'luhn', 'management', 'misty1', 'sta-block', 'tid'],
  );
});

it.each(of('crc'))('%s', (_, row) => {
  const bytes = Buffer.from(row.input56, 'hex');
  const field = tokenCrc(bytes[0]!, bytes.readUInt32BE(1), bytes.readUInt16BE(5), row.appended !== undefined);
  expect(field.toString(16).padStart(4, '0')).toBe(row.crcField);
});

it.each(of('luhn'))('%s', (_, row) => {
  expect(luhnCheckDigit(row.body)).toBe(row.checkDigit);
  expect(row.body + luhnCheckDigit(row.body)).toBe(row.full);
});

it.each(of('amount16'))('%s', (_, row) => {
  const field = parseInt(row.field16, 16);
  expect(encodeAmount16(Number(row.input))).toEqual({ field, units: BigInt(row.decoded) });
  expect(decodeAmount16(field)).toBe(row.decoded);
});

it.each(of('amount20'))('%s', (_, row) => {
  const field = parseInt(row.field20, 16);
  expect(encodeAmount20(BigInt(row.units_1e5))).toEqual({ field, units: BigInt(row.decodedUnits) });
  expect(decodeAmount20(field)).toBe(BigInt(row.decodedUnits));
  if (!String(row.input).includes('e')) expect(parseCreditAmount(4, String(row.input))).toBe(BigInt(row.units_1e5));
});

it.each(of('tid'))('%s', (_, row) => {
  const baseDate = row.baseDate as BaseDate;
  const at = parseCivilMinute(row.issue);
  // One row asks again within a minute that was taken: it is the token after 00:02.
  const tid = row.id === 'tid-2014-2026-07-29T00:03' ? nextTid(baseDate, at - 1, row.tid - 1) : tidAt(baseDate, at);
  expect([tid, tid.toString(16).padStart(6, '0'), tid >>> 16]).toEqual([row.tid, row.tidHex, row.keyExpiryByte]);
  const back = formatCivilMinute(civilMinuteOfTid(baseDate, tid)).replace('T', ' ');
  expect(back).toBe(row.issue.replace(/00:01$/, '00:02'));
});

describe.each<[string, (key: string) => BlockCipher64]>([
  ['the fast form', (key) => new Misty1(new Uint32Array(4).map((_, i) => parseInt(key.slice(8 * i, 8 * i + 8), 16)))],
  ['the reference', (key) => new Misty1Reference(Buffer.from(key, 'hex'))],
])('MISTY1, %s', (_, make) => {
  it.each(of('misty1'))('%s', (_id, row) => {
    const out = new Uint32Array(2);
    make(row.key).encrypt(...hexPair(row.plain), out);
    expect(pairHex(out)).toBe(row.cipher);
    make(row.key).decrypt(...hexPair(row.cipher), out);
    expect(pairHex(out)).toBe(row.plain);
  });
});

describe.each<[string, (key: string) => BlockCipher64]>([
  ['the fast form', (key) => new Sta(...hexPair(key), IEC_SAMPLE_TABLES)],
  ['the reference', (key) => new StaReference(BigInt(`0x${key}`), IEC_SAMPLE_TABLES.numbers)],
])('STA, %s', (_, make) => {
  it.each(of('sta-block'))('%s', (_id, row) => {
    const out = new Uint32Array(2);
    make(row.key).encrypt(...hexPair(row.plain), out);
    expect(pairHex(out)).toBe(row.cipher);
    if (row.token) {
      expect(tokenDigits(0, out[0]!, out[1]!)).toBe(row.token);
      expect(parseTokenDigits(row.token)).toEqual({ tokenClass: 0, hi: out[0], lo: out[1] });
    }
    make(row.key).decrypt(...hexPair(row.cipher), out);
    expect(pairHex(out)).toBe(row.plain);
  });
});

it.each([...of('dkga02'), ...of('dkga04')])('%s', (_, row) => {
  expect(keyOf(row, { ...row, baseDate: row.baseDate ?? 2014 }).exportHex()).toBe(row.decoderKey);
});

it.each(of('class1'))('%s', (_, row) => {
  const request = { subclass: row.subclass, manufacturer: Number(row.mfrCode), control: BigInt(`0x${row.control}`) };
  expectToken(encodeTestDisplay(request), row);
  expect(decodeToken(row.token, null)).toMatchObject({ kind: 'test-display', tokenClass: 1, ...request });
});

function expectMeter(row: Row, key: DecoderKey): void {
  expect(key.exportHex()).toBe(row.decoderKey);
  expect(parseMeterPan(row.pan)).toMatchObject({ iin: row.iin, drn: row.drn });
}

it.each(of('credit'))('%s', (_, row) => {
  const key = keyOf(row);
  expectMeter(row, key);
  const subclass = row.subclass;
  const tid = tidAt(row.baseDate as BaseDate, parseCivilMinute(row.issue));
  expect(tid).toBe(row.tid);
  const decoded = decodeToken(row.token, key) as Extract<DecodedToken, { kind: 'credit' }>;
  expect(decoded).toMatchObject({ kind: 'credit', tokenClass: 0, subclass, tid, rnd: row.rnd });
  expect(decoded.units).toBe(BigInt(row.decodedTransferUnits ?? row['decodedAmount_1e-5units']!));
  const units = parseCreditAmount(subclass, row.amount);
  const token = encodeCredit(key, { subclass, tid, rnd: row.rnd, units });
  expectToken(token, row);
  expect(token.creditedUnits).toBe(decoded.units);
  expect(parseCreditAmount(subclass, formatCreditAmount(subclass, decoded.units))).toBe(decoded.units);
});

it.each(of('management'))('%s', (_, row) => {
  const key = keyOf(row);
  expectMeter(row, key);
  const kind = Object.entries(MANAGEMENT_SUBCLASS).find(([, subclass]) => subclass === row.subclass)![0];
  const tid = tidAt(row.baseDate as BaseDate, parseCivilMinute(row.issue));
  const token = encodeManagement(key, { kind: kind as ManagementKind, tid, rnd: row.rnd!, value: row.inputValue });
  expectToken(token, row);
  const value = row.decodedTransferUnits ?? row.inputValue;
  expect(token.value).toBe(value);
  expect(decodeToken(row.token, key)).toMatchObject({ kind, tokenClass: 2, tid, rnd: row.rnd, value });
});

it.each(of('keychange'))('%s', (_, row) => {
  const current = keyOf(row);
  expectMeter(row, current);
  const to = row.new;
  const next = keyOf(row, to);
  expect(next.exportHex()).toBe(to.decoderKey);
  const ea: Ea = current.ea;
  const sections = ea === '11' ? 4 : to.threeKct === 1 ? 3 : 2;
  const set = encodeKeyChange({ current, next, sections, at: null });
  const token = set.find((one) => one.subclass === row.subclass)!;
  expectToken(token, row);
  expect(set.indexOf(token) + 1).toBe(Number(row.id.slice(-1)));
  const decoded = decodeToken(row.token, current) as Extract<DecodedToken, { kind: 'key-change' }>;
  expect(decoded).toMatchObject({ kind: 'key-change', tokenClass: 2, subclass: row.subclass });
  expect(decoded.section.section).toBe(set.indexOf(token) + 1);
});
