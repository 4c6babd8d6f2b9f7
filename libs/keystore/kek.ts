import { DomainError } from '@vend/kernel';
import { readGuardedFile } from './secret-file';

const KEK_BYTES = 32;

/**
 * Reads the key-encryption key: 64 hexadecimal digits in a file only its owner may read, or through an
 * inherited descriptor (`fd:3`). Never from the environment or an argument, which other processes can see.
 *
 * @param source path, or `fd:` and a descriptor of 3 or above
 * @returns 32 bytes; the caller fills them with zeros when done
 * @throws {DomainError} `kek-unreadable`, `kek-permissive`, `kek-malformed`
 * @example const kek = readKek('/run/keys/kek'); try { … } finally { kek.fill(0); }
 */
export function readKek(source: string): Buffer {
  const text = readGuardedFile(source, {
    forbiddenMode: 0o077,
    unreadable: 'kek-unreadable',
    permissive: 'kek-permissive',
  });
  try {
    return parseKek(text);
  } finally {
    text.fill(0);
  }
}

/** Digit by digit, so that the key never becomes a JavaScript string, which nobody can erase. */
function parseKek(text: Buffer): Buffer {
  let length = text.length;
  while (length > 0 && (text[length - 1] === 0x0a || text[length - 1] === 0x0d)) length -= 1;
  const kek = Buffer.alloc(KEK_BYTES);
  let wellFormed = length === KEK_BYTES * 2;
  for (let i = 0; wellFormed && i < length; i += 1) {
    const nibble = nibbleOf(text[i]!);
    wellFormed = nibble >= 0;
    kek[i >> 1] = (kek[i >> 1]! << 4) | nibble;
  }
  if (wellFormed) return kek;
  kek.fill(0);
  throw new DomainError('kek-malformed');
}

function nibbleOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const lower = character | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
