import { createHash } from 'node:crypto';

/** One more than the highest number that the 66 bits of a token can be (IEC 62055-41, 6.4.3). */
const TOKENS_END = 1n << 66n;
/** Bits 28 and 27 are the token's class; class 3 is reserved, and no meter acts on it (IEC 62055-41, 6.2.1). */
const CLASS_3 = 3n << 27n;
const FLOOR = 90_000_000_000_000_000_000n;
/** So far below 20 digits' end that setting the class cannot lead over it. */
const SPAN = 9_999_999_000_000_000_000n;

/**
 * Digits that look like a token and that no meter takes, whatever its keys: they begin with 9, and a token has 66 bits,
 * whose highest number is 73786976294838206463. There is nothing to decrypt. And should a meter read only the lower 66
 * bits of them, it finds class 3, which is reserved, and again decrypts nothing.
 *
 * @param of what it stands for; the same digits for the same text, for ever
 * @returns 20 digits
 * @example sandboxToken('demo-form CK12AB34CD 1') // '9…', 20 digits
 */
export function sandboxToken(of: string): string {
  const hash = BigInt(`0x${createHash('sha256').update(`sandbox token ${of}`).digest('hex')}`);
  const lower = FLOOR + (hash % SPAN) - TOKENS_END;
  return (TOKENS_END + (lower | CLASS_3)).toString();
}
