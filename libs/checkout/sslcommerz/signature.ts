import { createHash, timingSafeEqual } from 'node:crypto';

export type SignatureAlgorithm = 'md5' | 'sha256';

/** Who signs fewer fields can put anything into the others. */
const SIGNED_AT_LEAST = ['amount', 'currency', 'status', 'store_id', 'tran_id'] as const;

/**
 * The signature of SSLCommerz v4 (CHANNELS.md, 5): the named fields and `store_passwd`, itself hashed, sorted by name,
 * as `name=value` joined with `&`, hashed. A filter against noise and no proof: the sender chooses which fields it is
 * over, and md5 with a secret in it is weak. The validation call proves.
 *
 * @param names the fields that `verify_key` names; one that is missing counts as empty
 * @returns hexadecimal, lower case
 * @example sslcommerzSignature({ amount: '10.00', … }, ['amount', …], 'test_testemi@ssl', 'md5') // 'd42fab70…'
 */
export function sslcommerzSignature(
  fields: Readonly<Record<string, string>>,
  names: readonly string[],
  storePassword: string,
  algorithm: SignatureAlgorithm,
): string {
  const signed: Record<string, string> = Object.fromEntries(names.map((name) => [name, fields[name] ?? '']));
  signed['store_passwd'] = hash(storePassword, algorithm);
  const text = Object.keys(signed)
    .sort()
    .map((name) => `${name}=${signed[name]!}`)
    .join('&');
  return hash(text, algorithm);
}

/**
 * Why a message is not SSLCommerz's, in a word; undefined: its signatures fit and are over enough.
 *
 * @param fields all that came, each once
 */
export function signatureFault(fields: Readonly<Record<string, string>>, storePassword: string): string | undefined {
  const { verify_key: key, verify_sign: md5, verify_sign_sha2: sha256 } = fields;
  if (!key || !md5) return 'signature-missing';
  const names = key.split(',').map((name) => name.trim());
  const paid = isPaid(fields['status']);
  const needed = [...SIGNED_AT_LEAST, ...(paid ? ['val_id'] : [])];
  if (!needed.every((name) => names.includes(name))) return 'signature-over-too-little';
  // Whoever names the password's own place would choose what stands there.
  if (names.includes('store_passwd')) return 'signature-wrong';
  if (!fits(sslcommerzSignature(fields, names, storePassword, 'md5'), md5)) return 'signature-wrong';
  if (sha256 === undefined) return undefined;
  return fits(sslcommerzSignature(fields, names, storePassword, 'sha256'), sha256) ? undefined : 'signature-wrong';
}

/** What SSLCommerz calls a payment that was made: the first time it is asked, and again. */
export function isPaid(status: string | undefined): boolean {
  return status === 'VALID' || status === 'VALIDATED';
}

function fits(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given.toLowerCase())];
  return a.length === b.length && timingSafeEqual(a, b);
}

function hash(text: string, algorithm: SignatureAlgorithm): string {
  return createHash(algorithm).update(text).digest('hex');
}
