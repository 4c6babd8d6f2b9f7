import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@vend/kernel';
import type { JournalErrorCode } from './journal.errors';
import { reasonOf } from './reason';

/**
 * Locks a directory for this process; the kernel lets go of it however the process ends. Node has no
 * flock(2), but such a lock belongs to the open file and not to who asked for it: the program `flock` locks
 * the descriptor that it inherits, ends, and the lock stays with ours.
 *
 * @returns what unlocks it
 * @throws {DomainError} `journal-in-use`, `journal-lock-failed`
 */
export function lockDirectory(directory: string): () => void {
  const fd = openSync(join(directory, 'lock'), 'a', 0o600);
  const { status, error } = spawnSync('flock', ['--exclusive', '--nonblock', '--conflict-exit-code', '75', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  });
  if (status === 0) return () => closeSync(fd);
  closeSync(fd);
  if (status === 75) throw new DomainError<JournalErrorCode>('journal-in-use');
  throw new DomainError<JournalErrorCode>('journal-lock-failed', {
    reason: error === undefined ? `exit ${status}` : reasonOf(error),
  });
}
