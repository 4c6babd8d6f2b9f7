import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import type { KeyEncryptionKey } from './key-encryption-key';
import type { KeystoreErrorCode } from './keystore.errors';

export const KEK_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The keys that follow from one KEK, one for each use, so that a flaw in one use does not reach another. */
export interface KekParts {
  /** Seals by AES-256-GCM. */
  readonly seal: Buffer;
  /** Wraps vending keys inside a PKCS#11 module (RFC 5649). */
  readonly wrap: Buffer;
  /** 16 hexadecimal digits of a one-way function: tells a wrong KEK from a changed file. */
  readonly id: string;
  erase(): void;
}

/**
 * Derives the working keys of a KEK (HKDF-SHA-256, RFC 5869). A PKCS#11 token that is given these opens the same files.
 *
 * @param master 32 bytes; neither kept nor erased
 */
export function partsOfKek(master: Buffer): KekParts {
  if (master.length !== KEK_BYTES) throw new RangeError('a key-encryption key has 32 bytes');
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `vend/keystore/2/${use}`, 32));
  const [seal, wrap, check] = [derive('seal'), derive('wrap'), derive('check')];
  const id = check.toString('hex', 0, 8);
  check.fill(0);
  return { seal, wrap, id, erase: () => [seal, wrap].forEach((key) => key.fill(0)) };
}

/**
 * A KEK in this process's memory: AES-256-GCM with a random 96-bit IV, laid out IV | cipher text | tag.
 *
 * @example const kek = new SoftwareKek(master); master.fill(0);
 */
export class SoftwareKek implements KeyEncryptionKey {
  readonly kind = 'software';
  readonly id: string;
  readonly #parts: KekParts;
  #closed = false;

  /** @param master 32 bytes; copied, so the caller erases its own */
  constructor(master: Buffer) {
    this.#parts = partsOfKek(master);
    this.id = this.#parts.id;
  }

  async seal(plain: Uint8Array, context: string): Promise<Buffer> {
    this.refuseClosed();
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#parts.seal, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  async open(sealed: Uint8Array, context: string): Promise<Buffer> {
    this.refuseClosed();
    if (sealed.length < IV_BYTES + TAG_BYTES) throw tampered();
    const end = sealed.length - TAG_BYTES;
    const iv = sealed.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#parts.seal, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(end));
    const plain = decipher.update(sealed.subarray(IV_BYTES, end));
    try {
      decipher.final();
      return plain;
    } catch {
      // GCM hands out the bytes before it has judged them.
      plain.fill(0);
      throw tampered();
    }
  }

  /**
   * Opens a vending key that was wrapped inside a PKCS#11 token holding the same KEK: the way back from such a token.
   *
   * @returns the wrapped bytes, to be erased by the caller
   * @throws {DomainError} `key-file-tampered`
   */
  unwrap(wrapped: Uint8Array): Buffer {
    this.refuseClosed();
    const decipher = createDecipheriv('id-aes256-wrap-pad', this.#parts.wrap, Buffer.from('a65959a6', 'hex'));
    try {
      return Buffer.concat([decipher.update(wrapped), decipher.final()]);
    } catch {
      throw tampered();
    }
  }

  close(): void {
    this.#closed = true;
    this.#parts.erase();
  }

  private refuseClosed(): void {
    if (this.#closed) throw new DomainError<KeystoreErrorCode>('module-closed');
  }
}

function tampered(): DomainError<KeystoreErrorCode> {
  return new DomainError<KeystoreErrorCode>('key-file-tampered');
}
