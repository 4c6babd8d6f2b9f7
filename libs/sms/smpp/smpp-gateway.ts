import { checkCsmsId, faultOf } from '../message-checks';
import type { SmsGateway, SmsMessage, SmsOutcome } from '../sms-gateway';
import { Attempt } from './attempt';
import { systemClock, type SmppClock } from './clock';
import { parseReceipt, isReceipt } from './delivery-receipt';
import { Dispatcher, type AcceptedPart } from './dispatcher';
import { InboundDesk, type InboundSms } from './inbound-desk';
import { SmppLink, type LinkChange } from './link';
import { linkSettings, type SmppLinkOptions, type SmppLinkSettings } from './link-options';
import { isAccepted, MessageMemory } from './message-memory';
import { ReceiptDesk, type DeliveryReceipt } from './receipt-desk';
import type { IncomingMessage } from './session';
import { decodeUserData } from './user-data';

export interface SmppGatewayOptions {
  readonly links: readonly SmppLinkOptions[];
  /**
   * A delivery receipt. The SMSC is told "received" when this resolves and "bring it again" when it rejects, so store
   * first. Without a handler receipts are taken and dropped.
   */
  readonly onReceipt?: (receipt: DeliveryReceipt) => Promise<void>;
  /** A customer's SMS; acknowledged in the same way. It may come twice. */
  readonly onInbound?: (sms: InboundSms) => Promise<void>;
  /** Each part that an SMSC took, with the id its receipt will carry: for the row that outlives this process. */
  readonly onAccepted?: (part: AcceptedPart) => void;
  /** Links coming and going. Never holds a secret, a number or a text. */
  readonly onChange?: (change: LinkChange) => void;
  /** How long a message waits for a link, a window or the end of a pause before it is given back. Default 5000. */
  readonly maxWaitMs?: number;
  /** How long a message that is no token waits for a receipt before it is sent again. Default 600 000. */
  readonly awaitReceiptMs?: number;
  /** Messages remembered for repeats and receipts, about half a kilobyte each. Default 100 000. */
  readonly rememberMax?: number;
  readonly clock?: SmppClock;
  /** 0 to below 1; for jitter only. */
  readonly random?: () => number;
}

/** How a link is, for a health page. */
export interface LinkHealth {
  readonly link: string;
  /** Connections bound now, of how many. */
  readonly bound: number;
  readonly binds: number;
  /** Told to slow down and waiting. */
  readonly paused: boolean;
}

const INBOUND_PATIENCE_MS = 300_000;

/**
 * SMS over SMPP 3.4: the `SmsGateway` contract over one or several links to one or several SMSCs. It connects when it
 * is made and reconnects by itself.
 *
 * - Links of the lowest priority number that are bound and not told to slow down share the messages; the next priority
 *   takes over when there are none. A full window is waited for.
 * - "Slow down" (0x58, 0x14) pauses its link; the message, not taken, goes out after the pause or by another link.
 * - A repeat of a `csmsId` sends only the parts that were not taken; when all were it is a `duplicate`. A part whose
 *   answer was lost is sent again for a `token` (the outcome then says `maybeDuplicate`); any other class is answered
 *   `awaiting-receipt` until its receipt comes or `awaitReceiptMs` is over.
 * - Messages to one phone leave in the order in which they were given, each when the one before is taken.
 *
 * @throws {RangeError} for a setting that cannot be; from `sendMany` for a `csmsId` that is empty or longer than 20
 * @example
 * const gateway = new SmppGateway({ links: [{ name: 'a', host, port: 2775, systemId, password, source: 'NESCO' }] });
 * const [outcome] = await gateway.sendMany([{ csmsId: csmsIdOf(noticeId), msisdn: '8801700000000', text: 'Token ...' }]);
 */
export class SmppGateway implements SmsGateway {
  private readonly clock: SmppClock;
  private readonly memory: MessageMemory;
  private readonly receipts: ReceiptDesk;
  private readonly inbound: InboundDesk;
  private readonly links: SmppLink[];
  private readonly dispatcher: Dispatcher;
  /** The last message to each phone, settled or not. */
  private readonly tails = new Map<string, Promise<unknown>>();
  private readonly running = new Map<string, Promise<SmsOutcome>>();

