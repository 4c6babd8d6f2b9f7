import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether a caller said the very secret, in a time that tells nothing of it. A secret that is not set is never said.
 *
 * @example sameSecret(fields.secret('password'), provider.credentials['password'])
 */
export function sameSecret(said: string | undefined, secret: string | undefined): boolean {
  const equal = timingSafeEqual(digest(said ?? ''), digest(secret ?? ''));
  return equal && said !== undefined && secret !== undefined && secret !== '';
}

/**
 * Whether an `Authorization` header has this name and password (RFC 7617, in UTF-8), in a time that tells nothing of them.
 *
 * @example sameBasic(request.headers['authorization'], 'rocket', provider.credentials['basicPassword'])
 */
export function sameBasic(header: string | undefined, name: string | undefined, secret: string | undefined): boolean {
  const encoded = /^basic +([a-z0-9+/=_-]+) *$/i.exec(header ?? '')?.[1] ?? '';
  const said = Buffer.from(encoded, 'base64').toString('utf8');
  const set = name !== undefined && name !== '' && secret !== undefined && secret !== '';
  return sameSecret(said, `${name}:${secret}`) && set;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
