import { hash } from 'node:crypto';

/**
 * Names a token in the audit log without showing it. Whoever knows request id and digits can compute it, as
 * the vending side does for the nightly match; from the fingerprint alone nobody gets the digits, for a token
 * has 66 bits and the request id makes every token a puzzle of its own.
 *
 * @param digits 20 decimal digits
 * @returns the first 16 bytes of SHA-256(request id | "|" | digits) as 32 hexadecimal digits
 * @example tokenFingerprint('r-1:6612482:5', '12345678901234567890') // 32 digits
 */
export function tokenFingerprint(requestId: string, digits: string): string {
  return hash('sha256', `${requestId}|${digits}`, 'hex').slice(0, 32);
}
