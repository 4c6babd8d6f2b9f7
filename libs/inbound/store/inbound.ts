import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { InboundItem, InboundState } from '../inbound-sms';
import type { InboundWord } from '../question';

interface NewInbound {
  readonly id: Id;
  readonly gateway: string;
  readonly messageKey: Buffer;
  readonly phone: string | null;
  readonly words: string;
  readonly word: InboundWord | null;
  readonly receivedAt: Date;
}

/** Stores a message. @throws the driver's duplicate-key error when this gateway has brought it before */
export async function insertInbound(tx: Tx, row: NewInbound): Promise<void> {
  const { id, gateway, messageKey, phone, words, word, receivedAt } = row;
  await tx.write(
    `INSERT INTO sms_inbound (id, gateway, message_key, phone, words, word, received_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'RECEIVED')`,
    [idToBytes(id), gateway, messageKey, phone, words, word, receivedAt],
  );
}

/** True when a message of this key came at that time or later. */
export async function cameBefore(tx: Tx, gateway: string, messageKey: Buffer, since: Date): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM sms_inbound WHERE gateway = ? AND message_key = ? AND received_at >= ?', [
    gateway,
    messageKey,
    since,
  ]);
  return rows.length > 0;
}

/** The last message of this word that came from the phone. */
export async function lastOfWord(tx: Tx, phone: string, word: InboundWord): Promise<Id | undefined> {
  const [row] = await tx.query<{ id: Buffer }>(
    'SELECT id FROM sms_inbound WHERE phone = ? AND word = ? ORDER BY received_at DESC, id DESC LIMIT 1',
    [phone, word],
  );
  return row && idFromBytes(row.id);
}

/** The messages of these ids, the first received first. */
export async function findInbound(reader: Reader, ids: readonly Id[]): Promise<InboundItem[]> {
  if (ids.length === 0) return [];
  const rows = await reader.read<
    Row & { id: Buffer; state: InboundState; phone: string | null; words: string | null; received_at: Date }
  >('SELECT id, state, phone, words, received_at FROM sms_inbound WHERE id IN (?) ORDER BY received_at, id', [
    ids.map(idToBytes),
  ]);
  return rows.map((row) => ({
    inboundId: idFromBytes(row.id),
    state: row.state,
    phone: row.phone,
    words: row.words ?? '',
    receivedAt: row.received_at.getTime(),
  }));
}

/** How a message ended. */
export interface InboundEnd {
  readonly state: 'ANSWERED' | 'SILENT';
  readonly word: InboundWord | null;
  readonly outcome: string;
  readonly language: 'bn' | 'en' | null;
  readonly customerId: Id | null;
  readonly meterId: Id | null;
  /** Whose tokens the answer brings. */
  readonly vendId: Id | null;
}

/** Ends a message and lets its words go. @returns false when it had ended before */
export async function concludeInbound(tx: Tx, id: Id, end: InboundEnd, now: Date): Promise<boolean> {
  const bytes = (each: Id | null) => each && idToBytes(each);
  const { affectedRows } = await tx.write(
    `UPDATE sms_inbound SET state = ?, words = NULL, word = ?, outcome = ?, language = ?, customer_id = ?, meter_id = ?,
       vend_id = ?, worked_at = ?
     WHERE id = ? AND state = 'RECEIVED'`,
    [
      end.state,
      end.word,
      end.outcome,
      end.language,
      bytes(end.customerId),
      bytes(end.meterId),
      bytes(end.vendId),
      now,
      idToBytes(id),
    ],
  );
  return affectedRows === 1;
}

/** Where an answer goes, and about what: read when it is sent. `phone` must not reach a log. */
export interface InboundAnswer {
  readonly inboundId: Id;
  readonly phone: string;
  readonly language: 'bn' | 'en';
  readonly meterId: Id | null;
  readonly vendId: Id | null;
}

/**
 * Whom these answers go to, for the SMS worker only: the phones that wrote.
 *
 * @example (await inboundAnswers(reader, [inboundId])).get(inboundId)?.language // 'bn'
 */
export async function inboundAnswers(reader: Reader, ids: readonly Id[]): Promise<Map<Id, InboundAnswer>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.read<
    Row & { id: Buffer; phone: string; language: 'bn' | 'en'; meter_id: Buffer | null; vend_id: Buffer | null }
  >(`SELECT id, phone, language, meter_id, vend_id FROM sms_inbound WHERE id IN (?) AND state = 'ANSWERED'`, [
    ids.map(idToBytes),
  ]);
  return new Map(
    rows.map(({ id, phone, language, meter_id: meterId, vend_id: vendId }) => {
      const inboundId = idFromBytes(id);
      const answer = {
        ...{ inboundId, phone, language },
        meterId: meterId && idFromBytes(meterId),
        vendId: vendId && idFromBytes(vendId),
      };
      return [inboundId, answer];
    }),
  );
}
