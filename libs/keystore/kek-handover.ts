import { existsSync } from 'node:fs';
import { DomainError } from '@vend/kernel';
import { z } from 'zod';
import type { KeyEncryptionKey } from './key-encryption-key';
import type { SealedKeyFile } from './key-file.format';
import type { KeystoreErrorCode } from './keystore.errors';
import { readGuardedFile, writeSecretFile } from './secret-file';
import { SoftwareKek } from './software-kek';

const handover = z.strictObject({
  format: z.literal('vend-kek-handover'),
  version: z.literal(1),
  from: z.string().regex(/^[0-9a-f]{16}$/),
  to: z.string().regex(/^[0-9a-f]{16}$/),
  sealed: z.base64().max(256),
});

/** Where the handover of a key file lies: beside it, for as long as a rotation is under way. */
export function handoverPath(keyFile: string): string {
  return `${keyFile}.handover`;
}

/**
 * Writes the new KEK sealed under the old one, so that a running token server, which holds the old one, can go on
 * without anybody typing shares. Whoever has the old KEK can open it: it is removed when the rotation is finished.
 *
 * @param master the new KEK, 32 bytes
 */
export async function writeHandover(
  keyFile: string,
  from: KeyEncryptionKey,
  to: KeyEncryptionKey,
  master: Buffer,
): Promise<void> {
  const sealed = (await from.seal(master, contextOf(from.id, to.id))).toString('base64');
  const content = { format: 'vend-kek-handover', version: 1, from: from.id, to: to.id, sealed };
  writeSecretFile(handoverPath(keyFile), `${JSON.stringify(content)}\n`, 'replace');
}

/**
 * The KEK that a key file has moved to, from the one it was under.
 *
 * @throws {DomainError} `kek-wrong` when no rotation is under way, `kek-handover-unusable`
 */
export async function takeHandover(keyFile: string, from: KeyEncryptionKey, file: SealedKeyFile): Promise<SoftwareKek> {
  const path = handoverPath(keyFile);
  if (!existsSync(path)) throw new DomainError<KeystoreErrorCode>('kek-wrong');
  const content = readGuardedFile(path, {
    forbiddenMode: 0o077,
    unreadable: 'kek-handover-unusable',
    permissive: 'kek-handover-unusable',
  });
  const parsed = handover.safeParse(jsonOf(content));
  if (!parsed.success || parsed.data.from !== from.id || parsed.data.to !== file.kek) throw unusable();
  const master = await from.open(Buffer.from(parsed.data.sealed, 'base64'), contextOf(from.id, file.kek)).catch(() => {
    throw unusable();
  });
  const kek = new SoftwareKek(master);
  master.fill(0);
  if (kek.id === file.kek) return kek;
  kek.close();
  throw unusable();
}

function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    throw unusable();
  }
}

function contextOf(from: string, to: string): string {
  return JSON.stringify(['vend-kek-handover', 1, from, to]);
}

function unusable(): DomainError<KeystoreErrorCode> {
  return new DomainError<KeystoreErrorCode>('kek-handover-unusable');
}
