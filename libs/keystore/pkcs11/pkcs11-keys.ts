import { DomainError } from '@vend/kernel';
import type { DerivingKey, Dkga } from '@vend/sts';
import { hmacKeyOf, openVendingKey } from '../key-file';
import type { SealedKeyFile, SealedVendingKey } from '../key-file.format';
import type { KeystoreErrorCode } from '../keystore.errors';
import type { Pkcs11Kek } from './pkcs11-kek';
import type { Handle, Session } from './pkcs11-token';

/** What the derivation of a decoder key asks of a vending key: one block of DES, or one HMAC. */
export type Question =
  { readonly dkga: '02'; readonly hi: number; readonly lo: number } | { readonly dkga: '04'; readonly message: Buffer };

/** A vending key that lives in a token. */
export interface TokenKey {
  readonly dkga: Dkga;
  /** @returns the words that the derivation wants; the caller fills them with zeros */
  answer(question: Question): Promise<Uint32Array>;
  /** Takes the key out of the token. */
  destroy(): void;
}

/** Stands in for a vending key to learn what would be asked of it; what comes out of it is worth nothing. */
export class Questioner implements DerivingKey {
  question: Question | undefined;

  constructor(readonly dkga: Dkga) {}

  deriveBlock(hi: number, lo: number): void {
    this.question = { dkga: '02', hi, lo };
  }

  deriveMac(block: Uint8Array, length: number): void {
    this.question = { dkga: '04', message: Buffer.from(block.subarray(0, length)) };
  }
}

/** Stands in for a vending key with the answer that the token gave. */
export class Answer implements DerivingKey {
  constructor(
    readonly dkga: Dkga,
    private readonly words: Uint32Array,
  ) {}

  deriveBlock(_hi: number, _lo: number, out: Uint32Array): void {
    out.set(this.words);
  }

  deriveMac(_block: Uint8Array, _length: number, out: Uint32Array): void {
    out.set(this.words);
  }
}

/**
 * Brings one vending key of a verified file into the token, as a session object, and holds it to its check value.
 *
 * @throws {DomainError} `key-file-tampered`, `vending-key-invalid`, `module-unavailable`
 */
export async function loadTokenKey(kek: Pkcs11Kek, file: SealedKeyFile, key: SealedVendingKey): Promise<TokenKey> {
  if (key.dkga === 2) return DesTokenKey.load(kek, file.set, key);
  return HmacTokenKey.load(kek, file.set, key);
}

/** DKGA04: HMAC-SHA-256 inside the token, with a key that never leaves it. */
class HmacTokenKey implements TokenKey {
  readonly dkga = '04';

  private constructor(
    private readonly kek: Pkcs11Kek,
    private readonly object: Handle,
  ) {}

  static async load(kek: Pkcs11Kek, set: string, key: SealedVendingKey): Promise<HmacTokenKey> {
    const object =
      key.method === 'wrapped' ? kek.unwrap(Buffer.from(key.value, 'base64')) : await imported(kek, set, key);
    const loaded = new HmacTokenKey(kek, object);
    const words = await loaded.answer({ dkga: '04', message: Buffer.alloc(8) });
    const kcv = words[0]!.toString(16).padStart(8, '0').slice(0, 6).toUpperCase();
    words.fill(0);
    if (kcv === key.kcv) return loaded;
    loaded.destroy();
    throw new DomainError<KeystoreErrorCode>('key-file-tampered');
  }

  async answer(question: Question): Promise<Uint32Array> {
    if (question.dkga !== '04') throw new TypeError('an HMAC key was asked for DES');
    const { message } = question;
    return this.kek.token.use(async ({ api, ck, handle }) => {
      api.C_SignInit(handle, { mechanism: ck.CKM_SHA256_HMAC }, this.object);
      return wordsOf(await api.C_SignAsync(handle, message, Buffer.alloc(32)));
    });
  }

  destroy(): void {
    destroyed(this.kek, this.object);
  }
}

