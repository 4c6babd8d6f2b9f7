import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '@vend/kernel';
import type { KeyOpeningErrorCode } from './keystore.errors';

const LIMIT_BYTES = 4 * 1024 * 1024;

export interface SecretFileRules {
  /** Mode bits that must be off. */
  readonly forbiddenMode: number;
  readonly unreadable: KeyOpeningErrorCode;
  readonly permissive: KeyOpeningErrorCode;
}

/**
 * Reads a file, or an inherited descriptor named `fd:3`, after looking at its mode and owner. The checks are
 * made on the open descriptor, so the file cannot be exchanged between the look and the read.
 *
 * @throws {DomainError} the codes of `rules`
 */
export function readGuardedFile(path: string, rules: SecretFileRules): Buffer {
  const fd = openGuarded(path, rules);
  try {
    const stat = fstatSync(fd);
    // A pipe has no mode worth checking: whoever made it holds the other end.
    if (stat.isFile()) {
      const owners = [0, process.geteuid?.() ?? stat.uid];
      if ((stat.mode & rules.forbiddenMode) !== 0 || !owners.includes(stat.uid)) {
        throw new DomainError(rules.permissive, { mode: (stat.mode & 0o777).toString(8) });
      }
    } else if (!stat.isFIFO() && !stat.isSocket()) {
      throw new DomainError(rules.unreadable, { reason: 'not a file or pipe' });
    }
    return readAll(fd);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(rules.unreadable, { reason: reasonOf(error) });
  } finally {
    closeSync(fd);
  }
}

/** Reads what a script answers through a descriptor; the caller erases it. @throws {DomainError} `secrets-unreadable`, `secrets-permissive` */
export function readSecretLines(source: string): Buffer {
  return readGuardedFile(source, {
    forbiddenMode: 0o077,
    unreadable: 'secrets-unreadable',
    permissive: 'secrets-permissive',
  });
}

function openGuarded(path: string, rules: SecretFileRules): number {
  const descriptor = /^fd:(\d{1,4})$/.exec(path);
  if (descriptor) {
    const fd = Number(descriptor[1]);
    // 0 to 2 are the terminal's: a key that is typed or echoed there ends in a log.
    if (fd < 3) throw new DomainError(rules.unreadable, { reason: 'descriptor below 3' });
    try {
      fstatSync(fd);
    } catch (error) {
      throw new DomainError(rules.unreadable, { reason: reasonOf(error) });
    }
    return fd;
  }
  try {
    return openSync(path, constants.O_RDONLY);
  } catch (error) {
    throw new DomainError(rules.unreadable, { reason: reasonOf(error) });
  }
}

/** Reads to the end, leaving no copy behind but the answer. */
function readAll(fd: number): Buffer {
  let kept = Buffer.alloc(4096);
  let length = 0;
  for (;;) {
    if (length === kept.length) {
      if (length >= LIMIT_BYTES) throw new RangeError('file too large');
      const wider = Buffer.alloc(kept.length * 4);
      kept.copy(wider);
      kept.fill(0);
      kept = wider;
    }
    const count = readSync(fd, kept, length, kept.length - length, null);
    if (count === 0) break;
    length += count;
  }
  const content = Buffer.alloc(length);
  kept.copy(content, 0, 0, length);
  kept.fill(0);
  return content;
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unreadable';
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
  rmSync(draft, { force: true }); // of a process that had this number before and was killed here
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
