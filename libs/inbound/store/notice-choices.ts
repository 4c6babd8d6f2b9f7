import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';

/** What a customer said last about notices and reminders. */
export interface NoticeChoice {
  readonly wanted: boolean;
  /** null: never said anything, so they are wanted. */
  readonly changedAt: Date | null;
  /** `sms:<id of the message>`, `user:<who>`; null as above. */
  readonly changedBy: string | null;
}

/**
 * Which of these customers want no notices and no reminders (`STOP`). Receipts, tokens, pending notices and one-time
 * codes are not asked about: they always go. One indexed statement; give at most some thousands at once.
 *
 * @example (await optedOut(reader, [customerId])).has(customerId) // false: wants them
 */
export async function optedOut(reader: Reader, customerIds: readonly Id[]): Promise<Set<Id>> {
  if (customerIds.length === 0) return new Set();
  const rows = await reader.read<{ customer_id: Buffer }>(
    'SELECT customer_id FROM sms_notice_choices WHERE NOT wanted AND customer_id IN (?)',
    [customerIds.map(idToBytes)],
  );
  return new Set(rows.map((row) => idFromBytes(row.customer_id)));
}

/**
 * The same for all customers of a stretch of ids: after one (undefined: from the first), up to and with another. For who walks through every customer
 * and would have to name each.
 */
export async function optedOutBetween(reader: Reader, after: Id | undefined, through: Id): Promise<Set<Id>> {
  const rows = await reader.read<{ customer_id: Buffer }>(
    'SELECT customer_id FROM sms_notice_choices WHERE NOT wanted AND customer_id > ? AND customer_id <= ?',
    [after === undefined ? Buffer.alloc(16) : idToBytes(after), idToBytes(through)],
  );
  return new Set(rows.map((row) => idFromBytes(row.customer_id)));
}

/** What this customer said last. */
export async function readNoticeChoice(reader: Reader, customerId: Id): Promise<NoticeChoice> {
  const [row] = await reader.read<{ wanted: number; changed_at: Date; changed_by: string }>(
    'SELECT wanted, changed_at, changed_by FROM sms_notice_choices WHERE customer_id = ?',
    [idToBytes(customerId)],
  );
  if (!row) return { wanted: true, changedAt: null, changedBy: null };
  return { wanted: row.wanted === 1, changedAt: row.changed_at, changedBy: row.changed_by };
}

/**
 * Writes a choice over one that was made earlier: of two that are worked in the wrong order the later stands.
 *
 * @returns true when something changed by it
 */
export async function saveNoticeChoice(
  tx: Tx,
  customerId: Id,
  choice: { readonly wanted: boolean; readonly by: string; readonly at: Date },
): Promise<boolean> {
  const { wanted, by, at } = choice;
  const id = idToBytes(customerId);
  // The row is there before it is locked.
  await tx.write(
    `INSERT INTO sms_notice_choices (customer_id, wanted, changed_at, changed_by) VALUES (?, TRUE, ?, ?)
     ON DUPLICATE KEY UPDATE wanted = wanted`,
    [id, at, by],
  );
  const [row] = await tx.query<{ wanted: number; changed_at: Date }>(
    'SELECT wanted, changed_at FROM sms_notice_choices WHERE customer_id = ? FOR UPDATE',
    [id],
  );
  if (row!.changed_at.getTime() > at.getTime()) return false;
  await tx.write('UPDATE sms_notice_choices SET wanted = ?, changed_at = ?, changed_by = ? WHERE customer_id = ?', [
    wanted,
    at,
    by,
    id,
  ]);
  return (row!.wanted === 1) !== wanted;
}