/**
 * DKGA02: DES inside the token, as triple DES with three equal keys. The standard then XORs the vending key itself
 * into the decoder key, which no PKCS#11 operation does without showing the result beside its parts: so the 64-bit
 * key is opened for that one step, and erased (docs/adr/0013-key-custody.md).
 */
class DesTokenKey implements TokenKey {
  readonly dkga = '02';

  private constructor(
    private readonly kek: Pkcs11Kek,
    private readonly set: string,
    private readonly key: SealedVendingKey,
    private readonly object: Handle,
  ) {}

  static async load(kek: Pkcs11Kek, set: string, key: SealedVendingKey): Promise<DesTokenKey> {
    const lacking = kek.token.lacks(['CKM_DES3_ECB']);
    if (lacking.length > 0) throw new DomainError<KeystoreErrorCode>('pkcs11-unsuitable', { mechanism: lacking[0]! });
    const { value } = await openVendingKey(kek, set, key);
    const triple = Buffer.concat([value, value, value]);
    value.fill(0);
    try {
      const object = kek.token.hold((session) => createSecret(session, session.ck.CKK_DES3, triple, 'encrypt'));
      return new DesTokenKey(kek, set, key, object);
    } finally {
      triple.fill(0);
    }
  }

  async answer(question: Question): Promise<Uint32Array> {
    if (question.dkga !== '02') throw new TypeError('a DES key was asked for HMAC');
    const block = Buffer.alloc(8);
    block.writeUInt32BE(question.hi >>> 0, 0);
    block.writeUInt32BE(question.lo >>> 0, 4);
    const encrypted = await this.kek.token.use(({ api, ck, handle }) => {
      api.C_EncryptInit(handle, { mechanism: ck.CKM_DES3_ECB }, this.object);
      return api.C_EncryptAsync(handle, block, Buffer.alloc(16));
    });
    const { value } = await openVendingKey(this.kek, this.set, this.key);
    for (let i = 0; i < 8; i += 1) block[i] = block[i]! ^ encrypted[i]! ^ value[i]!;
    value.fill(0);
    encrypted.fill(0);
    return wordsOf(block);
  }

  destroy(): void {
    destroyed(this.kek, this.object);
  }
}

/** A key that was sealed outside the token passes through this process once, on its way in. */
async function imported(kek: Pkcs11Kek, set: string, key: SealedVendingKey): Promise<Handle> {
  const { value } = await openVendingKey(kek, set, key);
  const padded = hmacKeyOf(value);
  value.fill(0);
  try {
    return kek.token.hold((session) => createSecret(session, session.ck.CKK_GENERIC_SECRET, padded, 'sign'));
  } finally {
    padded.fill(0);
  }
}

function createSecret({ api, ck, handle }: Session, keyType: number, value: Buffer, use: 'sign' | 'encrypt'): Handle {
  return api.C_CreateObject(handle, [
    { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
    { type: ck.CKA_KEY_TYPE, value: keyType },
    { type: ck.CKA_TOKEN, value: false },
    { type: ck.CKA_PRIVATE, value: true },
    { type: ck.CKA_SENSITIVE, value: true },
    { type: ck.CKA_EXTRACTABLE, value: false },
    { type: use === 'sign' ? ck.CKA_SIGN : ck.CKA_ENCRYPT, value: true },
    { type: ck.CKA_VALUE, value },
  ]);
}

function destroyed(kek: Pkcs11Kek, object: Handle): void {
  try {
    kek.token.hold(({ api, handle }) => api.C_DestroyObject(handle, object));
  } catch {
    // Closed or gone: its session objects went with it.
  }
}

/** Big-endian words; the bytes are erased. */
function wordsOf(bytes: Buffer): Uint32Array {
  const words = new Uint32Array(bytes.length >> 2);
  for (let i = 0; i < words.length; i += 1) words[i] = bytes.readUInt32BE(4 * i);
  bytes.fill(0);
  return words;
}
