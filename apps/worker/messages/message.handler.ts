import type { Logger } from 'pino';
import { dhakaDay, type Id, type InstantMs } from '@vend/kernel';
import {
  PublishedTemplates,
  renderSms,
  type MessageSources,
  type MessageToFill,
  type MessageValues,
  type TemplateCode,
} from '@vend/messages';
import { smsParts } from '@vend/receipts';
import { counter, offerAt, retryLater, settleOutbox, type Database, type Reader, type Topic } from '@vend/platform';
import {
  CLASS_POLICY,
  concludeDeliveries,
  delivererOf,
  findMessages,
  lockParts,
  saveAttempts,
  type Deliverer,
  type MessageAttempt,
  type RoutedMessage,
  type RoutedOutcome,
  type SmsGateway,
  type SmsMessageClass,
  type StoredMessage,
} from '@vend/sms';
import type { WakeHandler } from '../jobs';
import { addressesOf, type AddressBook } from './addresses';
import { attemptOf, beforeOf, failedAttempt, type Tried } from './attempts';

export interface MessageHandlerParts {
  readonly database: Database;
  readonly sms: SmsGateway;
  readonly sources: MessageSources;
  readonly addresses: AddressBook;
  readonly log: Logger;
}

interface Ready {
  readonly tried: Tried;
  readonly sms: RoutedMessage;
}

/** Of these a second one would annoy more than a missing one. */
const ONCE_AT_MOST: ReadonlySet<SmsMessageClass> = new Set(['reminder', 'notice']);

/**
 * Sends the queued messages of one class: reads what they say and to whom when it sends them, so that neither is kept
 * anywhere, and writes how each came out. The gateway's id is a function of the row, so a repeat after a lost answer is
 * recognised there.
 */
export class MessageHandler implements WakeHandler {
  private readonly deliverer: Deliverer;
  private readonly templates: PublishedTemplates;
  private readonly sent = counter('vend_messages_total', 'Queued messages by class and by how their SMS came out', [
    'class',
    'outcome',
  ]);

  constructor(
    private readonly topic: Topic,
    private readonly parts: MessageHandlerParts,
  ) {
    this.deliverer = delivererOf(parts.sms);
    this.templates = new PublishedTemplates(parts.database);
  }

  async handle(messageIds: readonly Id[]): Promise<void> {
    const found = await findMessages(this.parts.database, messageIds);
    // In the order in which they were queued, so that a phone gets them so.
    const queued = found.filter(({ state }) => state === 'QUEUED').sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
    const { ready, attempts } = await this.parts.database.reads((reader) => this.prepare(reader, queued));
    const outcomes = await this.deliverer.deliver(ready.map(({ sms }) => sms));
    const later = new Map<Id, RoutedOutcome>();
    const now = Date.now();
    outcomes.forEach((routed, index) => {
      const { tried } = ready[index]!;
      const attempt = attemptOf(tried, routed, now);
      if (attempt.state === 'QUEUED') later.set(tried.messageId, routed);
      // Waiting for room is no attempt.
      if (routed.waitMs === undefined || attempt.state !== 'QUEUED') attempts.push(attempt);
      this.sent.inc({ class: tried.messageClass, outcome: routed.outcome.kind });
    });
    await this.conclude(messageIds, attempts, later, new Date(now));
  }

  private async conclude(
    messageIds: readonly Id[],
    attempts: readonly MessageAttempt[],
    later: ReadonlyMap<Id, RoutedOutcome>,
    now: Date,
  ): Promise<void> {
    const { database, log } = this.parts;
    const csmsIds = attempts.filter(({ state }) => state === 'SENT').map(({ csmsId }) => csmsId);
    const waiting = [...later].flatMap(([id, { waitMs }]) => (waitMs === undefined ? [] : [{ id, waitMs }]));
    await database.transaction(async (tx) => {
      await Promise.all([
        lockParts(tx, csmsIds),
        saveAttempts(tx, attempts, now),
        concludeDeliveries(tx, csmsIds, now),
        settleOutbox(
          tx,
          this.topic,
          messageIds.filter((id) => !later.has(id)),
        ),
        offerAt(
          tx,
          this.topic,
          waiting.map(({ id }) => id),
          new Date(now.getTime() + Math.max(0, ...waiting.map(({ waitMs }) => waitMs))),
        ),
      ]);
    });
    const refused = [...later].filter(([, { waitMs }]) => waitMs === undefined).map(([id]) => id);
    if (refused.length === 0) return;
    log.warn({ count: refused.length, topic: this.topic }, 'SMS gateways did not take messages; trying again');
    const bound = Math.max(...attempts.map(({ messageClass }) => CLASS_POLICY[messageClass].retryBoundSeconds));
    await retryLater(database, this.topic, refused, bound, now);
  }

