import { createHash } from 'node:crypto';

/**
 * Signs a message as SSLCommerz does; written apart from the side that checks it.
 *
 * @param named the fields that are signed: what `verify_key` says
 */
export function signedMessage(
  fields: Readonly<Record<string, string>>,
  named: readonly string[],
  password: string,
): Record<string, string> {
  const sign = (algorithm: 'md5' | 'sha256') => {
    const hash = (text: string) => createHash(algorithm).update(text, 'utf8').digest('hex');
    const pairs = [...named.map((name) => [name, fields[name]!] as const), ['store_passwd', hash(password)] as const];
    pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    return hash(pairs.map((pair) => pair.join('=')).join('&'));
  };
  return { ...fields, verify_key: named.join(','), verify_sign: sign('md5'), verify_sign_sha2: sign('sha256') };
}
