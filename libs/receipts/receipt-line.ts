import {
  formatInstant,
  formatKwh,
  formatTaka,
  parseTaka,
  type InstantMs,
  type Paisa,
  type YearMonth,
} from '@vend/kernel';
import type { Receipt, ReceiptKind, ReceiptTokenKind } from './receipt';

/** The first word of a line of this version. A key that is new in it readers pass over; another meaning is PVR2. */
const VERSION = 'PVR1';

/** A token's kind in one letter, before its digits. */
const TOKEN_LETTERS: Readonly<Record<ReceiptTokenKind, string>> = {
  credit: 'c',
  'key-change': 'k',
  'clear-tamper': 't',
  'clear-credit': 'x',
  'max-power-limit': 'p',
  'phase-unbalance-limit': 'u',
  'test-display': 'd',
};
const TOKEN_KINDS = Object.fromEntries(
  Object.entries(TOKEN_LETTERS).map(([kind, letter]) => [letter, kind]),
) as Readonly<Record<string, ReceiptTokenKind>>;

const KINDS: Readonly<Record<ReceiptKind, true>> = {
  ...{ credit: true, 'free-issue': true, replacement: true, 'key-change': true, engineering: true, fee: true },
  ...{ 'arrears-payment': true, 'deposit-credit': true, 'offline-pack': true },
};

/** What a line says. */
export interface ReceiptLineFacts {
  readonly kind: ReceiptKind;
  readonly receiptNo: string;
  /** To the second. */
  readonly issuedAt: InstantMs;
  readonly meterNo: string;
  /** In the order in which the meter takes them. */
  readonly tokens: readonly { readonly kind: ReceiptTokenKind; readonly digits: string }[];
  readonly grossPaisa: Paisa;
  readonly energyPaisa: Paisa;
  /** Watt-hours in steps of 100; null in currency mode. */
  readonly energyWh: bigint | null;
  /** By code; what helped the customer carries a minus. */
  readonly charges: readonly { readonly code: string; readonly amountPaisa: Paisa }[];
  readonly months: readonly YearMonth[];
  readonly arrearsLeftPaisa: Paisa;
  readonly remainderPaisa: Paisa;
  readonly sampleTables: boolean;
  readonly copy: boolean;
}

/** Why a text is no line: `version`: another one; `checksum`: torn or mistyped; `field`: a field is not what it must be. */
export class ReceiptLineFault extends Error {
  constructor(
    readonly fault: 'version' | 'checksum' | 'field',
    /** Never a value: it may be a token. */
    readonly key = '',
  ) {
    super(key === '' ? `receipt line: ${fault}` : `receipt line: ${fault} ${key}`);
  }
}

/** @example factsOfReceipt(receipt).charges // [{ code: 'vat', amountPaisa: 4762n }, …] */
export function factsOfReceipt(receipt: Receipt): ReceiptLineFacts {
  const { receiptNo, issuedAt, meterNo, grossPaisa, energyPaisa, energyWh } = receipt;
  return {
    ...{ receiptNo, meterNo, grossPaisa, energyPaisa, energyWh },
    kind: receipt.kind ?? 'credit',
    issuedAt: issuedAt - (issuedAt % 1_000),
    tokens: [...receipt.tokens].sort((a, b) => a.sequence - b.sequence).map(({ kind, digits }) => ({ kind, digits })),
    charges: receipt.lines
      .filter(({ code }) => code !== 'energy' && code !== 'remainder-carried')
      .map(({ code, amountPaisa }) => ({ code, amountPaisa })),
    months: [...(receipt.chargedMonths ?? [])],
    arrearsLeftPaisa: receipt.arrearsLeftPaisa,
    remainderPaisa: receipt.remainderPaisa,
    sampleTables: receipt.sampleTables,
    copy: receipt.copy,
  };
}

/**
 * A receipt as one line for programs (docs/SMS.md): tokens first, then everything in fields of GSM 7-bit letters, then a
 * checksum. The same for the same receipt, for ever. Contains the tokens: never log it.
 *
 * @example receiptLine(factsOfReceipt(receipt)) // 'PVR1;T=c12345678901234567890;K=credit;R=NV-…;…*1D0F'
 */
export function receiptLine(facts: ReceiptLineFacts): string {
  const amount = (paisa: Paisa) => (paisa === 0n ? [] : [formatTaka(paisa)]);
  const fields: readonly (readonly [key: string, values: readonly string[]])[] = [
    ['T', facts.tokens.map(({ kind, digits }) => `${TOKEN_LETTERS[kind]}${digits}`)],
    ['K', [facts.kind]],
    ['R', [facts.receiptNo]],
    ['D', [formatInstant(facts.issuedAt).slice(0, 19).replaceAll(/[-:]/g, '')]],
    ['M', [facts.meterNo]],
    ['A', [formatTaka(facts.grossPaisa)]],
    ['E', amount(facts.energyPaisa)],
    ['W', facts.energyWh === null ? [] : [formatKwh(facts.energyWh)]],
    ['C', facts.charges.length === 0 ? [] : [facts.charges.map(chargeText).join(',')]],
    ['N', facts.months.length === 0 ? [] : [facts.months.join(',')]],
    ['B', amount(facts.arrearsLeftPaisa)],
    ['F', amount(facts.remainderPaisa)],
    ['S', facts.sampleTables ? ['1'] : []],
    ['P', facts.copy ? ['1'] : []],
  ];
  const body = [VERSION, ...fields.flatMap(([key, values]) => values.map((value) => `${key}=${value}`))].join(';');
  return `${body}*${checksum(body)}`;
}

