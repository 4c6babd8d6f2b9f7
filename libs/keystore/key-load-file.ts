import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import { z } from 'zod';
import type { KeystoreErrorCode } from './keystore.errors';
import { assertVendingKey, checkValue } from './vending-key';
import type { VendingKeyAttributes } from './vending-key';

/**
 * A key-load file: one vending key sealed for one module, to travel from a key management centre by whatever way.
 *
 * ECIES over X25519: an ephemeral pair, HKDF-SHA-256 over the shared secret with both public keys, AES-256-GCM with
 * everything that stands in the clear as additional data. It proves for whom the key is, not from whom: that is what
 * the check value in the centre's letter is for. The STS Association's own format (STS 600-4-2) is not public.
 */
const keyLoadFile = z.strictObject({
  format: z.literal('vend-key-load'),
  version: z.literal(1),
  /** `moduleIdOf` the public key it is sealed for. */
  module: z.string().regex(/^[0-9a-f]{32}$/),
  key: z.strictObject({
    sgc: z.string().regex(/^\d{6}$/),
    krn: z.int().min(1).max(9),
    kind: z.enum(['VUDK', 'VDDK', 'VCDK']),
    dkga: z.union([z.literal(2), z.literal(4)]),
    baseDate: z.union([z.literal(1993), z.literal(2014), z.literal(2035)]),
    ken: z.int().min(0).max(255),
  }),
  kcv: z.string().regex(/^[0-9A-F]{6}$/),
  /** SPKI of the ephemeral key. */
  ephemeral: z.base64().max(128),
  sealed: z.base64().max(256),
});

type KeyLoadFile = z.infer<typeof keyLoadFile>;
type Clear = Omit<KeyLoadFile, 'sealed'>;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A module's id: 32 hexadecimal digits of SHA-256 over its public key, to be read out over the telephone. */
export function moduleIdOf(publicKey: KeyObject): string {
  return createHash('sha256').update(spkiOf(publicKey)).digest('hex').slice(0, 32);
}

/**
 * Seals a vending key for one module: what a key management centre does, and tests.
 *
 * @param publicKey the module's, X25519
 * @param value not erased
 * @throws {DomainError} `vending-key-invalid`
 */
export function sealKeyLoadFile(publicKey: KeyObject, key: VendingKeyAttributes, value: Buffer): string {
  assertVendingKey(key, value);
  const { sgc, krn, kind, dkga, baseDate, ken } = key;
  const pair = generateKeyPairSync('x25519');
  const clear: Clear = {
    format: 'vend-key-load',
    version: 1,
    module: moduleIdOf(publicKey),
    key: { sgc, krn, kind, dkga, baseDate, ken },
    kcv: checkValue(dkga, value),
    ephemeral: spkiOf(pair.publicKey).toString('base64'),
  };
  const secret = sharedKey(pair.privateKey, publicKey, pair.publicKey, publicKey);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, iv, { authTagLength: TAG_BYTES }).setAAD(boundTo(clear));
  const sealed = Buffer.concat([iv, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  secret.fill(0);
  return `${JSON.stringify({ ...clear, sealed: sealed.toString('base64') }, null, 2)}\n`;
}

/** What came out of a key-load file. */
export interface LoadedKey {
  readonly key: VendingKeyAttributes;
  readonly kcv: string;
  /** The caller fills it with zeros. */
  readonly value: Buffer;
}

/**
 * Opens a key-load file with the module's own key.
 *
 * @throws {DomainError} `key-load-file-malformed`, `key-load-file-foreign`, `key-load-file-tampered`,
 * `vending-key-invalid`
 */
export function openKeyLoadFile(privateKey: KeyObject, content: Uint8Array): LoadedKey {
  const file = parse(content);
  const own = createPublicKey(privateKey);
  if (file.module !== moduleIdOf(own)) throw refuse('key-load-file-foreign');
  const { sealed, ...clear } = file;
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length <= IV_BYTES + TAG_BYTES) throw refuse('key-load-file-tampered');
  const ephemeral = publicKeyOf(file.ephemeral);
  const secret = sharedKey(privateKey, ephemeral, ephemeral, own);
  const end = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(clear)).setAuthTag(bytes.subarray(end));
  const value = decipher.update(bytes.subarray(IV_BYTES, end));
  try {
    finish(decipher);
    assertVendingKey(file.key, value);
    if (checkValue(file.key.dkga, value) !== file.kcv) throw refuse('key-load-file-tampered');
    return { key: file.key, kcv: file.kcv, value };
  } catch (error) {
    value.fill(0);
    throw error;
  } finally {
    secret.fill(0);
  }
}

function finish(decipher: ReturnType<typeof createDecipheriv>): void {
  try {
    decipher.final();
  } catch {
    throw refuse('key-load-file-tampered');
  }
}

function parse(content: Uint8Array): KeyLoadFile {
  try {
    return keyLoadFile.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch {
    throw refuse('key-load-file-malformed');
  }
}

function publicKeyOf(base64: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'x25519') return key;
  } catch {
    // Said below.
  }
  throw refuse('key-load-file-malformed');
}

function sharedKey(own: KeyObject, other: KeyObject, ephemeral: KeyObject, recipient: KeyObject): Buffer {
  const shared = agreed(own, other);
  const salt = createHash('sha256').update(spkiOf(ephemeral)).update(spkiOf(recipient)).digest();
  const key = Buffer.from(hkdfSync('sha256', shared, salt, 'vend/key-load/1', 32));
  shared.fill(0);
  return key;
}

/** OpenSSL refuses a public point of small order, which would make the secret zero. */
function agreed(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch {
    throw refuse('key-load-file-tampered');
  }
}

function boundTo(clear: Clear): Buffer {
  const { sgc, krn, kind, dkga, baseDate, ken } = clear.key;
  const fields = [clear.module, sgc, krn, kind, dkga, baseDate, ken, clear.kcv, clear.ephemeral];
  return Buffer.from(JSON.stringify(['vend-key-load', 1, ...fields]));
}

function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' });
}

function refuse(code: KeystoreErrorCode): DomainError<KeystoreErrorCode> {
  return new DomainError<KeystoreErrorCode>(code);
}
