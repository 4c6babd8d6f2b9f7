import { Algorithm, hash, verify } from '@node-rs/argon2';

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. Some 20 ms, off the event loop. */
const OPTIONS = { algorithm: Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A longer password is refused before it costs anything. */
const PASSWORD_MAX_BYTES = 128;

/** Hashes a password for storage, salt and parameters inside. @example await hashPassword('…') // '$argon2id$v=19$…' */
export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** True when the password made the hash. */
export async function passwordFits(passwordHash: string, password: string): Promise<boolean> {
  return Buffer.byteLength(password) <= PASSWORD_MAX_BYTES && verify(passwordHash, password);
}
