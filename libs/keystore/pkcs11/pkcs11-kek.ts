import { randomBytes } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import type { WrappingKek } from '../key-file';
import type { KeystoreErrorCode } from '../keystore.errors';
import { partsOfKek } from '../software-kek';
import { returnCodeOf } from './pkcs11-errors';
import type { Pkcs11Token, Handle, Session, Template } from './pkcs11-token';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Room for what a token answers; nothing here is longer. */
const ROOM_BYTES = 1024;
const LABELS = { seal: 'vend-kek-seal', wrap: 'vend-kek-wrap' } as const;
type Part = keyof typeof LABELS;

const NEEDED = ['CKM_AES_GCM', 'CKM_AES_KEY_WRAP_PAD', 'CKM_SHA256_HMAC'] as const;

/**
 * A KEK inside a PKCS#11 token: two AES-256 keys that the token neither shows nor lets be copied out. One only
 * encrypts and decrypts (AES-GCM), one only wraps and unwraps (AES key wrap with padding): a key with both rights
 * could be made to decrypt what it has wrapped.
 */
export class Pkcs11Kek implements WrappingKek {
  readonly kind = 'pkcs11';
  private handles: Readonly<Record<Part, Handle>>;
  private epoch: number;

  private constructor(
    readonly token: Pkcs11Token,
    readonly id: string,
  ) {
    this.handles = { seal: this.find('seal'), wrap: this.find('wrap') };
    this.epoch = token.epoch;
  }

  /**
   * The KEK of this id in a token.
   *
   * @throws {DomainError} `kek-wrong` when the token has none, `pkcs11-unsuitable`
   */
  static find(token: Pkcs11Token, id: string): Pkcs11Kek {
    const lacking = token.lacks(NEEDED);
    if (lacking.length > 0) {
      throw new DomainError<KeystoreErrorCode>('pkcs11-unsuitable', { mechanism: lacking.join(' ') });
    }
    return new Pkcs11Kek(token, id);
  }

  /** Makes a KEK inside the token. Nobody ever sees it; its backup is the token's own. */
  static generate(token: Pkcs11Token): Pkcs11Kek {
    const id = randomBytes(8).toString('hex');
    for (const part of ['seal', 'wrap'] as const) {
      token.hold(({ api, ck, handle }) => {
        const template = [...kekTemplate(ck, part, id), { type: ck.CKA_VALUE_LEN, value: 32 }];
        api.C_GenerateKey(handle, { mechanism: ck.CKM_AES_KEY_GEN }, template);
      });
    }
    return Pkcs11Kek.find(token, id);
  }

  /**
   * Brings a KEK into the token that custodians hold in shares: the same files open in this token as in memory.
   *
   * @param master 32 bytes; not kept
   */
  static import(token: Pkcs11Token, master: Buffer): Pkcs11Kek {
    const parts = partsOfKek(master);
    try {
      for (const part of ['seal', 'wrap'] as const) {
        if (present(token, part, parts.id)) continue;
        token.hold(({ api, ck, handle }) =>
          api.C_CreateObject(handle, [...kekTemplate(ck, part, parts.id), { type: ck.CKA_VALUE, value: parts[part] }]),
        );
      }
      return Pkcs11Kek.find(token, parts.id);
    } finally {
      parts.erase();
    }
  }

  /** Another KEK of the same token, to be closed like this one. @throws {DomainError} `kek-wrong` */
  sibling(id: string): Pkcs11Kek {
    const found = Pkcs11Kek.find(this.token, id);
    this.token.retained();
    return found;
  }

  async seal(plain: Uint8Array, context: string): Promise<Buffer> {
    const iv = randomBytes(IV_BYTES);
    const sealed = await this.token.use(({ api, ck, handle }) => {
      api.C_EncryptInit(handle, gcm(ck, iv, context), this.handle('seal'));
      return api.C_EncryptAsync(handle, Buffer.from(plain), Buffer.alloc(ROOM_BYTES));
    });
    return Buffer.concat([iv, sealed]);
  }

  async open(sealed: Uint8Array, context: string): Promise<Buffer> {
    if (sealed.length < IV_BYTES + TAG_BYTES) throw tampered();
    const iv = Buffer.from(sealed.subarray(0, IV_BYTES));
    const body = Buffer.from(sealed.subarray(IV_BYTES));
    return this.token.use(async ({ api, ck, handle }) => {
      api.C_DecryptInit(handle, gcm(ck, iv, context), this.handle('seal'));
      try {
        return await api.C_DecryptAsync(handle, body, Buffer.alloc(ROOM_BYTES));
      } catch (error) {
        throw isAlive({ api, ck, handle }) && saysTampered(error) ? tampered() : error;
      }
    });
  }

  async wrap(value: Buffer): Promise<Buffer> {
    return this.token.hold((session) => {
      const object = this.create(session, value);
      try {
        return this.wrapObject(session, object);
      } finally {
        session.api.C_DestroyObject(session.handle, object);
      }
    });
  }