function chargeText({ code, amountPaisa }: ReceiptLineFacts['charges'][number]): string {
  return `${code}:${formatTaka(amountPaisa)}`;
}

/**
 * Reads a line back. Blanks and line ends around it do not matter; keys that this version does not know are passed over.
 *
 * @throws {ReceiptLineFault} it names the key, never the value
 * @example parseReceiptLine(receiptLine(facts)).tokens[0]?.digits // '12345678901234567890'
 */
export function parseReceiptLine(text: string): ReceiptLineFacts {
  const line = text.trim();
  const star = line.lastIndexOf('*');
  const body = line.slice(0, Math.max(0, star));
  if (!/^PVR\d+;/.test(line)) throw new ReceiptLineFault('version');
  if (star < 0 || line.slice(star + 1) !== checksum(body)) throw new ReceiptLineFault('checksum');
  if (!line.startsWith(`${VERSION};`)) throw new ReceiptLineFault('version');
  const fields = new Map<string, string[]>();
  for (const field of body.slice(VERSION.length + 1).split(';')) {
    const [, key, value] = /^([A-Z]+)=(.+)$/.exec(field) ?? [];
    if (key === undefined || value === undefined) throw new ReceiptLineFault('field');
    fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  return factsIn(fields);
}

const TAKA = /^-?\d{1,12}\.\d{2}$/;

function factsIn(fields: ReadonlyMap<string, readonly string[]>): ReceiptLineFacts {
  const one = (key: string, form: RegExp): string | undefined => {
    const [value, more] = fields.get(key) ?? [];
    if (more !== undefined || (value !== undefined && !form.test(value))) throw new ReceiptLineFault('field', key);
    return value;
  };
  const needed = (key: string, form: RegExp): string => {
    const value = one(key, form);
    if (value === undefined) throw new ReceiptLineFault('field', key);
    return value;
  };
  const kind = needed('K', /^[a-z-]+$/);
  if (!(kind in KINDS)) throw new ReceiptLineFault('field', 'K');
  const kwh = one('W', /^\d{1,12}\.\d$/);
  return {
    kind: kind as ReceiptKind,
    receiptNo: needed('R', /^[0-9A-Z-]{1,40}$/),
    issuedAt: instantIn(needed('D', /^\d{8}T\d{6}$/)),
    meterNo: needed('M', /^\d{11,18}$/),
    tokens: (fields.get('T') ?? []).map(tokenIn),
    grossPaisa: paisaIn(needed('A', TAKA)),
    energyPaisa: paisaIn(one('E', TAKA)),
    energyWh: kwh === undefined ? null : BigInt(kwh.replace('.', '')) * 100n,
    charges: listIn(one('C', /^[a-z-]+:-?\d{1,12}\.\d{2}(?:,[a-z-]+:-?\d{1,12}\.\d{2})*$/)).map((charge) => {
      const [code = '', taka] = charge.split(':');
      return { code, amountPaisa: paisaIn(taka) };
    }),
    months: listIn(one('N', /^\d{6}(?:,\d{6})*$/)).map(Number),
    arrearsLeftPaisa: paisaIn(one('B', TAKA)),
    remainderPaisa: paisaIn(one('F', TAKA)),
    sampleTables: one('S', /^1$/) !== undefined,
    copy: one('P', /^1$/) !== undefined,
  };
}

function listIn(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(',');
}

function paisaIn(taka: string | undefined): Paisa {
  if (taka === undefined) return 0n;
  return taka.startsWith('-') ? -parseTaka(taka.slice(1)) : parseTaka(taka);
}

function instantIn(text: string): InstantMs {
  const spread = text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})$/, '$1-$2-$3T$4:$5:$6+06:00');
  const at = Date.parse(spread);
  if (Number.isNaN(at)) throw new ReceiptLineFault('field', 'D');
  return at;
}

function tokenIn(value: string): ReceiptLineFacts['tokens'][number] {
  const kind = TOKEN_KINDS[value.slice(0, 1)];
  const digits = value.slice(1);
  if (kind === undefined || !/^[0-9]{20}$/.test(digits)) throw new ReceiptLineFault('field', 'T');
  return { kind, digits };
}

/** CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) over the ASCII octets, four capital hexadecimal digits. */
function checksum(body: string): string {
  let crc = 0xffff;
  for (const octet of Buffer.from(body, 'latin1')) {
    crc ^= octet << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}
