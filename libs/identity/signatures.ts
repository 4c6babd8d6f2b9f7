import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InstantMs } from '@vend/kernel';

/** How far a request's timestamp may be from our clock, either way; older ones are replays. */
export const SIGNATURE_WINDOW_SECONDS = 300;

/**
 * The signature of a partner's request: hex HMAC-SHA256(secret, `${timestamp}.${rawBody}`).
 *
 * @param timestamp unix seconds as in the header X-Timestamp
 * @param rawBody the bytes on the wire, before any parsing
 * @example headers['X-Signature'] = requestSignature(secret, '1795200000', Buffer.from(body));
 */
export function requestSignature(secret: Buffer, timestamp: string, rawBody: Uint8Array): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest('hex');
}

/** True when the signature is the right one; the time it takes does not tell how much of it was right. */
export function signatureFits(secret: Buffer, timestamp: string, rawBody: Uint8Array, signature: string): boolean {
  const expected = Buffer.from(requestSignature(secret, timestamp, rawBody), 'hex');
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature) ? signature : '', 'hex');
  // timingSafeEqual needs equal lengths; a malformed signature is compared, in vain, with its own zeros.
  return timingSafeEqual(expected, given.length === expected.length ? given : Buffer.alloc(expected.length));
}

/** True when the header's time is within the window around now. */
export function timestampIsFresh(timestamp: string, nowMs: InstantMs): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(nowMs / 1000 - Number(timestamp)) <= SIGNATURE_WINDOW_SECONDS;
}