  async rewrap(wrapped: Buffer, from: WrappingKek): Promise<Buffer> {
    if (!(from instanceof Pkcs11Kek)) throw new TypeError('both KEKs must be in the same token');
    const object = from.unwrap(wrapped, true);
    return this.token.hold((session) => {
      try {
        return this.wrapObject(session, object);
      } finally {
        session.api.C_DestroyObject(session.handle, object);
      }
    });
  }

  /**
   * Unwraps a 160-bit vending key into a session object that signs (HMAC) and shows nothing.
   *
   * @param extractable only to wrap it again under another KEK
   * @throws {DomainError} `key-file-tampered`
   */
  unwrap(wrapped: Buffer, extractable = false): Handle {
    return this.token.hold((session) => {
      const { api, ck, handle } = session;
      const mechanism = { mechanism: ck.CKM_AES_KEY_WRAP_PAD };
      try {
        return api.C_UnwrapKey(handle, mechanism, this.handle('wrap'), wrapped, hmacTemplate(session, extractable));
      } catch (error) {
        throw isAlive(session) && saysTampered(error) ? tampered() : error;
      }
    });
  }

  /** Closes the token too, unless a sibling still uses it. */
  close(): void {
    this.token.close();
  }

  private create(session: Session, value: Buffer): Handle {
    const { api, ck, handle } = session;
    return api.C_CreateObject(handle, [...hmacTemplate(session, true), { type: ck.CKA_VALUE, value }]);
  }

  private wrapObject({ api, ck, handle }: Session, object: Handle): Buffer {
    const mechanism = { mechanism: ck.CKM_AES_KEY_WRAP_PAD };
    return api.C_WrapKey(handle, mechanism, this.handle('wrap'), object, Buffer.alloc(ROOM_BYTES));
  }

  private handle(part: Part): Handle {
    if (this.epoch !== this.token.epoch) {
      this.handles = { seal: this.find('seal'), wrap: this.find('wrap') };
      this.epoch = this.token.epoch;
    }
    return this.handles[part];
  }

  private find(part: Part): Handle {
    const found = present(this.token, part, this.id);
    if (!found) throw new DomainError<KeystoreErrorCode>('kek-wrong');
    return found;
  }
}

function present(token: Pkcs11Token, part: Part, id: string): Handle | null {
  return token.hold(({ api, ck, handle }) => {
    api.C_FindObjectsInit(handle, [
      { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
      { type: ck.CKA_LABEL, value: LABELS[part] },
      { type: ck.CKA_ID, value: Buffer.from(id, 'hex') },
    ]);
    try {
      return api.C_FindObjects(handle);
    } finally {
      api.C_FindObjectsFinal(handle);
    }
  });
}

function kekTemplate(ck: Session['ck'], part: Part, id: string): Template {
  const isSeal = part === 'seal';
  return [
    { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
    { type: ck.CKA_KEY_TYPE, value: ck.CKK_AES },
    { type: ck.CKA_LABEL, value: LABELS[part] },
    { type: ck.CKA_ID, value: Buffer.from(id, 'hex') },
    { type: ck.CKA_TOKEN, value: true },
    { type: ck.CKA_PRIVATE, value: true },
    { type: ck.CKA_SENSITIVE, value: true },
    { type: ck.CKA_EXTRACTABLE, value: false },
    { type: ck.CKA_ENCRYPT, value: isSeal },
    { type: ck.CKA_DECRYPT, value: isSeal },
    { type: ck.CKA_WRAP, value: !isSeal },
    { type: ck.CKA_UNWRAP, value: !isSeal },
  ];
}

function hmacTemplate({ ck }: Session, extractable: boolean): Template {
  return [
    { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
    { type: ck.CKA_KEY_TYPE, value: ck.CKK_GENERIC_SECRET },
    { type: ck.CKA_TOKEN, value: false },
    { type: ck.CKA_PRIVATE, value: true },
    { type: ck.CKA_SENSITIVE, value: true },
    { type: ck.CKA_EXTRACTABLE, value: extractable },
    { type: ck.CKA_SIGN, value: true },
  ];
}

function gcm(ck: Session['ck'], iv: Buffer, context: string) {
  const parameter = { type: ck.CK_PARAMS_AES_GCM, iv, aad: Buffer.from(context), ivBits: 96, tagBits: 8 * TAG_BYTES };
  return { mechanism: ck.CKM_AES_GCM, parameter };
}

/** Tokens disagree on how to say that a tag does not fit: SoftHSM 2.6 says "general error". */
function saysTampered(error: unknown): boolean {
  const code = returnCodeOf(error) ?? '';
  return /^CKR_(GENERAL_ERROR|ENCRYPTED_DATA_|WRAPPED_KEY_|SIGNATURE_|DATA_|AEAD_)/.test(code);
}

function isAlive({ api, handle }: Session): boolean {
  try {
    api.C_GetSessionInfo(handle);
    return true;
  } catch {
    return false;
  }
}

function tampered(): DomainError<KeystoreErrorCode> {
  return new DomainError<KeystoreErrorCode>('key-file-tampered');
}
