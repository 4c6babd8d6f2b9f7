import { amount16Field, checkAmount16, decodeAmount16, encodeAmount20 } from './amount';
import { tokenCrc } from './crc';
import type { DecoderKey } from './decoder-key';
import { tokenDigits } from './digits';
import type { Block64 } from './digits';
import { refuse } from './sts.errors';
import { TID_MAX, isKeyExpired, isReservedTid } from './tid';

/** A finished token. */
export interface Token {
  /** 20 decimal digits, what the customer types. */
  readonly digits: string;
  /** The 64-bit block before encryption, CRC included. */
  readonly block: Block64;
  readonly tokenClass: 0 | 1 | 2;
  readonly subclass: number;
}

/** A credit token to make. */
export interface CreditRequest {
  /** 0 electricity, 1 water, 2 gas, 3 time; 4 to 7 the same in currency. */
  readonly subclass: number;
  /** Token identifier, 0 to FFFFFF: see `nextTid`. */
  readonly tid: number;
  /** 0 to 15, chosen by the caller; required for subclasses 0 to 3, and not part of currency tokens. */
  readonly rnd?: number;
  /** Whole units: tenths for subclasses 0 to 3, hundred-thousandths for 4 to 7. See `parseCreditAmount`. */
  readonly units: number | bigint;
  /** True lets the token take the reserved identifier of 00:01. */
  readonly special?: boolean;
}

/** A credit token with what the meter will make of it. */
export interface CreditToken extends Token {
  readonly tid: number;
  /** What the meter will credit, in the same units as asked: never less, at most one step more. Book this. */
  readonly creditedUnits: bigint;
}

const out = new Uint32Array(2);

function checkIdentifier(tid: number, key: DecoderKey, special: boolean | undefined): void {
  if (!Number.isInteger(tid) || tid < 0 || tid > TID_MAX) refuse('bad-tid');
  if (isReservedTid(tid) && !special) refuse('tid-reserved');
  if (isKeyExpired(tid, key.ken)) refuse('key-expired');
}

function checkRnd(rnd: number | undefined): number {
  return rnd !== undefined && Number.isInteger(rnd) && rnd >= 0 && rnd <= 15 ? rnd : refuse('bad-rnd');
}

/**
 * Makes a credit token (IEC 62055-41 6.2.2; STS.md section 3). The same request gives the same token, for ever.
 *
 * @throws {StsError} bad-subclass, credit-under-ddtk, bad-tid, tid-reserved, key-expired, bad-rnd, bad-amount,
 * negative-amount, amount-too-large, key-destroyed
 * @example encodeCredit(key, { subclass: 0, tid: 0x19eb23, rnd: 11, units: 256 }).digits
 */
export function encodeCredit(key: DecoderKey, request: CreditRequest): CreditToken {
  const { subclass, tid } = request;
  if (!Number.isInteger(subclass) || subclass < 0 || subclass > 7) refuse('bad-subclass');
  if (key.kt === 1) refuse('credit-under-ddtk');
  checkIdentifier(tid, key, request.special);
  let nibble: number;
  let field16: number;
  let creditedUnits: bigint;
  if (subclass < 4) {
    nibble = checkRnd(request.rnd);
    field16 = amount16Field(checkAmount16(request.units));
    creditedUnits = BigInt(decodeAmount16(field16));
  } else {
    // Sign and exponent's top bits sit where RND would be: a currency token has none.
    const coded = encodeAmount20(request.units);
    nibble = coded.field >>> 16;
    field16 = coded.field & 0xffff;
    creditedUnits = coded.units;
  }
  const hi = ((subclass << 28) | (nibble << 24) | tid) >>> 0;
  const lo = ((field16 << 16) | tokenCrc(0, hi, field16, subclass >= 4)) >>> 0;
  key.encryptBlock(hi, lo, out);
  return { digits: tokenDigits(0, out[0]!, out[1]!), block: { hi, lo }, tokenClass: 0, subclass, tid, creditedUnits };
}

/** The management tokens that carry one 16-bit value, with their subclass of class 2 (STS.md section 5). */
export const MANAGEMENT_SUBCLASS = {
  'max-power-limit': 0,
  'clear-credit': 1,
  'tariff-rate': 2,
  'clear-tamper': 5,
  'phase-unbalance-limit': 6,
  'water-factor': 7,
} as const;

/** A management token's name. */
export type ManagementKind = keyof typeof MANAGEMENT_SUBCLASS;

/** `value` of clear-credit that clears every register. */
export const CLEAR_ALL_CREDIT = 0xffff;

