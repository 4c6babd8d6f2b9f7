import { DomainError } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import { readKek } from './kek';
import { createKeyFile, openVendingKeys, readKeyFile, readKeyFileBytes, verifyKeyFile } from './key-file';
import type { SealedKeyFile } from './key-file.format';
import { versionOf } from './key-file.format';
import { openVersion1 } from './key-file.v1';
import type { KeystoreErrorCode } from './keystore.errors';
import { SoftwareKek } from './software-kek';
import type { OpenVendingKey } from './vending-key';

/**
 * Opens the vending keys of a key file in memory: for development keys, whose values go into virtual meters.
 *
 * @returns the caller zeroes the values
 * @throws {DomainError} a KeyOpeningErrorCode
 * @example const keys = await openKeyFile('.local/secrets/vending-keys.json', '.local/secrets/kek.key');
 */
export async function openKeyFile(path: string, kekSource: string): Promise<OpenVendingKey[]> {
  const file = readKeyFile(path);
  const master = await readKek(kekSource);
  const kek = new SoftwareKek(master);
  master.fill(0);
  try {
    await verifyKeyFile(kek, file);
    return await openVendingKeys(kek, file);
  } finally {
    kek.close();
  }
}

/**
 * A key file of version 1 in today's form: a new pedigree that begins here, every key in force, service keys added.
 *
 * @param master the KEK, 32 bytes; not kept
 * @returns null when the file is up to date already
 * @throws {DomainError} a KeyOpeningErrorCode
 */
export async function upgradedKeyFile(path: string, master: Buffer, now: InstantMs): Promise<SealedKeyFile | null> {
  const content = readKeyFileBytes(path);
  const kek = new SoftwareKek(master);
  try {
    if (versionOf(content) === 2) {
      if (readKeyFile(path).kek !== kek.id) throw new DomainError<KeystoreErrorCode>('kek-wrong');
      return null;
    }
    const keys = openVersion1(master, content);
    try {
      return await createKeyFile(kek, keys, now);
    } finally {
      for (const { value } of keys) value.fill(0);
    }
  } finally {
    kek.close();
  }
}
