import type { Logger } from 'pino';
import { newId, type Id, type InstantMs } from '@vend/kernel';
import { PublishedTemplates, renderSms, type SmsTemplate } from '@vend/messages';
import {
  loadVendingMeters,
  receiptAddresses,
  receiptPeople,
  type ReceiptPerson,
  type SmsForm,
  type VendingMeter,
} from '@vend/meters';
import {
  counter,
  leaveToWorkerAgain,
  offerAt,
  retryLater,
  settleOutbox,
  type Database,
  type Reader,
} from '@vend/platform';
import {
  factsOfReceipt,
  receiptLine,
  receiptValues,
  smsParts,
  tokensToType,
  type Language,
  type Receipt,
} from '@vend/receipts';
import {
  CLASS_POLICY,
  concludeDeliveries,
  delivererOf,
  findReceipts,
  lockParts,
  receiptCopyCsmsId,
  receiptCsmsId,
  saveAttempts,
  type Deliverer,
  type MessageAttempt,
  type RoutedMessage,
  type RoutedOutcome,
  type SmsGateway,
  type SmsOutcome,
  type StoredMessage,
} from '@vend/sms';
import { receiptOf, type RechargeRecord, type VendingService } from '@vend/vending';
import type { WakeHandler } from '../jobs';
import { attemptOf, beforeOf, failedAttempt, type Tried } from '../messages/attempts';

/** One receipt to one phone. */
interface Message {
  readonly tried: Tried;
  readonly sms: RoutedMessage;
}

interface Prepared {
  readonly vendId: Id;
  readonly own: Message;
  /** For others of the connection who get receipts too. */
  readonly copies: readonly Message[];
}

type Words = (language: Language) => SmsTemplate;

/**
 * Sends the receipt of each vend, token first, to the customer's phone. The gateway's message id is a function of
 * the vend, so a repeat after a lost answer is recognised there and the phone rings once.
 */
export class ReceiptHandler implements WakeHandler {
  private readonly copied = counter('vend_receipt_copies_total', 'Copies of receipts by how they came out', [
    'outcome',
  ]);
  private readonly sent = counter('vend_receipts_total', 'Receipts by how their SMS came out', ['outcome']);
  private readonly templates: PublishedTemplates;
  private readonly deliverer: Deliverer;

  constructor(
    private readonly database: Database,
    private readonly vending: VendingService,
    gateway: SmsGateway,
    private readonly log: Logger,
    private readonly receiptLink?: string,
  ) {
    this.templates = new PublishedTemplates(database);
    this.deliverer = delivererOf(gateway);
  }

  async handle(vendIds: readonly Id[]): Promise<void> {
    const { prepared, unreachable } = await this.database.reads((reader) => this.prepare(reader, vendIds));
    const outcomes = await this.deliverer.deliver(prepared.map(({ own }) => own.sms));
    const now = Date.now();
    const attempts = [...unreachable];
    const later = new Map<Id, RoutedOutcome>();
    outcomes.forEach((routed, index) => {
      const { vendId, own } = prepared[index]!;
      const attempt = attemptOf(own.tried, routed, now);
      attempts.push(attempt);
      if (attempt.state === 'QUEUED') later.set(vendId, routed);
      this.sent.inc({ outcome: routed.outcome.kind });
    });
    const copies = await this.sendCopies(prepared.filter((_, index) => TAKEN.has(outcomes[index]!.outcome.kind)));
    if (later.size > 0)
      this.log.warn(
        { count: later.size, reason: attempts.find(({ state }) => state === 'QUEUED')?.outcome },
        'SMS gateways did not take receipts; trying again',
      );
    await this.conclude(vendIds, [...attempts, ...copies], later, new Date(now));
  }

  /** After the customer's own was taken; one that nobody took now goes on by itself. */
  private async sendCopies(taken: readonly Prepared[]): Promise<MessageAttempt[]> {
    const copies = taken.flatMap((one) => one.copies);
    if (copies.length === 0) return [];
    const outcomes = await this.deliverer.deliver(copies.map(({ sms }) => sms));
    const now = Date.now();
    return outcomes.map((routed, index) => {
      this.copied.inc({ outcome: routed.outcome.kind });
      return attemptOf(copies[index]!.tried, routed, now);
    });
  }

  private async conclude(
    vendIds: readonly Id[],
    attempts: readonly MessageAttempt[],
    later: ReadonlyMap<Id, RoutedOutcome>,
    now: Date,
  ): Promise<void> {
    const csmsIds = attempts.filter(({ state, gateway }) => state === 'SENT' && gateway !== null).map((a) => a.csmsId);
    const settled = vendIds.filter((id) => !later.has(id));
    const goOn = attempts.filter(({ state, recipient }) => state === 'QUEUED' && recipient.kind === 'person');
    const alone = goOn.filter(({ subject }) => !later.has(subject.id)).map(({ messageId }) => messageId);
    const waitMs = new Map(
      [...later].flatMap(([id, routed]) => (routed.waitMs === undefined ? [] : [[id, routed.waitMs]])),
    );
    await this.database.transaction(async (tx) => {
      await Promise.all([
        lockParts(tx, csmsIds),
        saveAttempts(tx, attempts, now),
        concludeDeliveries(tx, csmsIds, now),
        settleOutbox(tx, 'receipt', settled),
        leaveToWorkerAgain(tx, 'sms-token', alone, now),
        offerAt(tx, 'receipt', [...waitMs.keys()], new Date(now.getTime() + Math.max(0, ...waitMs.values()))),
      ]);
    });
    const refused = [...later.keys()].filter((id) => !waitMs.has(id));
    await retryLater(this.database, 'receipt', refused, CLASS_POLICY.token.retryBoundSeconds, now);
  }

