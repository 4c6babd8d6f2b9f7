import type { Database, Reader, Tx } from '@vend/platform';
import type { AcceptedPart, DeliveryReceipt } from '../smpp';

/** Writes parts that message centres took, so that a receipt after a restart still finds its message. */
export async function saveParts(tx: Tx, parts: readonly AcceptedPart[], now: Date): Promise<void> {
  const rows = parts
    .filter(({ messageId }) => messageId !== '')
    .map(({ smsc, messageId, csmsId, part, parts: total }) => [smsc, messageId, csmsId, part, total, now]);
  if (rows.length === 0) return;
  // Its receipt may have come before; under an id that the centre gives out anew, the old one's says nothing.
  await tx.write(
    `INSERT INTO sms_parts (smsc, message_id, csms_id, part, parts, updated_at) VALUES ?
     ON DUPLICATE KEY UPDATE
       fate = IF(csms_id IS NULL OR csms_id = VALUES(csms_id), fate, NULL),
       csms_id = VALUES(csms_id), part = VALUES(part), parts = VALUES(parts), updated_at = VALUES(updated_at)`,
    [rows],
  );
}

/** Writes what receipts say; the end of a part stays its end. */
export async function saveFates(tx: Tx, receipts: readonly DeliveryReceipt[], now: Date): Promise<void> {
  if (receipts.length === 0) return;
  const rows = receipts.map(({ smsc, messageId, csmsId, fate, stat, errorCode }) => [
    ...[smsc, messageId, csmsId, fate, stat, errorCode, now],
  ]);
  await tx.write(
    `INSERT INTO sms_parts (smsc, message_id, csms_id, fate, stat, error_code, updated_at) VALUES ?
     ON DUPLICATE KEY UPDATE
       csms_id = COALESCE(csms_id, VALUES(csms_id)),
       stat = IF(fate IN ('delivered', 'failed'), stat, VALUES(stat)),
       error_code = IF(fate IN ('delivered', 'failed'), error_code, VALUES(error_code)),
       fate = IF(fate IN ('delivered', 'failed'), fate, VALUES(fate)),
       updated_at = VALUES(updated_at)`,
    [rows],
  );
}

/** The messages of these parts of which something is known, as far as it is stored whose they are. */
export async function messagesToConclude(
  tx: Tx,
  parts: readonly { readonly smsc: string; readonly messageId: string }[],
): Promise<string[]> {
  if (parts.length === 0) return [];
  const rows = await tx.query<{ csms_id: string }>(
    `SELECT DISTINCT csms_id FROM sms_parts
     WHERE (smsc, message_id) IN (?) AND csms_id IS NOT NULL AND fate IS NOT NULL`,
    [parts.map(({ smsc, messageId }) => [smsc, messageId])],
  );
  return rows.map((row) => row.csms_id);
}

/** Locks the parts before their message's row: the receipts lock in the same order, and neither overlooks the other. */
export async function lockParts(tx: Tx, csmsIds: readonly string[]): Promise<void> {
  if (csmsIds.length === 0) return;
  await tx.query('SELECT message_id FROM sms_parts WHERE csms_id IN (?) ORDER BY smsc, message_id FOR UPDATE', [
    csmsIds,
  ]);
}

/** Each way that a message went: how many of its parts are on the phone, and how many still have no end. */
const WAYS = `SELECT csms_id, smsc, MAX(parts) AS parts,
    COUNT(DISTINCT IF(fate = 'delivered', part, NULL)) AS delivered,
    SUM(fate IS NULL OR fate IN ('pending', 'unknown')) AS open
  FROM sms_parts WHERE csms_id IN (?) AND parts IS NOT NULL GROUP BY csms_id, smsc`;

/**
 * What the centres' receipts say of messages: delivered when one way has all its parts on the phone, failed when every
 * copy has ended and none is whole; who is missing has no end yet, or went by a gateway that tells of none.
 *
 * @example (await deliveryFates(reader, [csmsId])).get(csmsId) // 'delivered'
 */
export async function deliveryFates(
  reader: Reader,
  csmsIds: readonly string[],
): Promise<Map<string, 'delivered' | 'failed'>> {
  if (csmsIds.length === 0) return new Map();
  const rows = await reader.read<{ csms_id: string; whole: number; open: string }>(
    `SELECT csms_id, MAX(delivered >= parts) AS whole, SUM(open) AS open FROM (${WAYS}) w GROUP BY csms_id`,
    [csmsIds],
  );
  const fates = new Map<string, 'delivered' | 'failed'>();
  for (const { csms_id: csmsId, whole, open } of rows) {
    if (Number(whole) === 1) fates.set(csmsId, 'delivered');
    else if (Number(open) === 0) fates.set(csmsId, 'failed');
  }
  return fates;
}

/**
 * Moves messages that were taken to what their parts say: delivered when one way has all its parts on the phone, failed
 * when every copy has ended and none is whole. To be called with the parts locked.
 */
export async function concludeDeliveries(tx: Tx, csmsIds: readonly string[], now: Date): Promise<void> {
  if (csmsIds.length === 0) return;
  await Promise.all([
    tx.write(
      `UPDATE notices n JOIN (${WAYS}) w ON w.csms_id = n.csms_id
       SET n.state = 'DELIVERED', n.outcome = 'delivered', n.concluded_at = ?, n.updated_at = ?
       WHERE n.state = 'SENT' AND w.delivered >= w.parts`,
      [csmsIds, now, now],
    ),
    tx.write(
      `UPDATE notices n JOIN (SELECT csms_id, SUM(open) AS open FROM (${WAYS}) w GROUP BY csms_id) e ON e.csms_id = n.csms_id
       SET n.state = 'FAILED', n.outcome = 'not-delivered', n.concluded_at = ?, n.updated_at = ?
       WHERE n.state = 'SENT' AND e.open = 0`,
      [csmsIds, now, now],
    ),
  ]);
}

const FORGOTTEN_AT_ONCE = 5_000;

/** Forgets parts that no receipt will be about any more, in bounded steps. @returns how many went */
export async function forgetParts(database: Database, before: Date): Promise<number> {
  for (let forgotten = 0; ;) {
    const { affectedRows } = await database.transaction((tx) =>
      tx.write('DELETE FROM sms_parts WHERE updated_at < ? ORDER BY updated_at LIMIT ?', [before, FORGOTTEN_AT_ONCE]),
    );
    forgotten += affectedRows;
    if (affectedRows < FORGOTTEN_AT_ONCE) return forgotten;
  }
}
