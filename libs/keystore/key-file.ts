import { closeSync, constants, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readKek } from './kek';
import { openSealedKeys } from './sealed-keys';
import { readGuardedFile } from './secret-file';
import type { OpenVendingKey } from './vending-key';

/**
 * Opens a sealed key file in memory. File and KEK must be closed to everyone but their owner.
 *
 * @param path of the sealed file
 * @param kekSource path of the key-encryption key, or `fd:3`
 * @throws {DomainError} a KeyOpeningErrorCode
 * @example const keys = openKeyFile('/var/lib/vend/keys.json', 'fd:3')
 */
export function openKeyFile(path: string, kekSource: string): OpenVendingKey[] {
  const content = readGuardedFile(path, {
    forbiddenMode: 0o077,
    unreadable: 'key-file-unreadable',
    permissive: 'key-file-permissive',
  });
  const kek = readKek(kekSource);
  try {
    return openSealedKeys(kek, content);
  } finally {
    kek.fill(0);
  }
}

/**
 * Writes a secret so that a crash leaves the old file or the new one, never half of one; mode 0600 from the
 * first byte on.
 *
 * @param existing `refuse` fails with EEXIST when the file is there; `replace` takes its place
 * @example writeSecretFile('.local/secrets/keys.json', sealed, 'refuse')
 */
export function writeSecretFile(path: string, content: string | Buffer, existing: 'refuse' | 'replace'): void {
  const draft = `${path}.${process.pid}.new`;
  writeDurably(draft, content);
  try {
    // A link fails when its name is taken; a rename would not.
    if (existing === 'refuse') linkSync(draft, path);
    else renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const folder = openSync(dirname(path), constants.O_RDONLY);
  fsyncSync(folder);
  closeSync(folder);
}

function writeDurably(path: string, content: string | Buffer): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
