import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import type { KeyEncryptionKey } from './key-encryption-key';
import { SERVICE_KEY_NAMES } from './key-file.format';
import type { SealedKeyFile, SealedServiceKey, ServiceKeyName } from './key-file.format';
import type { KeystoreErrorCode } from './keystore.errors';

/** The token server's own keys. They make no token; they keep its memory secret and its log honest. */
export interface ServiceKeys {
  /** 32 bytes: seals the stored answers. */
  readonly resultsKey: Buffer;
  /** Ed25519: signs checkpoints of the audit log. */
  readonly auditSigningKey: KeyObject;
  /** X25519: opens key-load files made for this module. */
  readonly keyLoadKey: KeyObject;
  /** 32 bytes: authenticates the record of the last generation used. */
  readonly generationKey: Buffer;
}

/** A key before it is sealed; `plain` is 32 bytes or PKCS#8 in DER. */
export interface PlainServiceKey {
  readonly name: ServiceKeyName;
  readonly publicKey: string | null;
  readonly plain: Buffer;
}

/** Fresh service keys; the caller fills `plain` with zeros once they are sealed. */
export function makeServiceKeys(): PlainServiceKey[] {
  return SERVICE_KEY_NAMES.map((name) => {
    switch (name) {
      case 'audit-signing':
        return { name, ...exported(generateKeyPairSync('ed25519')) };
      case 'key-load':
        return { name, ...exported(generateKeyPairSync('x25519')) };
      default:
        return { name, publicKey: null, plain: randomBytes(32) };
    }
  });
}

/** Seals a service key for one key file. */
export async function sealServiceKey(
  kek: KeyEncryptionKey,
  set: string,
  { name, publicKey, plain }: PlainServiceKey,
): Promise<SealedServiceKey> {
  const sealed = await kek.seal(plain, contextOf(set, name, publicKey));
  return { name, publicKey, value: sealed.toString('base64') };
}

/** @returns the plain keys, to be sealed again under another KEK and then erased */
export async function openPlainServiceKeys(kek: KeyEncryptionKey, file: SealedKeyFile): Promise<PlainServiceKey[]> {
  const opened: PlainServiceKey[] = [];
  for (const { name, publicKey, value } of file.services) {
    const plain = await kek.open(Buffer.from(value, 'base64'), contextOf(file.set, name, publicKey));
    opened.push({ name, publicKey, plain });
  }
  return opened;
}

/**
 * The service keys of a verified key file.
 *
 * @throws {DomainError} `service-keys-missing`, `key-file-tampered`
 */
export async function openServiceKeys(kek: KeyEncryptionKey, file: SealedKeyFile): Promise<ServiceKeys> {
  const opened = await openPlainServiceKeys(kek, file);
  const plainOf = (name: ServiceKeyName): Buffer => {
    const found = opened.find((key) => key.name === name);
    if (!found) throw new DomainError<KeystoreErrorCode>('service-keys-missing', { name });
    return found.plain;
  };
  return serviceKeysOf(plainOf);
}

/** Service keys made up on the spot, for tests and benchmarks without a key file. */
export function developmentServiceKeys(): ServiceKeys {
  const made = makeServiceKeys();
  return serviceKeysOf((name) => made.find((key) => key.name === name)!.plain);
}

function serviceKeysOf(plainOf: (name: ServiceKeyName) => Buffer): ServiceKeys {
  const privateKey = (name: ServiceKeyName): KeyObject => {
    const plain = plainOf(name);
    const key = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
    plain.fill(0);
    return key;
  };
  return {
    resultsKey: plainOf('results'),
    auditSigningKey: privateKey('audit-signing'),
    keyLoadKey: privateKey('key-load'),
    generationKey: plainOf('generation'),
  };
}

function exported({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) {
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    plain: privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
}

function contextOf(set: string, name: ServiceKeyName, publicKey: string | null): string {
  return JSON.stringify(['vend-service-key', 2, set, name, publicKey]);
}
