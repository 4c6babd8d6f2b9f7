import { idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import type { Database } from '../database/database';
import type { Tx } from '../database/transaction';

/**
 * Work that a commit leaves to the worker, the most urgent first. The row stays until the effect is done; Redis only
 * wakes people. Messages have a topic for each class; the receipts of vends have one of their own.
 */
export const TOPICS = [
  'receipt',
  'sms-token',
  'portal-code',
  'sms-code',
  'pending-vend',
  'inbox',
  'gateway-message',
  'checkout',
  'checkout-refund',
  'sms-inbound',
  'sms-pending',
  'remote-load',
  'meter-link-event',
  'case',
  'import',
  'statement-import',
  'sms-reminder',
  'sms-notice',
] as const;
export type Topic = (typeof TOPICS)[number];

/** Work that comes in tens of thousands and hurries nobody. */
export const BULK_TOPICS: readonly Topic[] = ['sms-reminder', 'sms-notice'];

export interface OutboxItem {
  readonly topic: Topic;
  readonly refId: Id;
  /** When somebody should first look; now, unless the cause says otherwise. */
  readonly dueAt?: Date;
}

/** Writes the rows in the caller's transaction: no effect without a committed cause, no cause without its effect. */
export async function leaveToWorker(tx: Tx, items: readonly OutboxItem[], now: Date): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item) => [
    idToBytes(newId(now.getTime())),
    item.topic,
    idToBytes(item.refId),
    now,
    item.dueAt ?? now,
  ]);
  await tx.write('INSERT INTO outbox (id, topic, ref_id, created_at, due_at) VALUES ?', [rows]);
}

/**
 * The same for work that may wait already: one row is enough, and it is due at once. Off the busy path, because a
 * statement that looks for a duplicate locks what it finds.
 */
export async function leaveToWorkerAgain(tx: Tx, topic: Topic, refIds: readonly Id[], now: Date): Promise<void> {
  if (refIds.length === 0) return;
  const rows = refIds.map((refId) => [idToBytes(newId(now.getTime())), topic, idToBytes(refId), now, now]);
  // Two statements: ON DUPLICATE KEY UPDATE asks for the right to change every column, which nobody has here.
  await Promise.all([
    tx.write('INSERT IGNORE INTO outbox (id, topic, ref_id, created_at, due_at) VALUES ?', [rows]),
    tx.write('UPDATE outbox SET due_at = LEAST(due_at, ?) WHERE topic = ? AND ref_id IN (?)', [
      now,
      topic,
      refIds.map(idToBytes),
    ]),
  ]);
}

/** The effect is done: the rows go. */
export async function settleOutbox(tx: Tx, topic: Topic, refIds: readonly Id[]): Promise<void> {
  if (refIds.length === 0) return;
  await tx.write('DELETE FROM outbox WHERE topic = ? AND ref_id IN (?)', [topic, refIds.map(idToBytes)]);
}

export interface DueItem {
  readonly id: Id;
  readonly topic: Topic;
  readonly refId: Id;
  /** How often it was handed out before. */
  readonly attempts: number;
}

/** A first row of the index for each topic: GROUP BY would walk all of it whenever the statistics are old. */
const DUE_TOPICS = `SELECT t.topic FROM (${TOPICS.map((topic) => `SELECT '${topic}' AS topic`).join(' UNION ALL ')}) t
  WHERE (SELECT o.due_at FROM outbox o WHERE o.topic = t.topic ORDER BY o.due_at LIMIT 1) <= ?`;

/**
 * The topics with due work, the most urgent first: one statement, however long their lines are.
 *
 * @example for (const topic of await dueTopics(database, new Date())) …
 */
export async function dueTopics(database: Database, now: Date): Promise<Topic[]> {
  const due = new Set((await database.read<{ topic: Topic }>(DUE_TOPICS, [now])).map(({ topic }) => topic));
  return TOPICS.filter((topic) => due.has(topic));
}

/**
 * Takes due rows for the relay and moves their due date forward by the lease: whoever is woken has that long to
 * finish before the row is offered again. Rows present are the truth, so a lost Redis or a killed worker costs
 * one lease, not the work. SKIP LOCKED lets several relays share the table. Every topic is looked at in each call, the
 * most urgent first, so that none waits behind another's long line.
 *
 * @param limit how many of each topic, or of which how many; 0: it is not looked at
 */
export async function takeDue(
  database: Database,
  limit: number | ((topic: Topic) => number),
  leaseMs: number,
  now: Date,
): Promise<DueItem[]> {
  const limitOf = typeof limit === 'number' ? () => limit : limit;
  return database.transaction(async (tx) => {
    const looks = TOPICS.filter((topic) => limitOf(topic) > 0).map((topic) =>
      tx.query<{ id: Buffer; topic: Topic; ref_id: Buffer; attempts: number }>(
        `SELECT id, topic, ref_id, attempts FROM outbox WHERE topic = ? AND due_at <= ?
         ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED`,
        [topic, now, limitOf(topic)],
      ),
    );
    const rows = (await Promise.all(looks)).flat();
    if (rows.length > 0) {
      const lease = new Date(now.getTime() + leaseMs);
      await tx.write('UPDATE outbox SET due_at = ?, attempts = LEAST(attempts + 1, 60000) WHERE id IN (?)', [
        lease,
        rows.map((r) => r.id),
      ]);
    }
    return rows.map((r) => ({
      id: idFromBytes(r.id),
      topic: r.topic,
      refId: idFromBytes(r.ref_id),
      attempts: r.attempts,
    }));
  });
}

/** How much of each topic is waiting, and for how long: what an operator watches. */
export async function outboxFigures(database: Database): Promise<{ topic: Topic; rows: number; oldest: Date }[]> {
  const rows = await database.read<{ topic: Topic; n: string; oldest: Date }>(
    'SELECT topic, COUNT(*) AS n, MIN(created_at) AS oldest FROM outbox GROUP BY topic',
  );
  return rows.map((row) => ({ topic: row.topic, rows: Number(row.n), oldest: row.oldest }));
}

/**
 * Gives rows back before their lease ends, to be tried again after a pause that doubles with each attempt, from
 * half a second to the given bound.
 */
export async function retryLater(
  database: Database,
  topic: Topic,
  refIds: readonly Id[],
  boundSeconds: number,
  now: Date,
): Promise<void> {
  if (refIds.length === 0) return;
  await database.transaction((tx) =>
    tx.write(
      `UPDATE outbox SET due_at = DATE_ADD(?, INTERVAL LEAST(?, POW(2, LEAST(attempts, 20) - 2)) * 1000000 MICROSECOND)
       WHERE topic = ? AND ref_id IN (?)`,
      [now, boundSeconds, topic, refIds.map(idToBytes)],
    ),
  );
}

/** Gives rows back to be offered again at an instant of the caller's choosing: when an answer is due, say. */
export async function offerAt(tx: Tx, topic: Topic, refIds: readonly Id[], dueAt: Date): Promise<void> {
  if (refIds.length === 0) return;
  await tx.write('UPDATE outbox SET due_at = ? WHERE topic = ? AND ref_id IN (?)', [
    dueAt,
    topic,
    refIds.map(idToBytes),
  ]);
}
