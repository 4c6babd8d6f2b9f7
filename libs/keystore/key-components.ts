import { timingSafeEqual } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import { hexBytes, trimmed } from './hex-digits';
import type { KeystoreErrorCode } from './keystore.errors';
import { checkValue, withOddParity } from './vending-key';

const BYTES = { 2: 8, 4: 20 } as const;

/** A key put together from what two people know. */
export interface CombinedKey {
  /** 8 or 20 bytes; the caller fills them with zeros. */
  readonly value: Buffer;
  readonly kcv: string;
}

/**
 * Reads a key component: 16 (DKGA02) or 40 (DKGA04) hexadecimal digits, blanks between groups allowed.
 *
 * @returns the caller fills it with zeros
 * @throws {DomainError} `component-malformed`, `component-weak` when it is all zeros
 */
export function parseComponent(dkga: 2 | 4, text: Buffer): Buffer {
  const component = hexBytes(trimmed(text), BYTES[dkga], ' ');
  if (!component) throw new DomainError<KeystoreErrorCode>('component-malformed');
  if (component.some((byte) => byte !== 0)) return component;
  throw new DomainError<KeystoreErrorCode>('component-weak');
}

/**
 * Puts a vending key together from two components by XOR: neither of the two people who hold them knows it. A 64-bit
 * key gets odd parity, as DES keys have: the XOR of two keys with odd parity has even parity.
 *
 * @param a as `parseComponent` gives it; not erased
 * @throws {DomainError} `component-weak` when both are the same, which would make a key of zeros
 * @example const { value, kcv } = combineComponents(4, fromRahim, fromSalma);
 */
export function combineComponents(dkga: 2 | 4, a: Buffer, b: Buffer): CombinedKey {
  if (timingSafeEqual(a, b)) throw new DomainError<KeystoreErrorCode>('component-weak');
  const value = Buffer.alloc(a.length);
  for (let i = 0; i < a.length; i += 1) value[i] = a[i]! ^ b[i]!;
  if (dkga === 2) withOddParity(value);
  return { value, kcv: checkValue(dkga, value) };
}

/** @throws {DomainError} `check-value-mismatch`, with the value found; check values are no secret */
export function assertCheckValue(found: string, expected: string): void {
  if (found !== expected.toUpperCase()) throw new DomainError<KeystoreErrorCode>('check-value-mismatch', { found });
}