/** A management token to make. */
export interface ManagementRequest {
  readonly kind: ManagementKind;
  readonly tid: number;
  /** 0 to 15, chosen by the caller. */
  readonly rnd: number;
  /**
   * Limits: watts, 0 to 18201624. Clear credit: the credit subclass 0 to 7, or CLEAR_ALL_CREDIT. Clear tamper: 0.
   * Tariff rate and water factor: 16 bits whose meaning is the meter's.
   */
  readonly value: number;
  readonly special?: boolean;
}

/** A management token with what the meter will read. */
export interface ManagementToken extends Token {
  readonly tid: number;
  /** The value as the meter reads it: limits are rounded up to what 16 bits can say. */
  readonly value: number;
}

/** The 16-bit field of a management value. @throws {StsError} bad-value */
function managementField(kind: ManagementKind, value: number): number {
  if (!Number.isInteger(value) || value < 0) refuse('bad-value');
  switch (kind) {
    case 'max-power-limit':
    case 'phase-unbalance-limit':
      return value > 18_201_624 ? refuse('bad-value') : amount16Field(value);
    case 'clear-credit':
      return value <= 7 || value === CLEAR_ALL_CREDIT ? value : refuse('bad-value');
    case 'clear-tamper':
      return value === 0 ? 0 : refuse('bad-value');
    default:
      return value <= 0xffff ? value : refuse('bad-value');
  }
}

/**
 * Makes a management token of class 2 (all but key change; IEC 62055-41 6.2.4 to 6.2.12).
 *
 * @throws {StsError} bad-subclass, bad-tid, tid-reserved, key-expired, bad-rnd, bad-value, key-destroyed
 * @example encodeManagement(key, { kind: 'clear-tamper', tid, rnd: 5, value: 0 }).digits
 */
export function encodeManagement(key: DecoderKey, request: ManagementRequest): ManagementToken {
  const { kind, tid } = request;
  if (!Object.hasOwn(MANAGEMENT_SUBCLASS, kind)) refuse('bad-subclass');
  const subclass = MANAGEMENT_SUBCLASS[kind];
  checkIdentifier(tid, key, request.special);
  const rnd = checkRnd(request.rnd);
  const field = managementField(kind, request.value);
  const limit = subclass === 0 || subclass === 6;
  const hi = ((subclass << 28) | (rnd << 24) | tid) >>> 0;
  const token = sealManagement(key, hi, field);
  return { ...token, tid, value: limit ? decodeAmount16(field) : field };
}

/** Adds the CRC to a class 2 block and encrypts it. @internal */
export function sealManagement(key: DecoderKey, hi: number, body16: number): Token {
  const lo = ((body16 << 16) | tokenCrc(2, hi, body16, false)) >>> 0;
  key.encryptBlock(hi, lo, out);
  return { digits: tokenDigits(2, out[0]!, out[1]!), block: { hi, lo }, tokenClass: 2, subclass: hi >>> 28 };
}

/** A test or display token to make. */
export interface TestDisplayRequest {
  /** 0: two-digit manufacturer code and 36 control bits; 1: four-digit code and 28 control bits. */
  readonly subclass: number;
  /** Plain number, 0 to 99 or 0 to 9999; 0 is any manufacturer. */
  readonly manufacturer: number;
  /** Control bits; bit n of STS.md section 4 weighs 2^(n-1). All ones tests everything. */
  readonly control: bigint;
}

/**
 * Makes a class 1 token: not encrypted, the same for every meter, never charged (STS.md section 4).
 *
 * @throws {StsError} bad-subclass, bad-manufacturer, bad-control
 * @example encodeTestDisplay({ subclass: 0, manufacturer: 0, control: 0xfffffffffn }).digits // '56493153725450313471'
 */
export function encodeTestDisplay({ subclass, manufacturer, control }: TestDisplayRequest): Token {
  if (subclass !== 0 && subclass !== 1) refuse('bad-subclass');
  if (!Number.isInteger(manufacturer) || manufacturer < 0 || manufacturer > (subclass === 0 ? 99 : 9999)) {
    refuse('bad-manufacturer');
  }
  const controlBits = subclass === 0 ? 36n : 28n;
  if (typeof control !== 'bigint' || control < 0n || control >> controlBits !== 0n) refuse('bad-control');
  const body = (control << (44n - controlBits)) | BigInt(manufacturer);
  const hi = ((subclass << 28) | Number(body >> 16n)) >>> 0;
  const body16 = Number(body & 0xffffn);
  const lo = ((body16 << 16) | tokenCrc(1, hi, body16, false)) >>> 0;
  return { digits: tokenDigits(1, hi, lo), block: { hi, lo }, tokenClass: 1, subclass };
}
