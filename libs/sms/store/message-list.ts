import { DomainError, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { leaveToWorkerAgain, type Reader, type Row, type Tx } from '@vend/platform';
import { csmsIdOf } from '../csms-id';
import { CLASS_TOPIC } from '../messages/queue';
import type { StoredMessage } from '../messages/message';
import type { SmsErrorCode } from '../sms.errors';
import { MESSAGE_COLUMNS, messageOf } from './messages';

/** A message as the office sees it: where it stands, and whose it is. Neither its text nor a whole phone number. */
export interface MessageCard extends StoredMessage {
  /** null: no customer of ours, or somebody who is gone. */
  readonly customerNo: string | null;
  readonly office: string | null;
  /** The recipient's number as it is now; to be masked before anybody sees it. */
  readonly mobile: string | null;
  readonly referenceId: string | null;
  readonly sentAt: InstantMs | null;
  readonly concludedAt: InstantMs | null;
  readonly givenUpAt: InstantMs | null;
}

/** Which messages; what is not given does not narrow. */
export interface MessageQuestion {
  readonly state?: StoredMessage['state'];
  readonly messageClass?: StoredMessage['messageClass'];
  /** Those of customers of these offices; `all` also has those of nobody's. */
  readonly offices: readonly string[] | 'all';
  readonly before?: Id;
  readonly limit: number;
}

const COLUMNS = MESSAGE_COLUMNS.split(',').map((name) => `n.${name.trim()}`);
const CARD = `SELECT ${COLUMNS.join(', ')}, COALESCE(c.customer_no, o.customer_no) AS customer_no,
    COALESCE(c.office, o.office) AS office, COALESCE(c.mobile, p.mobile) AS mobile
  FROM notices n
  LEFT JOIN customers c ON n.recipient_kind = 'customer' AND c.id = n.recipient_id
  LEFT JOIN connection_people p ON n.recipient_kind = 'person' AND p.id = n.recipient_id
  LEFT JOIN connections k ON k.id = p.connection_id
  LEFT JOIN customers o ON o.id = k.customer_id`;

/** Messages, the newest first. */
export async function listMessages(reader: Reader, question: MessageQuestion): Promise<MessageCard[]> {
  const { state, messageClass, offices, before, limit } = question;
  if (offices.length === 0) return [];
  const where = ['TRUE'];
  const values: unknown[] = [];
  const narrow = (sql: string, value: unknown) => {
    where.push(sql);
    values.push(value);
  };
  if (state !== undefined) narrow('n.state = ?', state);
  if (messageClass !== undefined) narrow('n.class = ?', messageClass);
  if (before !== undefined) narrow('n.id < ?', idToBytes(before));
  if (offices !== 'all') narrow('COALESCE(c.office, o.office) IN (?)', offices);
  const rows = await reader.read(`${CARD} WHERE ${where.join(' AND ')} ORDER BY n.id DESC LIMIT ?`, [...values, limit]);
  return rows.map(cardOf);
}

export async function findMessageCard(reader: Reader, messageId: Id): Promise<MessageCard | undefined> {
  const [row] = await reader.read(`${CARD} WHERE n.id = ?`, [idToBytes(messageId)]);
  return row && cardOf(row);
}

/**
 * Queues a failed message anew, in the transaction of whoever says so; one that waits already stays as it is. Under the
 * same id, so that a gateway that has had it says so; under a new one when it was taken and did not reach the phone.
 *
 * @returns whether it was queued anew
 * @throws {DomainError<SmsErrorCode>} `message-not-found`; `message-not-failed`: it is sent
 */
export async function retryMessage(tx: Tx, messageId: Id, now: Date): Promise<boolean> {
  const [row] = await tx.query(`SELECT ${MESSAGE_COLUMNS} FROM notices WHERE id = ? FOR UPDATE`, [
    idToBytes(messageId),
  ]);
  if (!row) throw new DomainError<SmsErrorCode>('message-not-found');
  const message = messageOf(row);
  if (message.state === 'QUEUED') return false;
  if (message.state !== 'FAILED') throw new DomainError<SmsErrorCode>('message-not-failed');
  const wasTaken = message.outcome === 'not-delivered';
  const csmsId = wasTaken ? csmsIdOf(`notice:${messageId}:${now.getTime()}`) : message.csmsId;
  await Promise.all([
    tx.write(
      `UPDATE notices SET state = 'QUEUED', csms_id = ?, attempts = 0, maybe_taken_on = IF(?, NULL, maybe_taken_on),
         due_at = ?, sent_at = NULL, concluded_at = NULL, given_up_at = NULL, updated_at = ? WHERE id = ?`,
      [csmsId, wasTaken, now, now, idToBytes(messageId)],
    ),
    leaveToWorkerAgain(tx, CLASS_TOPIC[message.messageClass], [messageId], now),
  ]);
  return true;
}

function cardOf(row: Row): MessageCard {
  const at = (column: string) => (row[column] as Date | null)?.getTime() ?? null;
  return {
    ...messageOf(row),
    ...{ customerNo: row['customer_no'] as string | null, office: row['office'] as string | null },
    ...{ mobile: row['mobile'] as string | null, referenceId: row['reference_id'] as string | null },
    ...{ sentAt: at('sent_at'), concludedAt: at('concluded_at'), givenUpAt: at('given_up_at') },
  };
}

/** What became of each part of a message, as far as a message centre told. */
export interface PartCard {
  readonly smsc: string;
  readonly part: number;
  readonly parts: number;
  /** The centre's word, DELIVRD; null: no receipt yet. */
  readonly stat: string | null;
}

export async function partsOf(reader: Reader, csmsId: string): Promise<PartCard[]> {
  const rows = await reader.read<Row & PartCard>(
    'SELECT smsc, part, parts, stat FROM sms_parts WHERE csms_id = ? AND part IS NOT NULL ORDER BY smsc, part, message_id',
    [csmsId],
  );
  return rows.map(({ smsc, part, parts, stat }) => ({ smsc, part, parts, stat }));
}
