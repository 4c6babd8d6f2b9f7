import type { SmsRetryReason } from '../sms-gateway';
import type { Attempt, PartJob } from './attempt';
import type { SmppClock } from './clock';
import { canonicalMessageId } from './delivery-receipt';
import type { SmppLink } from './link';
import { joinKey } from './link-options';
import type { MessageMemory } from './message-memory';
import { TAG, type Tlv } from './pdu';
import type { Answer } from './pending';
import { Queue } from './queue';
import type { ReceiptDesk } from './receipt-desk';
import { segmentText } from './segments';
import { STATUS, submitVerdict } from './status';
import { encodeUserData } from './user-data';

/** A part that an SMSC has taken. */
export interface AcceptedPart {
  readonly csmsId: string;
  /** 1 to `parts`. */
  readonly part: number;
  readonly parts: number;
  readonly link: string;
  readonly smsc: string;
  /** In the form in which receipts give it; '' when the SMSC gave none. */
  readonly messageId: string;
}

const SWEEPS_A_SECOND = 5;
/** Part numbers are one octet. */
const PARTS_MAX = 255;

/** Gives messages to links: who goes where, who waits, and who has waited too long. */
export class Dispatcher {
  private readonly waiting = new Queue<Attempt>();
  /** Parts of messages that were begun on a link; they stay with it, so that the phone can join them. */
  private readonly begun = new Map<SmppLink, Queue<PartJob>>();
  private readonly byPriority: readonly (readonly SmppLink[])[];
  private turn = 0;
  private pumping = false;
  private stopTimer: (() => void) | undefined;

  constructor(
    links: readonly SmppLink[],
    private readonly clock: SmppClock,
    private readonly memory: MessageMemory,
    private readonly receipts: ReceiptDesk,
    private readonly onAccepted: (part: AcceptedPart) => void = () => undefined,
  ) {
    for (const link of links) this.begun.set(link, new Queue());
    const priorities = [...new Set(links.map(({ settings }) => settings.priority))].sort((a, b) => a - b);
    this.byPriority = priorities.map((each) => links.filter(({ settings }) => settings.priority === each));
  }

  add(attempt: Attempt): void {
    this.waiting.push(attempt);
    this.watch();
    this.pump();
  }