  /** Two journeys to the database: what was sent already and the vends, then whose they are. */
  private async prepare(
    reader: Reader,
    vendIds: readonly Id[],
  ): Promise<{ prepared: Prepared[]; unreachable: MessageAttempt[] }> {
    const [done, vended, templateOf] = await Promise.all([
      findReceipts(reader, vendIds),
      this.vending.findByVends(vendIds, reader),
      this.templates.read(),
    ]);
    const words: Words = (language) => templateOf('receipt', language);
    const records = vended.filter(({ vend }) => isOpen(done.get(vend!.vendId)));
    const meterIds = records.flatMap((record) => record.meterId ?? []);
    const [meters, addresses, people] = await Promise.all([
      loadVendingMeters({ query: (sql, parameters) => reader.read(sql, parameters) }, meterIds),
      receiptAddresses(reader, meterIds),
      receiptPeople(reader, meterIds),
    ]);
    const prepared: Prepared[] = [];
    const unreachable: MessageAttempt[] = [];
    for (const record of records) {
      const { vendId, issuedAt } = record.vend!;
      const meter = meters.get(record.meterId!)!;
      const { mobile = null, language = 'bn', smsForm } = addresses.get(meter.meterId) ?? {};
      const others = (people.get(meter.meterId) ?? []).filter((person) => person.mobile !== mobile);
      const customer: Recipient = {
        ...{ kind: 'customer', id: meter.customerId, csmsId: receiptCsmsId(vendId), mobile, language, smsForm },
      };
      const recipients = [...(mobile === null ? [] : [customer]), ...others.map((person) => copyOf(vendId, person))];
      const known = done.get(vendId) ?? [];
      if (recipients.length > 0) prepared.push(this.prepared(record, meter, recipients, known, words));
      else unreachable.push(failedAttempt(triedOf(vendId, customer, known, issuedAt), 'no-mobile'));
    }
    return { prepared, unreachable };
  }

  /** The first is who the receipt is for: the customer, or, without a phone, whoever comes first. */
  private prepared(
    record: RechargeRecord,
    meter: VendingMeter,
    recipients: readonly Recipient[],
    known: readonly StoredMessage[],
    words: Words,
  ): Prepared {
    const receipt = receiptOf(record, meter, this.vending);
    const { vendId, issuedAt } = record.vend!;
    const [own, ...copies] = recipients.map((recipient) => {
      const tried = triedOf(vendId, recipient, known, issuedAt);
      return this.messageTo(recipient, receipt, tried, words);
    });
    return { vendId, own: own!, copies };
  }

  private messageTo(recipient: Recipient, receipt: Receipt, tried: Tried, words: Words): Message {
    const tokens = tokensToType(receipt);
    const { csmsId, mobile, language, smsForm } = recipient;
    const inWords = (): string =>
      renderSms(words(language), receiptValues(receipt, language, this.receiptLink), { tokens }).text;
    const text = smsForm === 'line' ? receiptLine(factsOfReceipt({ ...receipt, tokens })) : inWords();
    const parts = smsParts(text).parts.length;
    const sms = { csmsId, msisdn: mobile!, text, messageClass: 'token', ...beforeOf(tried) } as const;
    return { tried: { ...tried, parts }, sms };
  }
}

interface Recipient {
  readonly kind: 'customer' | 'person';
  readonly id: Id;
  readonly csmsId: string;
  readonly mobile: string | null;
  readonly language: Language;
  readonly smsForm?: SmsForm;
}

const TAKEN: ReadonlySet<SmsOutcome['kind']> = new Set(['accepted', 'duplicate']);

/** True while the customer's own, or whoever's stands for it, is to be sent; copies go on by themselves. */
function isOpen(known: readonly StoredMessage[] = []): boolean {
  const own = known.find(({ recipient }) => recipient.kind === 'customer') ?? known[0];
  return own === undefined || own.state === 'QUEUED';
}

function copyOf(vendId: Id, { personId, mobile, language }: ReceiptPerson): Recipient {
  return { kind: 'person', id: personId, csmsId: receiptCopyCsmsId(vendId, personId), mobile, language };
}

/** Its row, as it is or as it is to be. */
function triedOf(
  vendId: Id,
  { kind, id, csmsId, language }: Recipient,
  known: readonly StoredMessage[],
  issuedAt: InstantMs,
): Tried {
  const row = known.find(({ recipient }) => recipient.id === id);
  return {
    ...{ template: 'receipt', messageClass: 'token', subject: { kind: 'vend', id: vendId }, recipient: { kind, id } },
    ...{ once: '', csmsId, language, parts: null, queuedAt: issuedAt, since: row?.dueAt ?? issuedAt },
    messageId: row?.messageId ?? newId(),
    attempts: row?.attempts ?? 0,
    gateway: row?.gateway ?? null,
    escalated: row?.escalated ?? false,
    maybeTakenOn: row?.maybeTakenOn ?? null,
  };
}
