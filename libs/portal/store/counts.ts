import type { InstantMs } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
import { nextTurn, type TurnRule } from '../limits';

/** Something that is counted, and how often it may be. */
export interface Counted {
  readonly subject: Buffer;
  readonly rule: TurnRule;
}

/**
 * Counts one more time for each, under locks taken in one order by everybody; for none when one of them has had enough.
 *
 * @returns undefined: counted; a number: how many seconds to wait
 */
export async function countTurns(tx: Tx, counted: readonly Counted[], at: InstantMs): Promise<number | undefined> {
  const sorted = [...counted].sort((a, b) => a.subject.compare(b.subject));
  const subjects = sorted.map(({ subject }) => subject);
  // The row is there before it is locked; and a second one in the same turn takes the exclusive lock at once.
  await tx.write(
    `INSERT INTO portal_counts (subject, began_at, n) VALUES ${sorted.map(() => '(?, ?, 0)').join(', ')}
     ON DUPLICATE KEY UPDATE subject = VALUES(subject)`,
    subjects.flatMap((subject) => [subject, new Date(at)]),
  );
  const rows = await tx.query<Row & { subject: Buffer; began_at: Date; n: number }>(
    'SELECT subject, began_at, n FROM portal_counts WHERE subject IN (?) ORDER BY subject FOR UPDATE',
    [subjects],
  );
  const next = sorted.map(({ subject, rule }) => {
    const row = rows.find((each) => each.subject.equals(subject))!;
    return { subject, turn: nextTurn({ beganAt: row.began_at.getTime(), n: row.n }, rule, at) };
  });
  const waits = next.flatMap(({ turn }) => (typeof turn === 'number' ? [turn] : []));
  if (waits.length > 0) return Math.max(...waits);
  await Promise.all(
    next.flatMap(({ subject, turn }) =>
      typeof turn === 'number'
        ? []
        : [
            tx.write('UPDATE portal_counts SET began_at = ?, n = ? WHERE subject = ?', [
              new Date(turn.beganAt),
              turn.n,
              subject,
            ]),
          ],
    ),
  );
  return undefined;
}
