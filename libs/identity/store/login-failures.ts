import type { Tx } from '@vend/platform';
import type { Failures } from '../sessions/lockout';

/** What is known of these subjects' failures, each held until the transaction ends; in one order for everybody. */
export async function lockFailures(tx: Tx, subjects: readonly string[]): Promise<Map<string, Failures>> {
  const sorted = [...subjects].sort();
  const epoch = new Date(0);
  await tx.write(
    `INSERT INTO login_failures (subject, failures, failed_at) VALUES ${sorted.map(() => '(?, 0, ?)').join(', ')}
     ON DUPLICATE KEY UPDATE subject = VALUES(subject)`,
    sorted.flatMap((subject) => [subject, epoch]),
  );
  const rows = await tx.query<{ subject: string; failures: number; failedAt: Date; lockedUntil: Date | null }>(
    `SELECT subject, failures, failed_at AS failedAt, locked_until AS lockedUntil FROM login_failures
     WHERE subject IN (?) ORDER BY subject FOR UPDATE`,
    [sorted],
  );
  return new Map(
    rows.map(({ subject, failures, failedAt, lockedUntil }) => [
      subject,
      { failures, failedAt: failedAt.getTime(), lockedUntil: lockedUntil?.getTime() ?? null },
    ]),
  );
}

export async function storeFailures(tx: Tx, subject: string, known: Failures): Promise<void> {
  await tx.write('UPDATE login_failures SET failures = ?, failed_at = ?, locked_until = ? WHERE subject = ?', [
    known.failures,
    new Date(known.failedAt),
    known.lockedUntil === null ? null : new Date(known.lockedUntil),
    subject,
  ]);
}

/** Takes one counted attempt back: it did not fail after all. */
export async function takeBack(tx: Tx, subject: string): Promise<void> {
  await tx.write(
    'UPDATE login_failures SET failures = IF(failures > 0, failures - 1, 0), locked_until = NULL WHERE subject = ?',
    [subject],
  );
}

/** Forgets a subject's failures. @returns how many there were */
export async function forgetFailures(tx: Tx, subject: string): Promise<number> {
  const [row] = await tx.query<{ failures: number }>(
    'SELECT failures FROM login_failures WHERE subject = ? FOR UPDATE',
    [subject],
  );
  await tx.write('UPDATE login_failures SET failures = 0, locked_until = NULL WHERE subject = ?', [subject]);
  return row?.failures ?? 0;
}

/** Under which name the failures of a person are kept. */
export function accountSubject(username: string): string {
  return `user:${username}`;
}
