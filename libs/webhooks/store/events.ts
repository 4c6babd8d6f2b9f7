import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Tx } from '@vend/platform';

/** The sequence of the last event of each subject; none for one that nothing was told of. */
export async function lastSequences(tx: Tx, subjects: readonly Id[]): Promise<Map<Id, number>> {
  if (subjects.length === 0) return new Map();
  const rows = await tx.query<{ subject: Buffer; sequence: number }>(
    // In one statement: what is being forgotten is in one of the two.
    `SELECT subject, MAX(sequence) AS sequence FROM (
       SELECT subject_id AS subject, sequence FROM webhook_events WHERE subject_id IN (?)
       UNION ALL SELECT subject_id, sequence FROM webhook_sequences WHERE subject_id IN (?)) told GROUP BY subject`,
    [subjects.map(idToBytes), subjects.map(idToBytes)],
  );
  return new Map(rows.map(({ subject, sequence }) => [idFromBytes(subject), Number(sequence)]));
}
