/** What a cheat, or a clock, makes of our signed texts. */
import { createHmac } from 'node:crypto';
import { openQuoteId, sealQuoteId } from '../../libs/vending/quote-id';

/** A quote id as it would be, had its time run out a second ago. */
export function expiredQuote(quoteId: string, quoteSecret: Buffer): string {
  return sealQuoteId(quoteSecret, { ...openQuoteId(quoteSecret, quoteId), expiresAt: Date.now() - 1_000 });
}

/** An access token with other claims, signed with a secret, or with the algorithm `none`. */
export function forgedSession(accessToken: string, change: object, secret: Buffer | null): string {
  const [header, claims] = accessToken.split('.') as [string, string];
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const changed = encode({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change });
  const head = secret ? header : encode({ alg: 'none', typ: 'JWT' });
  const signature = secret ? createHmac('sha256', secret).update(`${head}.${changed}`).digest('base64url') : '';
  return `${head}.${changed}.${signature}`;
}
