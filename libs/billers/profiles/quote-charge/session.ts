import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InstantMs } from '@vend/kernel';
import type { Provider } from '@vend/payments';

const VERSION = 1;
/** Version, then the end of the session in seconds since 1970. */
const BODY_BYTES = 1 + 5;
const MAC_BYTES = 24;
const MINUTES = 60;
const MINUTES_MAX = 24 * 60;

/**
 * An access token carries its end and a MAC over it, so that a session costs no row and every process reads every
 * other's. It is its provider's alone, and ends with the provider's password.
 *
 * @example sealSession(secret, provider, now) // 'AQBpH…', 40 characters
 */
export function sealSession(secret: Buffer, provider: Provider, now: InstantMs): string {
  const set = Number(provider.settings.sessionMinutes ?? MINUTES);
  const minutes = Number.isInteger(set) && set > 0 && set <= MINUTES_MAX ? set : MINUTES;
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION, 0);
  body.writeUIntBE(Math.floor(now / 1_000) + minutes * 60, 1, 5);
  return Buffer.concat([body, mac(secret, provider, body)]).toString('base64url');
}

/** What a token is worth at an instant. */
export function sessionState(
  secret: Buffer,
  provider: Provider,
  token: string | undefined,
  now: InstantMs,
): 'open' | 'expired' | 'foreign' {
  const bytes = Buffer.from(token ?? '', 'base64url');
  const body = bytes.subarray(0, BODY_BYTES);
  const genuine =
    bytes.length === BODY_BYTES + MAC_BYTES &&
    body[0] === VERSION &&
    timingSafeEqual(bytes.subarray(BODY_BYTES), mac(secret, provider, body));
  if (!genuine) return 'foreign';
  return body.readUIntBE(1, 5) * 1_000 > now ? 'open' : 'expired';
}

function mac(secret: Buffer, { code, credentials }: Provider, body: Buffer): Buffer {
  const ofProvider = JSON.stringify(['biller-session', code, credentials.appName, credentials.appPassword]);
  return createHmac('sha256', secret).update(ofProvider).update(body).digest().subarray(0, MAC_BYTES);
}
