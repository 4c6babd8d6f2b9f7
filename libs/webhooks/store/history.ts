import { idToBytes, newId, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';

const AT_ONCE = 500;

/**
 * Forgets what was delivered before an instant, with its attempts and, when no receiver waits for it any more, its event;
 * in bounded steps. What was not delivered stays, given up or not. The numbers of a payment's events go on where they were.
 *
 * @returns how many messages went
 * @example await forgetDelivered(database, Date.now() - 90 * 86_400_000)
 */
export async function forgetDelivered(database: Database, before: InstantMs): Promise<number> {
  let after: Buffer = Buffer.alloc(16);
  for (let forgotten = 0; ;) {
    const from = after;
    const step = await database.transaction((tx) => forgetSome(tx, from, before));
    forgotten += step.count;
    if (!step.last) return forgotten;
    after = step.last;
  }
}

/** Ids begin with the time: what is old is at the beginning. One that was sent again is as old as its last delivery. */
async function forgetSome(tx: Tx, after: Buffer, before: InstantMs): Promise<{ count: number; last?: Buffer }> {
  const rows = await tx.query<{ id: Buffer; event_id: Buffer }>(
    `SELECT id, event_id FROM webhook_messages
     WHERE id > ? AND id < ? AND state = 'DELIVERED' AND concluded_at < ? ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED`,
    [after, idToBytes(newId(before)).fill(0, 6), new Date(before), AT_ONCE],
  );
  const last = rows.at(-1)?.id;
  if (!last) return { count: 0 };
  const ids = rows.map(({ id }) => id);
  await tx.write('DELETE FROM webhook_attempts WHERE message_id IN (?)', [ids]);
  await tx.write('DELETE FROM webhook_messages WHERE id IN (?)', [ids]);
  await forgetEvents(
    tx,
    rows.map(({ event_id }) => event_id),
  );
  return { count: rows.length, last };
}

async function forgetEvents(tx: Tx, eventIds: readonly Buffer[]): Promise<void> {
  const rows = await tx.query<{ id: Buffer; subject_id: Buffer; sequence: number }>(
    `SELECT e.id, e.subject_id, e.sequence FROM webhook_events e WHERE e.id IN (?)
       AND NOT EXISTS (SELECT 1 FROM webhook_messages m WHERE m.event_id = e.id)`,
    [eventIds],
  );
  if (rows.length === 0) return;
  await tx.write(
    'INSERT INTO webhook_sequences (subject_id, sequence) VALUES ? ON DUPLICATE KEY UPDATE sequence = GREATEST(sequence, VALUES(sequence))',
    [rows.map(({ subject_id, sequence }) => [subject_id, sequence])],
  );
  await tx.write('DELETE FROM webhook_events WHERE id IN (?)', [rows.map(({ id }) => id)]);
}