  /** Sends whatever can leave now. */
  pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    try {
      for (const [link, jobs] of this.begun) this.drain(link, jobs);
      while (this.waiting.length > 0) {
        const link = this.pick();
        if (!link) break;
        this.begin(this.waiting.shift()!, link);
      }
    } finally {
      this.pumping = false;
    }
  }

  /** A link was lost or paused: what was begun on a lost one cannot go on there. */
  linkChanged(): void {
    for (const [link, jobs] of this.begun) {
      if (link.bound > 0) continue;
      for (const { attempt } of jobs.remove(() => true)) {
        attempt.partDone({ kind: 'retry-later', reason: 'gateway-unreachable' });
      }
    }
    this.pump();
  }

  close(): void {
    this.stopTimer?.();
  }

  /** The next link in turn among the best that are open; undefined while their windows are full. */
  private pick(): SmppLink | undefined {
    const best = this.byPriority.find((links) => links.some((link) => link.open));
    for (let tries = 0; best && tries < best.length; tries++) {
      const link = best[this.turn++ % best.length]!;
      if (this.begun.get(link)!.length === 0 && link.hasRoom()) return link;
    }
    return undefined;
  }

  private begin(attempt: Attempt, link: SmppLink): void {
    const { message } = attempt;
    const { alphabet, parts } = segmentText(attempt.text, link.settings.join);
    if (parts.length > PARTS_MAX) return attempt.end({ kind: 'refused', reason: 'text-too-long' });
    const key = joinKey(link.settings);
    if (message.joinKey !== key || message.parts.length !== parts.length) {
      // Cut for the first time, or in another way than before: parts already taken will not join these.
      message.joinKey = key;
      message.parts = parts.map(() => ({ state: 'unsent', messageId: '', fate: null }));
    }
    const jobs = parts
      .map((text, index) => ({ attempt, index, part: message.parts[index]!, text, alphabet }))
      .filter(({ part }) => part.state !== 'accepted');
    // A late answer may have settled it while it waited.
    if (jobs.length === 0) return attempt.end(undefined);
    attempt.begin(jobs.length);
    const queue = this.begun.get(link)!;
    for (const job of jobs) queue.push(job);
    this.drain(link, queue);
  }

  private drain(link: SmppLink, jobs: Queue<PartJob>): void {
    while (jobs.length > 0 && link.hasRoom()) this.send(link, jobs, jobs.shift()!);
  }

  private send(link: SmppLink, jobs: Queue<PartJob>, job: PartJob): void {
    const { message } = job.attempt;
    const { index, part } = job;
    const { smsc, join, defaultAlphabet, sendsReference } = link.settings;
    const total = message.parts.length;
    const concat = total === 1 ? undefined : { reference: message.reference, total, sequence: index + 1 };
    const how = { packed: defaultAlphabet === 'packed', wideReference: join === 'udh-16', payload: join === 'payload' };
    part.state = 'sent';
    const serial = this.receipts.submitted(smsc);
    const data = encodeUserData(job.text, job.alphabet, how, concat);
    const tlvs = sendsReference
      ? [...data.tlvs, referenceTlv(this.memory.newReference(smsc, { message, index, part }))]
      : data.tlvs;
    link.submit(message.msisdn, { ...data, tlvs }, (answer) => this.answered(link, jobs, job, answer, serial));
  }

  private answered(link: SmppLink, jobs: Queue<PartJob>, job: PartJob, answer: Answer, serial: number): void {
    const { attempt, index, part } = job;
    const { message } = attempt;
    const place = { message, index, part };
    const { smsc, name, responseIdForm } = link.settings;
    let messageId = '';
    if (answer.kind === 'answered' && answer.status === STATUS.ok) {
      messageId = canonicalMessageId(answer.messageId, responseIdForm);
      this.memory.accept(place, answer.messageId);
      this.memory.setMessageId(smsc, messageId, place);
      this.onAccepted({
        csmsId: message.csmsId,
        part: index + 1,
        parts: message.parts.length,
        link: name,
        smsc,
        messageId,
      });
    } else if (answer.kind !== 'answered') {
      this.memory.lose(place, this.clock.now());
    } else if (part.state === 'sent') {
      part.state = 'unsent';
    }
    this.receipts.answered(smsc, serial, messageId);
    // The attempt of a late answer is over; what it tells is remembered for the next one.
    if (answer.kind === 'answered' && answer.late) return;
    this.settle(link, jobs, job, answer);
  }

  private settle(link: SmppLink, jobs: Queue<PartJob>, job: PartJob, answer: Answer): void {
    const { attempt } = job;
    if (answer.kind === 'silent') return attempt.partDone({ kind: 'retry-later', reason: 'gateway-timeout' });
    if (answer.kind === 'lost') return attempt.partDone({ kind: 'retry-later', reason: 'gateway-unreachable' });
    if (answer.status === STATUS.ok) return attempt.partDone();
    const verdict = submitVerdict(answer.status);
    if (verdict.kind !== 'slow-down') return attempt.partDone(verdict);
    if (attempt.deadlineMs <= this.clock.now() || link.bound === 0) {
      return attempt.partDone({ kind: 'retry-later', reason: 'gateway-throttled' });
    }
    this.watch();
    // It was not taken, so it may go at once by another link; the parts of a longer one stay together.
    if (attempt.message.parts.length === 1) this.waiting.putBack(attempt);
    else jobs.putBack(job);
  }

  /** Looks now and then for those who have waited too long, while there is somebody waiting. */
  private watch(): void {
    this.stopTimer ??= this.clock.after(1000 / SWEEPS_A_SECOND, () => this.sweep());
  }

  private sweep(): void {
    this.stopTimer = undefined;
    const nowMs = this.clock.now();
    const links = [...this.begun.keys()];
    const unreachable = links.every((link) => link.bound === 0);
    const reason: SmsRetryReason = unreachable ? 'gateway-unreachable' : 'gateway-throttled';
    for (const attempt of this.waiting.remove(({ deadlineMs }) => deadlineMs <= nowMs)) {
      attempt.end({ kind: 'retry-later', reason });
    }
    let left = this.waiting.length;
    for (const jobs of this.begun.values()) {
      for (const { attempt } of jobs.remove(({ attempt: { deadlineMs } }) => deadlineMs <= nowMs)) {
        attempt.partDone({ kind: 'retry-later', reason: 'gateway-throttled' });
      }
      left += jobs.length;
    }
    if (left > 0) this.watch();
    this.pump();
  }
}

function referenceTlv(reference: number): Tlv {
  return { tag: TAG.userMessageReference, value: Buffer.from([reference >> 8, reference & 0xff]) };
}
