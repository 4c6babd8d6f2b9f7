import { randomBytes, timingSafeEqual } from 'node:crypto';
import { DomainError, formatInstant } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import type { KeyEncryptionKey } from './key-encryption-key';
import { attributesOf, fingerprintOf, parseKeyFile, renderKeyFile, statementOf } from './key-file.format';
import type { SealedKeyFile, SealedServiceKey, SealedVendingKey } from './key-file.format';
import type { KeystoreErrorCode } from './keystore.errors';
import { readGuardedFile, writeSecretFile } from './secret-file';
import { makeServiceKeys, openPlainServiceKeys, sealServiceKey } from './service-keys';
import { SoftwareKek } from './software-kek';
import { assertVendingKey, checkValue } from './vending-key';
import type { OpenVendingKey, VendingKeyAttributes, VendingKeyInfo, VendingKeyStanding } from './vending-key';

const STATEMENT = 'vend/key-file/2/statement';
const LINEAGE_LIMIT = 1024;

/** A vending key to be sealed. */
export type NewVendingKey = VendingKeyAttributes & VendingKeyStanding & { readonly value: Buffer };

/** A KEK that keeps vending keys inside its token. */
export interface WrappingKek extends KeyEncryptionKey {
  /** Wraps a value so that it opens inside a token alone. */
  wrap(value: Buffer): Promise<Buffer>;
  /** Wraps again under this KEK what `from` has wrapped, without showing it. */
  rewrap(wrapped: Buffer, from: WrappingKek): Promise<Buffer>;
}

function isWrapping(kek: KeyEncryptionKey): kek is WrappingKek {
  return 'wrap' in kek;
}

/**
 * Reads a key file, which must be closed to everyone but its owner. It is parsed, not verified.
 *
 * @throws {DomainError} `key-file-unreadable`, `key-file-permissive`, `key-file-outdated`, `key-file-malformed`
 */
export function readKeyFile(path: string): SealedKeyFile {
  return parseKeyFile(readKeyFileBytes(path));
}

/** As `readKeyFile`, of any version. */
export function readKeyFileBytes(path: string): Buffer {
  return readGuardedFile(path, {
    forbiddenMode: 0o077,
    unreadable: 'key-file-unreadable',
    permissive: 'key-file-permissive',
  });
}

/** Writes a key file durably; a crash leaves the old generation or the new one. */
export function writeKeyFile(path: string, file: SealedKeyFile, existing: 'refuse' | 'replace'): void {
  writeSecretFile(path, renderKeyFile(file), existing);
}

/**
 * Makes the first generation of a new key file, with service keys of its own.
 *
 * @param keys their values stay the caller's, who erases them
 * @throws {DomainError} `vending-key-invalid`
 */
export async function createKeyFile(
  kek: KeyEncryptionKey,
  keys: readonly NewVendingKey[],
  now: InstantMs,
): Promise<SealedKeyFile> {
  const set = randomBytes(16).toString('hex');
  const made = makeServiceKeys();
  const services: SealedServiceKey[] = [];
  for (const key of made) services.push(await sealServiceKey(kek, set, key));
  for (const { plain } of made) plain.fill(0);
  const sealed: SealedVendingKey[] = [];
  for (const key of keys) sealed.push(await sealVendingKey(kek, set, key));
  return signed(kek, { set, generation: 1, lineage: [], keys: sealed, services }, now);
}

/**
 * The next generation of a verified key file.
 *
 * @throws {DomainError} `vending-key-invalid` when a key stands there twice
 */
export async function nextGeneration(
  kek: KeyEncryptionKey,
  file: SealedKeyFile,
  change: { readonly keys?: readonly SealedVendingKey[]; readonly services?: readonly SealedServiceKey[] },
  now: InstantMs,
): Promise<SealedKeyFile> {
  const { set, generation } = file;
  const lineage = [...file.lineage, fingerprintOf(file)].slice(-LINEAGE_LIMIT);
  const keys = [...(change.keys ?? file.keys)];
  const services = [...(change.services ?? file.services)];
  return signed(kek, { set, generation: generation + 1, lineage, keys, services }, now);
}

/**
 * Holds a key file to its seal.
 *
 * @throws {DomainError} `kek-wrong`, `key-file-tampered`, `vending-key-invalid`, `module-unavailable`
 */
export async function verifyKeyFile(kek: KeyEncryptionKey, file: SealedKeyFile): Promise<void> {
  if (file.kek !== kek.id) throw new DomainError<KeystoreErrorCode>('kek-wrong');
  const sealed = await kek.open(Buffer.from(file.seal, 'base64'), STATEMENT);
  const statement = statementOf(file);
  if (sealed.length !== statement.length || !timingSafeEqual(sealed, statement)) throw tampered();
  refuseDuplicates(file.keys);
}

/**
 * Opens the vending keys of a verified file in this process's memory.
 *
 * @returns the caller zeroes the values
 * @throws {DomainError} `key-file-tampered`, `vending-key-invalid`
 */
export async function openVendingKeys(kek: SoftwareKek, file: SealedKeyFile): Promise<OpenVendingKey[]> {
  const opened: OpenVendingKey[] = [];
  try {
    for (const key of file.keys) opened.push(await openVendingKey(kek, file.set, key));
    return opened;
  } catch (error) {
    for (const { value } of opened) value.fill(0);
    throw error;
  }
}

