import { formatInstant, formatTaka, parseTaka, type InstantMs, type Paisa } from '@vend/kernel';
import type { BillerLine } from '../core';

/**
 * An amount in Taka as a caller wrote it: digits, and at most two decimals.
 *
 * @returns undefined for what is none: a sign, an exponent, three decimals, a comma
 * @example readTaka('500.10') // 50010n
 */
export function readTaka(text: string): Paisa | undefined {
  return /^\d{1,13}(?:\.\d{1,2})?$/.test(text) ? parseTaka(text) : undefined;
}

/** An id that a caller may give its payment: at most 64 printable ASCII characters, none of them a blank. */
export function isTrxId(text: string): boolean {
  return /^[\x21-\x7e]{1,64}$/.test(text);
}

/** What a payer may name a meter by: at most 64 characters, none of them a control character. */
export function isReference(text: string): boolean {
  return /^[^\p{C}]{1,64}$/u.test(text);
}

/** Dhaka's clock as most contracts write it, yyyyMMddHHmmss. @example compactTime(0) // '19700101060000' */
export function compactTime(at: InstantMs): string {
  return formatInstant(at).slice(0, 19).replace(/\D/g, '');
}

/** Dhaka's clock, YYYY-MM-DD HH:mm:ss. @example plainTime(0) // '1970-01-01 06:00:00' */
export function plainTime(at: InstantMs): string {
  return formatInstant(at).slice(0, 19).replace('T', ' ');
}

/** A token as it is shown. @example groupedToken('12345678901234567890') // '1234-5678-9012-3456-7890' */
export function groupedToken(digits: string): string {
  return digits.replace(/\d{4}(?=\d)/g, '$&-');
}

/** What callers' screens call the parts of a payment. */
const NAMES: Readonly<Record<string, string>> = { energy: 'Energy Cost', vat: 'VAT Amount' };

/** The parts of a payment by their English names, in Taka; parts of one name are summed. They add up to the amount. */
export function breakdownOf(lines: readonly BillerLine[]): Record<string, string> {
  const sums = new Map<string, Paisa>();
  for (const { code, en, amountPaisa } of lines) {
    const name = NAMES[code] ?? en;
    sums.set(name, (sums.get(name) ?? 0n) + amountPaisa);
  }
  return Object.fromEntries([...sums].map(([name, paisa]) => [name, formatTaka(paisa)]));
}
