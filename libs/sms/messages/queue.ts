import { idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import { TEMPLATE_CLASS, type MessageRecipient, type MessageSubject, type TemplateCode } from '@vend/messages';
import type { Topic, Tx } from '@vend/platform';
import { noticeCsmsId } from '../notice';
import type { SmsMessageClass } from '../sms-gateway';

/** One message to one recipient, to be sent by the worker. Its text, tokens and phone number are read when it leaves. */
export interface QueuedMessage {
  /** What it says; how urgent it is follows from that. */
  readonly template: TemplateCode;
  readonly subject: { readonly kind: MessageSubject; readonly id: Id };
  readonly recipient: { readonly kind: MessageRecipient; readonly id: Id };
  /** What is known now and is no secret: amounts, dates, numbers of cases. Never a token, a phone number or a code. */
  readonly values?: Readonly<Record<string, string>>;
  /** What tells repeats on purpose apart, at most 40 characters of ASCII: `resend:2`, `2026-11`. */
  readonly once?: string;
  /** Not before: quiet hours, a schedule. */
  readonly dueAt?: InstantMs;
}

/** The outbox topic of each class; the receipts of vends have their own, `receipt`. */
export const CLASS_TOPIC = {
  token: 'sms-token',
  pending: 'sms-pending',
  'one-time-code': 'sms-code',
  reminder: 'sms-reminder',
  notice: 'sms-notice',
} as const satisfies Readonly<Record<SmsMessageClass, Topic>>;

/**
 * Queues messages in the transaction of what they tell of: a row each, and the worker's wake-up. There is one message
 * for each (template, subject, recipient, once): a second is dropped silently, so that whoever repeats need not look.
 *
 * @example await queueMessages(tx, [{ template: 'refund', subject: { kind: 'payment', id }, recipient: { kind: 'customer', id: customerId }, values: { amount: '500.00' } }], now)
 */
export async function queueMessages(tx: Tx, messages: readonly QueuedMessage[], now: Date): Promise<void> {
  if (messages.length === 0) return;
  const idsOf = new Map<Topic, Buffer[]>();
  const rows = messages.map((message) => {
    const { template, subject, recipient, values, once = '', dueAt } = message;
    const noticeId = newId(now.getTime());
    const messageClass = TEMPLATE_CLASS[template];
    const topic = CLASS_TOPIC[messageClass];
    idsOf.set(topic, [...(idsOf.get(topic) ?? []), idToBytes(noticeId)]);
    return [
      idToBytes(noticeId),
      template,
      messageClass,
      subject.kind,
      idToBytes(subject.id),
      recipient.kind,
      idToBytes(recipient.id),
      once,
      noticeCsmsId(noticeId),
      values === undefined ? null : JSON.stringify(values),
      'QUEUED',
      now,
      dueAt === undefined ? now : new Date(dueAt),
      now,
    ];
  });
  await Promise.all([
    tx.write(
      `INSERT INTO notices (id, template, class, subject_kind, subject_id, recipient_kind, recipient_id, once, csms_id,
         known, state, queued_at, due_at, updated_at) VALUES ?
       ON DUPLICATE KEY UPDATE id = id`,
      [rows],
    ),
    // Of those that were there already nobody is woken: their rows have other ids.
    ...[...idsOf].map(([topic, ids]) =>
      tx.write(
        `INSERT INTO outbox (id, topic, ref_id, created_at, due_at)
         SELECT id, ?, id, queued_at, due_at FROM notices WHERE id IN (?)`,
        [topic, ids],
      ),
    ),
  ]);
}
