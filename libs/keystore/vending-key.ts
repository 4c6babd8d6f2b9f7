import { createCipheriv, createHmac } from 'node:crypto';
import { DomainError, startOfDay } from '@vend/kernel';
import type { LocalDay } from '@vend/kernel';
import type { KeystoreErrorCode } from './keystore.errors';

/** Year of the base date from which TIDs of a vending key count. */
export type BaseDate = 1993 | 2014 | 2035;

/** VUDK vends (KT 2), VCDK is common (KT 3), VDDK only prepares key changes (KT 1). STS.md §10. */
export type VendingKeyKind = 'VUDK' | 'VDDK' | 'VCDK';

/** What may be known of a vending key by anyone; all of it is bound to the sealed value. */
export interface VendingKeyAttributes {
  /** Supply group code, 6 digits; with `krn` it names one vending key. */
  readonly sgc: string;
  /** Key revision number, 1 to 9. */
  readonly krn: number;
  readonly kind: VendingKeyKind;
  /** Decoder key generation algorithm: 2 (64-bit DES key) or 4 (160-bit HMAC key). */
  readonly dkga: 2 | 4;
  readonly baseDate: BaseDate;
  /** Key expiry number, 0 to 255; 255 never expires. */
  readonly ken: number;
}

/** `loaded`: not yet in use. `active`: makes tokens. `retired`: only leads meters away from it. */
export type VendingKeyState = 'loaded' | 'active' | 'retired';

/** What may change in the life of a vending key; bound to the sealed value like its attributes. */
export interface VendingKeyStanding {
  readonly state: VendingKeyState;
  /** IUT: the last Dhaka day on which tokens are made under it, `2031-12-31`; null without an end but its KEN. */
  readonly issuedUntil: LocalDay | null;
}

/** Attributes and the check value by which two people compare keys without showing them. */
export interface VendingKeyInfo extends VendingKeyAttributes, VendingKeyStanding {
  /** 6 hexadecimal digits. */
  readonly kcv: string;
}

/** An opened vending key. Whoever holds the value can print electricity: never log, copy or return it. */
export interface OpenVendingKey extends VendingKeyInfo {
  /** 8 bytes (DKGA02) or 20 bytes (DKGA04); filled with zeros on close. */
  readonly value: Buffer;
}

const VALUE_BYTES = { 2: 8, 4: 20 } as const;

/**
 * Check value of a vending key, 6 upper-case hexadecimal digits: the first 24 bits of a zero block encrypted
 * under a DES key (the usual KCV), or of HMAC-SHA-256 over eight zero bytes for a 160-bit key.
 *
 * @example checkValue(4, Buffer.alloc(20, 1)) // six digits that tell nothing usable of the key
 */
export function checkValue(dkga: 2 | 4, value: Buffer): string {
  if (dkga === 4) return createHmac('sha256', value).update(Buffer.alloc(8)).digest('hex').slice(0, 6).toUpperCase();
  // Three equal keys make triple DES single DES, which OpenSSL 3 no longer offers by name.
  const triple = Buffer.concat([value, value, value]);
  const cipher = createCipheriv('des-ede3-ecb', triple, null).setAutoPadding(false);
  const block = cipher.update(Buffer.alloc(8));
  triple.fill(0);
  return block.toString('hex', 0, 3).toUpperCase();
}

/** Sets the lowest bit of each byte so that it has an odd number of ones: of a DES key nothing else changes. */
export function withOddParity(value: Buffer): void {
  value.forEach((byte, i) => {
    let ones = 0;
    for (let rest = byte >> 1; rest > 0; rest >>= 1) ones += rest & 1;
    value[i] = (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0);
  });
}

/** True when each byte has an odd number of ones, as DES keys must (DKGA02 XORs the parity bits in). */
function hasOddParity(value: Uint8Array): boolean {
  return value.every((byte) => {
    let ones = 0;
    for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
    return ones % 2 === 1;
  });
}

/**
 * Checks length, parity and attributes of a vending key.
 *
 * @throws {DomainError} `vending-key-invalid`, naming the field but never the value
 */
export function assertVendingKey(key: VendingKeyAttributes & Partial<VendingKeyStanding>, value: Buffer): void {
  const wrong = (field: string): never => {
    throw new DomainError<KeystoreErrorCode>('vending-key-invalid', { field, sgc: key.sgc, krn: key.krn });
  };
  if (!/^\d{6}$/.test(key.sgc)) wrong('sgc');
  if (!Number.isInteger(key.krn) || key.krn < 1 || key.krn > 9) wrong('krn');
  if (!Number.isInteger(key.ken) || key.ken < 0 || key.ken > 255) wrong('ken');
  if (![1993, 2014, 2035].includes(key.baseDate)) wrong('baseDate');
  if (!['VUDK', 'VDDK', 'VCDK'].includes(key.kind)) wrong('kind');
  if (!isDayOrNone(key.issuedUntil ?? null)) wrong('issuedUntil');
  if (VALUE_BYTES[key.dkga] !== value.length) wrong('length');
  if (key.dkga === 2 && !hasOddParity(value)) wrong('parity');
}

function isDayOrNone(day: LocalDay | null): boolean {
  try {
    return day === null || startOfDay(day) > 0;
  } catch {
    return false;
  }
}
