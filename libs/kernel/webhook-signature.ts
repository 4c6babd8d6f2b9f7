import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InstantMs } from './calendar';

/** How far a message's timestamp may be from our clock, either way. */
const WEBHOOK_WINDOW_SECONDS = 300;
const SECRET_PREFIX = 'whsec_';

/** The headers of a signed message (Standard Webhooks 1.0). */
export interface WebhookHeaders {
  readonly 'webhook-id': string;
  /** Unix seconds. */
  readonly 'webhook-timestamp': string;
  /** `v1,` and base64; several, separated by blanks, while a sender changes its secret. */
  readonly 'webhook-signature': string;
}

/**
 * The signature of a message: `v1,` base64 HMAC-SHA256(secret, `${id}.${timestamp}.${body}`), Standard Webhooks 1.0.
 *
 * @param body the bytes on the wire, before any parsing
 * @example webhookSignature(secret, 'load-1', '1795200000', Buffer.from(body)) // 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='
 */
export function webhookSignature(secret: Buffer, id: string, timestamp: string, body: Uint8Array): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/**
 * Signs a message that goes out now, with every secret that its receiver may still be checking with.
 *
 * @example webhookHeaders([secret], eventId, body, Date.now())['webhook-signature'] // 'v1,…'
 */
export function webhookHeaders(
  secrets: readonly Buffer[],
  id: string,
  body: Uint8Array,
  nowMs: InstantMs,
): WebhookHeaders {
  const timestamp = String(Math.floor(nowMs / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => webhookSignature(secret, id, timestamp, body)).join(' '),
  };
}

/**
 * True when one of the signatures in the header is the right one; the time it takes does not tell how much of it was.
 * Several, separated by blanks, are what a sender has while it changes its secret.
 */
export function webhookSignatureFits(
  secret: Buffer,
  { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given }: WebhookHeaders,
  body: Uint8Array,
): boolean {
  const expected = Buffer.from(webhookSignature(secret, id, timestamp, body));
  return given
    .split(' ', 5)
    .map((one) => Buffer.from(one))
    .map((one) => timingSafeEqual(expected, one.length === expected.length ? one : Buffer.alloc(expected.length)))
    .includes(true);
}

/** True when the header's time is within the window around now. */
export function webhookIsFresh(timestamp: string, nowMs: InstantMs): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1000 - Number(timestamp)) <= WEBHOOK_WINDOW_SECONDS;
}

/** How a secret is handed to a receiver: `whsec_` and base64. @example webhookSecretText(randomBytes(32)) */
export function webhookSecretText(secret: Buffer): string {
  return SECRET_PREFIX + secret.toString('base64');
}