  /** Two journeys: to whom, then what each template needs. */
  private async prepare(
    reader: Reader,
    queued: readonly StoredMessage[],
  ): Promise<{ ready: Ready[]; attempts: MessageAttempt[] }> {
    const attempts: MessageAttempt[] = [];
    const ready: Ready[] = [];
    if (queued.length === 0) return { ready, attempts };
    const now = Date.now();
    const [addresses, templateOf] = await Promise.all([
      addressesOf(this.parts.addresses, reader, queued),
      this.templates.read(),
    ]);
    const reachable = queued.flatMap((message) => {
      const address = addresses.get(message.messageId);
      const tried = triedOf(message, address?.language ?? null);
      const unsure = unconfirmed(tried, now);
      if (unsure) attempts.push(unsure);
      else if (!address?.mobile) attempts.push(failedAttempt(tried, 'no-mobile'));
      else return [{ message, tried, ...address, msisdn: address.mobile }];
      return [];
    });
    const values = await this.valuesOf(
      reader,
      reachable.map(({ message, language, smsForm }) => ({ ...message, language, smsForm })),
    );
    for (const { tried, language, msisdn } of reachable) {
      const said = values.get(tried.messageId);
      if (!said) {
        attempts.push(failedAttempt(tried, 'nothing-to-say'));
        continue;
      }
      const { template, messageClass, csmsId } = tried;
      try {
        const { tokens } = said;
        const text = said.text ?? renderSms(templateOf(template, language), said.values, { tokens }).text;
        const parts = smsParts(text).parts.length;
        const sms = { csmsId, msisdn, text, messageClass, ...beforeOf(tried) };
        ready.push({ tried: { ...tried, parts }, sms });
      } catch (error) {
        this.parts.log.error(
          { err: error, template, messageId: tried.messageId },
          'a message could not be put in words',
        );
        attempts.push(failedAttempt(tried, 'text-faulty'));
      }
    }
    return { ready, attempts };
  }

  private async valuesOf(reader: Reader, messages: readonly MessageToFill[]): Promise<ReadonlyMap<Id, MessageValues>> {
    const byTemplate = new Map<TemplateCode, MessageToFill[]>();
    for (const each of messages) byTemplate.set(each.template, [...(byTemplate.get(each.template) ?? []), each]);
    const maps = await Promise.all(
      [...byTemplate].map(([template, group]) => this.parts.sources[template](reader, group)),
    );
    return new Map(maps.flatMap((map) => [...map]));
  }
}

function triedOf(message: StoredMessage, language: Tried['language']): Tried {
  const { messageId, template, subject, recipient, once, messageClass, csmsId, queuedAt, dueAt } = message;
  const { attempts, gateway, escalated, maybeTakenOn } = message;
  return {
    ...{ messageId, template, subject, recipient, once, messageClass, csmsId, language, parts: null, queuedAt },
    ...{ since: dueAt, attempts, gateway, escalated, maybeTakenOn },
  };
}

/** A gateway knows its ids for a day: what it may have taken on an earlier one it would take once more. */
function unconfirmed(tried: Tried, now: InstantMs): MessageAttempt | undefined {
  const { maybeTakenOn, messageClass } = tried;
  if (maybeTakenOn === null || maybeTakenOn === dhakaDay(now) || !ONCE_AT_MOST.has(messageClass)) return undefined;
  return { ...tried, state: 'SENT', referenceId: null, outcome: 'unconfirmed', givenUp: false };
}
