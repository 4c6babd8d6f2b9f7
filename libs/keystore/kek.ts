import { DomainError } from '@vend/kernel';
import { combineShares, looksLikeShare } from './custodian-shares';
import { hexBytes, linesOf, trimmed } from './hex-digits';
import type { KeystoreErrorCode } from './keystore.errors';
import { readGuardedFile } from './secret-file';
import { KEK_BYTES } from './software-kek';

/**
 * Reads the key-encryption key: 64 hexadecimal digits, or custodian shares one a line, in a file only its owner may
 * read or through an inherited descriptor (`fd:3`). Never from the environment or an argument, which other processes
 * can see.
 *
 * @param source path, or `fd:` and a descriptor of 3 or above
 * @returns 32 bytes; the caller fills them with zeros when done
 * @throws {DomainError} `kek-unreadable`, `kek-permissive`, `kek-malformed`, and those of `combineShares`
 * @example const kek = await readKek('/run/keys/kek'); try { … } finally { kek.fill(0); }
 */
export async function readKek(source: string): Promise<Buffer> {
  const text = readGuardedFile(source, {
    forbiddenMode: 0o077,
    unreadable: 'kek-unreadable',
    permissive: 'kek-permissive',
  });
  try {
    return await parseKek(text);
  } finally {
    text.fill(0);
  }
}

async function parseKek(text: Buffer): Promise<Buffer> {
  if (looksLikeShare(text)) return combineShares(linesOf(text));
  const digits = trimmed(text);
  const kek = digits.length === KEK_BYTES * 2 ? hexBytes(digits, KEK_BYTES) : null;
  return kek ?? refuse();
}

function refuse(): never {
  throw new DomainError<KeystoreErrorCode>('kek-malformed');
}
