import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Seals a small secret for storage: AES-256-GCM, 12-byte random nonce, 16-byte tag, nonce | tag | ciphertext.
 * The context (say, the partner's code) is bound in, so that a sealed value cannot be moved to another row.
 */
export function seal(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Opens what `seal` made. @throws {Error} when key, context or bytes are not the ones it was sealed with */
export function unseal(key: Buffer, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key.subarray(0, 32), sealed.subarray(0, 12))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
