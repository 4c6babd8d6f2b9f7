import { idFromBytes, idToBytes, type Id, type LocalDay } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { MessageAttempt, StoredMessage } from '../messages/message';
import { noticeCsmsId, receiptCsmsId, type NoticeState } from '../notice';

export const MESSAGE_COLUMNS = `id, template, class, subject_kind, subject_id, recipient_kind, recipient_id, once, csms_id,
  known, state, gateway, attempts, escalated, maybe_taken_on, reference_id, outcome, parts, language, queued_at, due_at,
  sent_at, concluded_at, given_up_at, updated_at`;

/** The messages of these ids, in no order; an unknown id is missing. */
export async function findMessages(reader: Reader, messageIds: readonly Id[]): Promise<StoredMessage[]> {
  if (messageIds.length === 0) return [];
  const rows = await reader.read(`SELECT ${MESSAGE_COLUMNS} FROM notices WHERE id IN (?)`, [messageIds.map(idToBytes)]);
  return rows.map(messageOf);
}

/**
 * The receipts of these vends to customers and others, by vend; a vend without one has not been tried yet.
 *
 * @example (await findReceipts(database, [vendId])).get(vendId)?.length // 1
 */
export async function findReceipts(reader: Reader, vendIds: readonly Id[]): Promise<Map<Id, StoredMessage[]>> {
  const found = new Map<Id, StoredMessage[]>();
  if (vendIds.length === 0) return found;
  const rows = await reader.read(
    `SELECT ${MESSAGE_COLUMNS} FROM notices WHERE subject_id IN (?) AND template = 'receipt'`,
    [vendIds.map(idToBytes)],
  );
  for (const message of rows.map(messageOf)) {
    found.set(message.subject.id, [...(found.get(message.subject.id) ?? []), message]);
  }
  return found;
}

/** The messages of one template about one thing, to whomever, in no order. @example await findMessagesAbout(reader, vendId, 'resend') */
export async function findMessagesAbout(
  reader: Reader,
  subjectId: Id,
  template: StoredMessage['template'],
): Promise<StoredMessage[]> {
  const rows = await reader.read(`SELECT ${MESSAGE_COLUMNS} FROM notices WHERE subject_id = ? AND template = ?`, [
    idToBytes(subjectId),
    template,
  ]);
  return rows.map(messageOf);
}

/** How far the customer's own receipt of each vend has come. */
export async function receiptStates(reader: Reader, vendIds: readonly Id[]): Promise<Map<Id, NoticeState>> {
  const receipts = await findReceipts(reader, vendIds);
  const own = [...receipts].flatMap(([vendId, messages]) => {
    const message = messages.find(({ recipient }) => recipient.kind === 'customer') ?? messages[0];
    return message ? [[vendId, message.state] as const] : [];
  });
  return new Map(own);
}

/** Writes how each attempt came out, over whatever an earlier one wrote; what was sent stays sent. */
export async function saveAttempts(tx: Tx, attempts: readonly MessageAttempt[], now: Date): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map((a) => [
    ...[idToBytes(a.messageId), a.template, a.messageClass, a.subject.kind, idToBytes(a.subject.id)],
    ...[a.recipient.kind, idToBytes(a.recipient.id), a.once, a.csmsId, a.state, a.gateway, 1, a.escalated],
    ...[a.maybeTakenOn, a.referenceId, a.outcome, a.parts, a.language, new Date(a.queuedAt), new Date(a.queuedAt)],
    a.state === 'SENT' ? now : null,
    a.state === 'FAILED' ? now : null,
    a.givenUp ? now : null,
    now,
  ]);
  const unlessSent = (column: string) => `${column} = IF(state IN ('SENT', 'DELIVERED'), ${column}, VALUES(${column}))`;
  await tx.write(
    `INSERT INTO notices (id, template, class, subject_kind, subject_id, recipient_kind, recipient_id, once, csms_id,
       state, gateway, attempts, escalated, maybe_taken_on, reference_id, outcome, parts, language, queued_at, due_at,
       sent_at, concluded_at, given_up_at, updated_at) VALUES ?
     ON DUPLICATE KEY UPDATE attempts = LEAST(attempts + 1, 60000), ${SAVED.map(unlessSent).join(', ')},
       updated_at = VALUES(updated_at), state = IF(state IN ('SENT', 'DELIVERED'), state, VALUES(state))`,
    [rows],
  );
}

/** Before the state, which the others look at. */
const SAVED = [
  ...['csms_id', 'gateway', 'escalated', 'maybe_taken_on', 'reference_id', 'outcome', 'parts', 'language'],
  ...['sent_at', 'concluded_at', 'given_up_at'],
];

export function messageOf(row: Row): StoredMessage {
  const messageId = idFromBytes(row['id'] as Buffer);
  const template = row['template'] as StoredMessage['template'];
  const subject = {
    kind: row['subject_kind'],
    id: idFromBytes(row['subject_id'] as Buffer),
  } as StoredMessage['subject'];
  // Rows of before there was the column have none.
  const computed = template === 'receipt' ? receiptCsmsId(subject.id) : noticeCsmsId(messageId);
  return {
    messageId,
    template,
    subject,
    messageClass: row['class'] as StoredMessage['messageClass'],
    recipient: {
      kind: row['recipient_kind'],
      id: idFromBytes(row['recipient_id'] as Buffer),
    } as StoredMessage['recipient'],
    once: row['once'] as string,
    csmsId: (row['csms_id'] as string | null) ?? computed,
    values: valuesOf(row['known']),
    state: row['state'] as NoticeState,
    gateway: row['gateway'] as string | null,
    attempts: row['attempts'] as number,
    escalated: Boolean(row['escalated']),
    maybeTakenOn: row['maybe_taken_on'] as LocalDay | null,
    outcome: row['outcome'] as string | null,
    parts: row['parts'] as number | null,
    queuedAt: (row['queued_at'] as Date).getTime(),
    dueAt: ((row['due_at'] as Date | null) ?? (row['queued_at'] as Date)).getTime(),
  };
}

/** JSON is text to MariaDB and a value to MySQL. */
function valuesOf(known: unknown): Readonly<Record<string, string>> {
  if (known === null) return {};
  return (typeof known === 'string' ? JSON.parse(known) : known) as Record<string, string>;
}
