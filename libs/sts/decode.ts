import { decodeAmount16, decodeAmount20 } from './amount';
import { tokenCrc } from './crc';
import type { DecoderKey } from './decoder-key';
import { parseTokenDigits } from './digits';
import type { Block64, Token66 } from './digits';
import { CLEAR_ALL_CREDIT, MANAGEMENT_SUBCLASS } from './encode';
import type { ManagementKind } from './encode';
import { readSection } from './key-change';
import type { KeyChangeSection } from './key-change';
import { StsError, refuse } from './sts.errors';
import type { StsErrorCode } from './sts.errors';
import { isKeyExpired, isReservedTid } from './tid';

interface Decoded {
  readonly subclass: number;
  /** The clear 64-bit block. For key-change sections it holds key bits. */
  readonly block: Block64;
}

/** A credit token as a meter reads it. */
export interface DecodedCredit extends Decoded {
  readonly kind: 'credit';
  readonly tokenClass: 0;
  readonly tid: number;
  /** True for the identifier of 00:01, kept for special tokens. */
  readonly reservedTid: boolean;
  /** Undefined for currency tokens, which have none. */
  readonly rnd: number | undefined;
  /** Tenths for subclasses 0 to 3, hundred-thousandths for 4 to 7. */
  readonly units: bigint;
}

/** A management token with one value. */
export interface DecodedManagement extends Decoded {
  readonly kind: ManagementKind;
  readonly tokenClass: 2;
  readonly tid: number;
  readonly reservedTid: boolean;
  readonly rnd: number;
  /** Watts for limits, the field itself otherwise. */
  readonly value: number;
}

/** One key-change section. */
export interface DecodedKeyChange extends Decoded {
  readonly kind: 'key-change';
  readonly tokenClass: 2;
  readonly section: KeyChangeSection;
}

/** A test or display token. */
export interface DecodedTestDisplay extends Decoded {
  readonly kind: 'test-display';
  readonly tokenClass: 1;
  readonly manufacturer: number;
  readonly control: bigint;
}

/** Whatever 20 digits may say. */
export type DecodedToken = DecodedCredit | DecodedManagement | DecodedKeyChange | DecodedTestDisplay;

const MANAGEMENT_KIND = new Map(
  Object.entries(MANAGEMENT_SUBCLASS).map(([kind, subclass]) => [subclass as number, kind as ManagementKind]),
);
const out = new Uint32Array(2);

/**
 * Reads a token, with its meter's decoder key; class 1 needs none. Checks form and content, not time:
 * see `verifyToken` for expiry and key type, and `StsMeter` for what a meter answers.
 *
 * @throws {StsError} bad-digits, token-too-large, class-reserved, no-key, crc, unknown-subclass, bad-field,
 * key-destroyed
 * @example decodeToken('56493153725450313471', null).kind // 'test-display'
 */
export function decodeToken(digits: string, key: DecoderKey | null): DecodedToken {
  const decoded = openToken(parseTokenDigits(digits), key);
  return typeof decoded === 'string' ? refuse(decoded) : decoded;
}

/**
 * Reads a token and says whether it is good under this key: `decodeToken`, then a credit under the default key and a
 * token made after the key expired are refused. It does not know which tokens the meter has seen.
 *
 * @throws {StsError} key-expired, credit-under-ddtk and those of decodeToken
 * @example verifyToken('51043465443420856213', key)
 */
export function verifyToken(digits: string, key: DecoderKey | null): DecodedToken {
  const decoded = decodeToken(digits, key);
  const code = key && policyRefusal(decoded, key, true);
  return code ? refuse(code) : decoded;
}

/** Why an intact token is not good under its key, if so. @internal */
export function policyRefusal(token: DecodedToken, key: DecoderKey, enforceExpiry: boolean): StsErrorCode | undefined {
  if (enforceExpiry && 'tid' in token && isKeyExpired(token.tid, key.ken)) return 'key-expired';
  if (token.tokenClass === 0 && key.kt === 1) return 'credit-under-ddtk';
  return undefined;
}

/** Reads parsed digits; a refusal comes back as its code, because a meter sees many and exceptions are slow. @internal */
export function openToken(token: Token66, key: DecoderKey | null): DecodedToken | StsErrorCode {
  if (token.tokenClass === 3) return 'class-reserved';
  if (token.tokenClass === 1) return openTestDisplay(token.hi, token.lo);
  if (!key) return 'no-key';
  key.decryptBlock(token.hi, token.lo, out);
  const hi = out[0]!;
  const lo = out[1]!;
  return token.tokenClass === 0 ? openCredit(hi, lo) : openManagement(hi, lo, key);
}

function openCredit(hi: number, lo: number): DecodedToken | StsErrorCode {
  const subclass = hi >>> 28;
  const currency = subclass >= 4 && subclass <= 7;
  const field16 = lo >>> 16;
  if ((lo & 0xffff) !== tokenCrc(0, hi, field16, currency)) return 'crc';
  if (subclass > 7) return 'unknown-subclass';
  const nibble = (hi >>> 24) & 15;
  const tid = hi & 0xffffff;
  return {
    kind: 'credit',
    tokenClass: 0,
    subclass,
    block: { hi, lo },
    tid,
    reservedTid: isReservedTid(tid),
    rnd: currency ? undefined : nibble,
    units: currency ? decodeAmount20((nibble << 16) | field16) : BigInt(decodeAmount16(field16)),
  };
}

function openManagement(hi: number, lo: number, key: DecoderKey): DecodedToken | StsErrorCode {
  const field16 = lo >>> 16;
  if ((lo & 0xffff) !== tokenCrc(2, hi, field16, false)) return 'crc';
  const subclass = hi >>> 28;
  const kind = MANAGEMENT_KIND.get(subclass);
  if (kind === undefined) {
    const section = readSection(key.ea, hi, lo);
    if (section === undefined) return 'unknown-subclass';
    return section === null ? 'bad-field' : { kind: 'key-change', tokenClass: 2, subclass, block: { hi, lo }, section };
  }
  if (kind === 'clear-credit' && field16 > 7 && field16 !== CLEAR_ALL_CREDIT) return 'bad-field';
  if (kind === 'clear-tamper' && field16 !== 0) return 'bad-field';
  const tid = hi & 0xffffff;
  return {
    kind,
    tokenClass: 2,
    subclass,
    block: { hi, lo },
    tid,
    reservedTid: isReservedTid(tid),
    rnd: (hi >>> 24) & 15,
    value: subclass === 0 || subclass === 6 ? decodeAmount16(field16) : field16,
  };
}

function openTestDisplay(hi: number, lo: number): DecodedToken | StsErrorCode {
  const body16 = lo >>> 16;
  if ((lo & 0xffff) !== tokenCrc(1, hi, body16, false)) return 'crc';
  const subclass = hi >>> 28;
  if (subclass > 1) return 'unknown-subclass';
  const body = (BigInt(hi & 0xfffffff) << 16n) | BigInt(body16);
  const mfrBits = subclass === 0 ? 8n : 16n;
  const manufacturer = Number(body & ((1n << mfrBits) - 1n));
  if (manufacturer > (subclass === 0 ? 99 : 9999)) return 'bad-field';
  return { kind: 'test-display', tokenClass: 1, subclass, block: { hi, lo }, manufacturer, control: body >> mfrBits };
}

/** The code of a refusal, or undefined for any other error. @example refusalCode(error) // 'crc' */
export function refusalCode(error: unknown): StsErrorCode | undefined {
  return error instanceof StsError ? error.code : undefined;
}