/** Opens one key that is `sealed`, or, with a software KEK, also one that is `wrapped`. */
export async function openVendingKey(
  kek: KeyEncryptionKey,
  set: string,
  key: SealedVendingKey,
): Promise<OpenVendingKey> {
  const bytes = Buffer.from(key.value, 'base64');
  const value = key.method === 'sealed' ? await kek.open(bytes, contextOf(set, key)) : unwrapped(kek, bytes, key);
  try {
    assertVendingKey(key, value);
    if (checkValue(key.dkga, value) !== key.kcv) throw tampered();
    return { ...infoOf(key), value };
  } catch (error) {
    value.fill(0);
    throw error;
  }
}

/** Seals a vending key for one key file, in the way of its KEK. @throws {DomainError} `vending-key-invalid` */
export async function sealVendingKey(
  kek: KeyEncryptionKey,
  set: string,
  key: NewVendingKey,
): Promise<SealedVendingKey> {
  assertVendingKey(key, key.value);
  const attributes = infoOf({ ...key, kcv: checkValue(key.dkga, key.value) });
  // A 64-bit key takes part in its decoder keys itself (XOR), so no token can keep it from its host: docs/adr/0013.
  if (isWrapping(kek) && key.dkga === 4) {
    const padded = hmacKeyOf(key.value);
    const wrapped = await kek.wrap(padded);
    padded.fill(0);
    return { ...attributes, method: 'wrapped', value: wrapped.toString('base64') };
  }
  const sealed = await kek.seal(key.value, contextOf(set, attributes));
  return { ...attributes, method: 'sealed', value: sealed.toString('base64') };
}

/** The same key with another state or last day. */
export async function withStanding(
  kek: KeyEncryptionKey,
  set: string,
  key: SealedVendingKey,
  standing: Partial<VendingKeyStanding>,
): Promise<SealedVendingKey> {
  if (key.method === 'wrapped') return { ...key, ...standing };
  const opened = await openVendingKey(kek, set, key);
  try {
    return await sealVendingKey(kek, set, { ...opened, ...standing });
  } finally {
    opened.value.fill(0);
  }
}

/** Everything of a verified file under another KEK: the next generation. */
export async function underAnotherKek(
  from: KeyEncryptionKey,
  to: KeyEncryptionKey,
  file: SealedKeyFile,
  now: InstantMs,
): Promise<SealedKeyFile> {
  const keys: SealedVendingKey[] = [];
  for (const key of file.keys) keys.push(await moveKey(from, to, file.set, key));
  const plain = await openPlainServiceKeys(from, file);
  const services: SealedServiceKey[] = [];
  for (const key of plain) {
    services.push(await sealServiceKey(to, file.set, key));
    key.plain.fill(0);
  }
  return nextGeneration(to, file, { keys, services }, now);
}

async function moveKey(
  from: KeyEncryptionKey,
  to: KeyEncryptionKey,
  set: string,
  key: SealedVendingKey,
): Promise<SealedVendingKey> {
  if (key.method === 'wrapped' && isWrapping(from) && isWrapping(to)) {
    const wrapped = await to.rewrap(Buffer.from(key.value, 'base64'), from);
    return { ...key, value: wrapped.toString('base64') };
  }
  const opened = await openVendingKey(from, set, key);
  try {
    return await sealVendingKey(to, set, opened);
  } finally {
    opened.value.fill(0);
  }
}

/** A 160-bit key as PKCS#11 tokens take it: HMAC pads its key with zeros, so this is the same key at full length. */
export function hmacKeyOf(value: Buffer): Buffer {
  const padded = Buffer.alloc(64);
  value.copy(padded);
  return padded;
}

function unwrapped(kek: KeyEncryptionKey, bytes: Buffer, { dkga }: SealedVendingKey): Buffer {
  if (!(kek instanceof SoftwareKek) || dkga !== 4) throw tampered();
  const padded = kek.unwrap(bytes);
  const value = Buffer.from(padded.subarray(0, 20));
  const isPadded = padded.length === 64 && padded.subarray(20).every((byte) => byte === 0);
  padded.fill(0);
  if (isPadded) return value;
  value.fill(0);
  throw tampered();
}

async function signed(
  kek: KeyEncryptionKey,
  body: Pick<SealedKeyFile, 'set' | 'generation' | 'lineage' | 'keys' | 'services'>,
  now: InstantMs,
): Promise<SealedKeyFile> {
  refuseDuplicates(body.keys);
  const { set, generation, lineage, keys, services } = body;
  const format = { format: 'vend-sealed-keys', version: 2 } as const;
  const file = { ...format, set, generation, lineage, changedAt: formatInstant(now), kek: kek.id, keys, services };
  return { ...file, seal: (await kek.seal(statementOf(file), STATEMENT)).toString('base64') };
}

function infoOf(key: VendingKeyInfo): VendingKeyInfo {
  const { sgc, krn, kind, dkga, baseDate, ken, kcv, state, issuedUntil } = key;
  return { sgc, krn, kind, dkga, baseDate, ken, kcv, state, issuedUntil };
}

function contextOf(set: string, key: VendingKeyInfo): string {
  return JSON.stringify(['vend-vending-key', 2, set, ...attributesOf(key)]);
}

function refuseDuplicates(keys: readonly VendingKeyAttributes[]): void {
  const seen = new Set<string>();
  for (const { sgc, krn } of keys) {
    if (seen.has(`${sgc}/${krn}`)) throw new DomainError('vending-key-invalid', { field: 'duplicate', sgc, krn });
    seen.add(`${sgc}/${krn}`);
  }
}

function tampered(): DomainError<KeystoreErrorCode> {
  return new DomainError<KeystoreErrorCode>('key-file-tampered');
}
