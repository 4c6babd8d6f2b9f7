/**
 * The key-encryption key (KEK), wherever it lives: whoever may use it may open the key file, and nobody else can.
 *
 * Contract of every kind: what was sealed under one context opens under that context alone; a changed byte, another
 * context or another KEK is refused with `key-file-tampered`. The same plain text seals differently each time.
 *
 * @example const sealed = await kek.seal(value, 'vend/service-key/results');
 */
export interface KeyEncryptionKey {
  readonly kind: 'software' | 'pkcs11';
  /** 16 hexadecimal digits that tell one KEK from another; not a secret. */
  readonly id: string;
  /** @param context is bound to the sealed bytes and not stored in them */
  seal(plain: Uint8Array, context: string): Promise<Buffer>;
  /**
   * @returns the plain bytes; the caller fills them with zeros
   * @throws {DomainError} `key-file-tampered`, `module-unavailable`
   */
  open(sealed: Uint8Array, context: string): Promise<Buffer>;
  /** Erases what of it is in this process. */
  close(): void;
}
