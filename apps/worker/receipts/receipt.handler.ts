import type { Logger } from 'pino';
import type { Id } from '@vend/kernel';
import { PublishedTemplates, renderSms, type RenderedSms, type SmsTemplate } from '@vend/messages';
import {
  loadVendingMeters,
  receiptAddresses,
  receiptPeople,
  type ReceiptPerson,
  type VendingMeter,
} from '@vend/meters';
import { counter, retryLater, settleOutbox, type Database, type Reader } from '@vend/platform';
import { receiptValues, type Language } from '@vend/receipts';
import {
  findNotices,
  receiptCopyCsmsId,
  receiptCsmsId,
  saveNotices,
  type Notice,
  type SmsGateway,
  type SmsOutcome,
} from '@vend/sms';
import type { RechargeRecord, VendingService } from '@vend/vending';
import type { WakeHandler } from '../jobs';
import { receiptOf } from './receipt-of';

/** A token is worth waiting for: tried for as long as it takes, at least this often. */
const RETRY_BOUND_SECONDS = 30;

interface Message {
  readonly csmsId: string;
  readonly msisdn: string;
  readonly text: string;
}

interface Prepared {
  readonly vendId: Id;
  readonly parts: number;
  readonly message: Message;
  /** For others of the connection who get receipts too. */
  readonly copies: readonly Message[];
}

/**
 * Sends the receipt of each vend, token first, to the customer's phone. The gateway's message id is a function of
 * the vend, so a repeat after a lost answer is recognised there and the phone rings once.
 */
export class ReceiptHandler implements WakeHandler {
  private readonly copied = counter('vend_receipt_copies_total', 'Copies of receipts by how they came out', [
    'outcome',
  ]);
  private readonly templates: PublishedTemplates;
  private readonly sent = counter('vend_receipts_total', 'Receipts by how their SMS came out', ['outcome']);

  constructor(
    private readonly database: Database,
    private readonly vending: VendingService,
    private readonly gateway: SmsGateway,
    private readonly log: Logger,
    private readonly receiptLink?: string,
  ) {
    this.templates = new PublishedTemplates(database);
  }

  async handle(vendIds: readonly Id[]): Promise<void> {
    const { prepared, unreachable } = await this.database.reads((reader) => this.prepare(reader, vendIds));
    const outcomes = await this.gateway.sendMany(prepared.map((p) => p.message));
    const notices: Notice[] = unreachable.map((vendId) => failed(vendId, 'no-mobile'));
    const later: Id[] = [];
    outcomes.forEach((outcome, index) => {
      const { vendId, parts } = prepared[index]!;
      notices.push(noticeOf(vendId, parts, outcome));
      if (outcome.kind === 'retry-later') later.push(vendId);
      this.sent.inc({ outcome: outcome.kind });
    });
    await this.sendCopies(prepared.filter((_, index) => TAKEN.has(outcomes[index]!.kind)));
    if (later.length > 0)
      this.log.warn(
        { count: later.length, reason: notices.find((n) => n.state === 'QUEUED')?.outcome },
        'SMS gateway did not take receipts; trying again',
      );
    const waiting = new Set(later);
    const now = new Date();
    await this.database.transaction(async (tx) => {
      const settled = vendIds.filter((id) => !waiting.has(id));
      await Promise.all([saveNotices(tx, notices, now), settleOutbox(tx, 'receipt', settled)]);
    });
    await retryLater(this.database, 'receipt', later, RETRY_BOUND_SECONDS, now);
  }

  /** After the customer's own was taken, once: a copy that the gateway cannot take now is not worth a second receipt. */
  private async sendCopies(taken: readonly Prepared[]): Promise<void> {
    const copies = taken.flatMap((one) => one.copies);
    if (copies.length === 0) return;
    for (const { kind } of await this.gateway.sendMany(copies)) this.copied.inc({ outcome: kind });
  }

  /** Two journeys to the database: what was sent already and the vends, then whose they are. */
  private async prepare(reader: Reader, vendIds: readonly Id[]): Promise<{ prepared: Prepared[]; unreachable: Id[] }> {
    const [done, vended, templateOf] = await Promise.all([
      findNotices(reader, vendIds),
      this.vending.findByVends(vendIds, reader),
      this.templates.read(),
    ]);
    const words = (language: Language) => templateOf('receipt', language);
    const records = vended.filter(({ vend }) => (done.get(vend!.vendId)?.state ?? 'QUEUED') === 'QUEUED');
    const meterIds = records.flatMap((record) => record.meterId ?? []);
    const [meters, addresses, people] = await Promise.all([
      loadVendingMeters({ query: (sql, parameters) => reader.read(sql, parameters) }, meterIds),
      receiptAddresses(reader, meterIds),
      receiptPeople(reader, meterIds),
    ]);
    const prepared: Prepared[] = [];
    const unreachable: Id[] = [];
    for (const record of records) {
      const { vendId } = record.vend!;
      const meter = meters.get(record.meterId!)!;
      const { mobile = null, language = 'bn' } = addresses.get(meter.meterId) ?? {};
      const others = (people.get(meter.meterId) ?? []).filter((person) => person.mobile !== mobile);
      const own = mobile === null ? undefined : { csmsId: receiptCsmsId(vendId), msisdn: mobile, language };
      const recipients = [...(own ? [own] : []), ...others.map((person) => copyOf(vendId, person))];
      if (recipients.length > 0) prepared.push(this.prepared(record, meter, recipients, words));
      else unreachable.push(vendId);
    }
    return { prepared, unreachable };
  }

  /** The first is who the notice is about: the customer, or, without a phone, whoever comes first. */
  private prepared(
    record: RechargeRecord,
    meter: VendingMeter,
    recipients: readonly Recipient[],
    words: (language: Language) => SmsTemplate,
  ): Prepared {
    const receipt = receiptOf(record, meter, this.vending);
    const { tokens } = receipt;
    const rendered = recipients.map(({ language }): RenderedSms =>
      renderSms(words(language), receiptValues(receipt, language, this.receiptLink), { tokens }),
    );
    const [message, ...copies] = recipients.map(({ csmsId, msisdn }, n): Message => ({
      csmsId,
      msisdn,
      text: rendered[n]!.text,
    }));
    return { vendId: record.vend!.vendId, parts: rendered[0]!.parts, message: message!, copies };
  }
}

interface Recipient extends Omit<Message, 'text'> {
  readonly language: ReceiptPerson['language'];
}

const TAKEN: ReadonlySet<SmsOutcome['kind']> = new Set(['accepted', 'duplicate']);

function copyOf(vendId: Id, { personId, mobile, language }: ReceiptPerson): Recipient {
  return { csmsId: receiptCopyCsmsId(vendId, personId), msisdn: mobile, language };
}

function noticeOf(vendId: Id, parts: number, outcome: SmsOutcome): Notice {
  switch (outcome.kind) {
    case 'accepted':
      return { vendId, state: 'SENT', referenceId: outcome.referenceId, outcome: 'accepted', parts };
    case 'duplicate':
      return { vendId, state: 'SENT', referenceId: null, outcome: 'duplicate', parts };
    case 'refused':
      return failed(vendId, outcome.reason);
    case 'retry-later':
      return { vendId, state: 'QUEUED', referenceId: null, outcome: outcome.reason, parts };
  }
}

function failed(vendId: Id, outcome: string): Notice {
  return { vendId, state: 'FAILED', referenceId: null, outcome, parts: null };
}