  constructor(private readonly options: SmppGatewayOptions) {
    this.clock = options.clock ?? systemClock;
    const random = options.random ?? Math.random;
    this.memory = new MessageMemory(options.rememberMax ?? 100_000);
    this.receipts = new ReceiptDesk(this.memory, options.onReceipt ?? (() => Promise.resolve()));
    this.inbound = new InboundDesk(this.clock, INBOUND_PATIENCE_MS, options.onInbound ?? (() => Promise.resolve()));
    this.links = options.links.map((each) => {
      const settings = linkSettings(each);
      return new SmppLink(settings, this.clock, random, {
        onRoom: () => this.dispatcher?.pump(),
        onIncoming: (message) => this.receive(settings, message),
        onChange: (change) => {
          options.onChange?.(change);
          if (change.change !== 'bound') this.dispatcher?.linkChanged();
        },
      });
    });
    this.dispatcher = new Dispatcher(this.links, this.clock, this.memory, this.receipts, options.onAccepted);
  }

  async sendMany(messages: readonly SmsMessage[]): Promise<SmsOutcome[]> {
    messages.forEach(checkCsmsId);
    const outcomes = new Map<string, SmsOutcome>();
    const byPhone = new Map<string, Map<string, SmsMessage>>();
    for (const message of messages) {
      const { csmsId, msisdn } = message;
      const reason = faultOf(message);
      if (reason) outcomes.set(csmsId, { csmsId, kind: 'refused', reason });
      else byPhone.set(msisdn, (byPhone.get(msisdn) ?? new Map<string, SmsMessage>()).set(csmsId, message));
    }
    await Promise.all([...byPhone].map(([msisdn, line]) => this.afterEarlier(msisdn, [...line.values()], outcomes)));
    return messages.map(({ csmsId }) => outcomes.get(csmsId)!);
  }

  /** How the links are now. */
  health(): LinkHealth[] {
    return this.links.map(({ settings, bound, paused }) => ({
      link: settings.name,
      bound,
      binds: settings.binds,
      paused,
    }));
  }

  async close(): Promise<void> {
    await Promise.all(this.tails.values());
    await Promise.all(this.links.map((link) => link.close()));
    this.dispatcher.close();
    this.inbound.close();
  }

  /** One phone's messages in their order, after those that other calls gave before. */
  private async afterEarlier(
    msisdn: string,
    line: readonly SmsMessage[],
    outcomes: Map<string, SmsOutcome>,
  ): Promise<void> {
    const mine = this.inOrder(this.tails.get(msisdn), line, outcomes);
    this.tails.set(msisdn, mine);
    await mine;
    if (this.tails.get(msisdn) === mine) this.tails.delete(msisdn);
  }

  private async inOrder(
    earlier: Promise<unknown> | undefined,
    line: readonly SmsMessage[],
    outcomes: Map<string, SmsOutcome>,
  ): Promise<void> {
    await earlier;
    // What was not taken holds up its own class only: a notice never stands in a token's way.
    const heldUp = new Set<string>();
    for (const message of line) {
      const { csmsId, messageClass = 'token' } = message;
      const outcome: SmsOutcome = heldUp.has(messageClass)
        ? { csmsId, kind: 'retry-later', reason: 'held-for-order', maybeAccepted: false }
        : await this.sendOne(message);
      if (outcome.kind === 'retry-later') heldUp.add(messageClass);
      outcomes.set(csmsId, outcome);
    }
  }

  private sendOne(message: SmsMessage): Promise<SmsOutcome> {
    const { csmsId } = message;
    const running = this.running.get(csmsId);
    if (running) return running;
    const progress = this.memory.of(message);
    if (isAccepted(progress)) return Promise.resolve({ csmsId, kind: 'duplicate' });
    const nowMs = this.clock.now();
    const patienceMs = progress.messageClass === 'token' ? 0 : (this.options.awaitReceiptMs ?? 600_000);
    if (progress.lostAtMs !== undefined && nowMs - progress.lostAtMs < patienceMs) {
      return Promise.resolve({ csmsId, kind: 'retry-later', reason: 'awaiting-receipt', maybeAccepted: true });
    }
    const attempt = new Promise<SmsOutcome>((resolve) => {
      const finish = (outcome: SmsOutcome): void => {
        this.running.delete(csmsId);
        resolve(outcome);
      };
      const deadlineMs = nowMs + (this.options.maxWaitMs ?? 5000);
      this.dispatcher.add(new Attempt(progress, message.text, deadlineMs, finish));
    });
    this.running.set(csmsId, attempt);
    return attempt;
  }

  private receive(settings: SmppLinkSettings, message: IncomingMessage): Promise<void> {
    if (!isReceipt(message.esmClass)) {
      const { source: from, destination: to } = message;
      const received = decodeUserData(message, settings.defaultAlphabet);
      return this.inbound.receive({ smsc: settings.smsc, from, to }, received);
    }
    const receipt = parseReceipt(message);
    // A receipt that names no message tells nobody anything; refusing it would only bring it again.
    return receipt ? this.receipts.receive(settings, receipt, message.source) : Promise.resolve();
  }
}
