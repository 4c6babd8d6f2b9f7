import { createHash, randomBytes } from 'node:crypto';
import type { InstantMs } from '@vend/kernel';
import { authenticator } from 'otplib';
import type { PersonRole } from '../identity';

/**
 * Roles that get no session without a second factor: who approves, holds keys, sets prices, keeps the books; and who
 * could give somebody else one of these roles.
 */
const NEED_SECOND_FACTOR: readonly PersonRole[] = [
  'supervisor',
  'key-officer',
  'tariff-officer',
  'accounts',
  'administrator',
];

/** @example needsSecondFactor('supervisor') // true */
export function needsSecondFactor(role: PersonRole): boolean {
  return NEED_SECOND_FACTOR.includes(role);
}

/** RFC 6238 as every phone has it: SHA-1, six digits, 30 seconds. */
const STEP_MS = 30_000;
/** A phone may be one step slow or fast (RFC 6238, 5.2). */
const DRIFT_STEPS = 1;
/** 160 bits, as RFC 4226 advises. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret in base32, for the phone. @example newTotpSecret() // 'JBSWY3DPEHPK3PXP…' */
export function newTotpSecret(): string {
  return base32(randomBytes(SECRET_BYTES));
}

/** What a phone scans. */
export function totpUri(username: string, secret: string): string {
  return authenticator.keyuri(username, 'Prepaid vending', secret);
}

/**
 * The code of a secret at an instant.
 *
 * @example totpCode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 59_000) // '287082' (RFC 6238, appendix B, last six digits)
 */
export function totpCode(secret: string, at: InstantMs): string {
  return authenticator.clone({ epoch: at }).generate(secret);
}

/** The time step whose code this is, now or one step away; undefined when it is none of theirs. */
export function totpStep(secret: string, code: string, at: InstantMs): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = authenticator.clone({ epoch: at, window: DRIFT_STEPS }).checkDelta(code, secret);
  return delta === null ? undefined : Math.floor(at / STEP_MS) + delta;
}

/** Ten codes of 80 bits for whoever has lost the phone, to be written down: `ABCD-EFGH-IJKL-MNOP`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => base32(randomBytes(10)).replace(/(.{4})(?=.)/g, '$1-'));
}

/** What is stored of a recovery code; 80 random bits need no salt. Undefined when it does not look like one. */
export function recoveryCodeHash(code: string): Buffer | undefined {
  const plain = code.toUpperCase().replaceAll('-', '');
  return /^[A-Z2-7]{16}$/.test(plain) ? createHash('sha256').update(plain).digest() : undefined;
}

function base32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const length = (bytes.length * 8) / 5;
  return Array.from({ length }, (_, i) => BASE32[Number((bits >> BigInt(5 * (length - 1 - i))) & 31n)]).join('');
}
