import { randomBytes } from 'node:crypto';
import { dhakaDay, type InstantMs } from '@vend/kernel';

/** Crockford's base 32: no I, L, O, U, so that it can be read aloud over a counter. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A receipt number for people: business day and fifty random bits. Not a sequence, so that any number of servers
 * can make them; the database's unique key catches the one in a billion that repeats.
 *
 * @example receiptNo(Date.now()) // 'NV-261121-7K3M9QXA2T'
 */
export function receiptNo(at: InstantMs): string {
  const letters = Array.from(randomBytes(10), (byte) => ALPHABET[byte & 31]).join('');
  return `NV-${dhakaDay(at).slice(2).replaceAll('-', '')}-${letters}`;
}
