import { refuse } from './sts.errors';

/** A 64-bit block as two unsigned 32-bit halves: BigInt costs a factor of a hundred here. */
export interface Block64 {
  /** Bits 63 to 32. */
  readonly hi: number;
  /** Bits 31 to 0. */
  readonly lo: number;
}

/** The 66 bits of a token: the class and the block, encrypted or (class 1) clear. */
export interface Token66 extends Block64 {
  /** 0 credit, 1 test and display, 2 management, 3 reserved. */
  readonly tokenClass: number;
}

const TWO32 = 0x1_0000_0000;
const CLASS_BITS = 0x18000000; // bits 28 and 27

/**
 * Prints a token: the class takes bits 28 and 27 of the block, the two bits that were there go to 65 and 64
 * (order kept), and the 66 bits are written as 20 decimal digits (IEC 62055-41 6.4.3; STS.md section 1).
 *
 * @example tokenDigits(0, 0xc45ed161, 0x9406df95) // '51043465443420856213'
 */
export function tokenDigits(tokenClass: number, hi: number, lo: number): string {
  const top = (lo >>> 27) & 3;
  const low = ((lo & ~CLASS_BITS) | (tokenClass << 27)) >>> 0;
  // Long division by 10^6 in doubles: each remainder times 2^32 stays below 2^53.
  const high = top * TWO32 + (hi >>> 0);
  const q1 = Math.floor(high / 1e6);
  const t = (high - q1 * 1e6) * TWO32 + low;
  const q2 = Math.floor(t / 1e6);
  const first14 = q1 * TWO32 + q2;
  const first7 = Math.floor(first14 / 1e7);
  return twentyDigits(first7 | 0, (first14 - first7 * 1e7) | 0, (t - q2 * 1e6) | 0);
}

/** 7, 7 and 6 digits as one flat string: joining strings makes a rope that costs twice as much when it is first read. */
function twentyDigits(a: number, b: number, c: number): string {
  const a1 = (a / 1e4) | 0;
  const a2 = a - a1 * 1e4;
  const b1 = (b / 1e4) | 0;
  const b2 = b - b1 * 1e4;
  const c1 = (c / 1e3) | 0;
  const c2 = c - c1 * 1e3;
  // prettier-ignore
  return String.fromCharCode(
    48 + ((a1 / 100) | 0), 48 + (((a1 / 10) | 0) % 10), 48 + (a1 % 10),
    48 + ((a2 / 1000) | 0), 48 + (((a2 / 100) | 0) % 10), 48 + (((a2 / 10) | 0) % 10), 48 + (a2 % 10),
    48 + ((b1 / 100) | 0), 48 + (((b1 / 10) | 0) % 10), 48 + (b1 % 10),
    48 + ((b2 / 1000) | 0), 48 + (((b2 / 100) | 0) % 10), 48 + (((b2 / 10) | 0) % 10), 48 + (b2 % 10),
    48 + ((c1 / 100) | 0), 48 + (((c1 / 10) | 0) % 10), 48 + (c1 % 10),
    48 + ((c2 / 100) | 0), 48 + (((c2 / 10) | 0) % 10), 48 + (c2 % 10),
  );
}

const TWENTY = /^[0-9]{20}$/;

/**
 * Reads 20 digits back into class and block; the highest token is 73786976294838206463.
 *
 * @param digits exactly 20 decimal digits, no blanks
 * @throws {StsError} bad-digits, token-too-large
 * @example parseTokenDigits('51043465443420856213') // { tokenClass: 0, hi: 0xc45ed161, lo: 0x9406df95 }
 */
export function parseTokenDigits(digits: string): Token66 {
  if (typeof digits !== 'string' || !TWENTY.test(digits)) refuse('bad-digits');
  const first14 = Number(digits.slice(0, 14));
  const upper = Math.floor(first14 / TWO32);
  const carry = (first14 - upper * TWO32) * 1e6 + Number(digits.slice(14));
  const carried = Math.floor(carry / TWO32);
  const low = carry - carried * TWO32;
  const high = upper * 1e6 + carried;
  const top = Math.floor(high / TWO32);
  if (top > 3) refuse('token-too-large');
  return {
    tokenClass: (low >>> 27) & 3,
    hi: high - top * TWO32,
    lo: ((low & ~CLASS_BITS) | (top << 27)) >>> 0,
  };
}

/** The usual display: five groups of four. @example groupDigits('51043465443420856213') // '5104 3465 4434 2085 6213' */
export function groupDigits(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

const BYTE = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

/** A block as 16 hex digits. @example formatBlock({ hi: 0x0b19eb23, lo: 0x0100c207 }) // '0b19eb230100c207' */
export function formatBlock({ hi, lo }: Block64): string {
  return (
    BYTE[hi >>> 24]! +
    BYTE[(hi >>> 16) & 255]! +
    BYTE[(hi >>> 8) & 255]! +
    BYTE[hi & 255]! + // bits 63 to 32
    (BYTE[lo >>> 24]! + BYTE[(lo >>> 16) & 255]! + BYTE[(lo >>> 8) & 255]! + BYTE[lo & 255]!)
  );
}
