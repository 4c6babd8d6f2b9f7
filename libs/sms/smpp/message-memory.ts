import { createHash } from 'node:crypto';
import type { SmsMessage, SmsMessageClass } from '../sms-gateway';
import type { PartFate } from './delivery-receipt';

/** One part of a message on its way. */
export interface PartProgress {
  /** `lost`: sent, and its answer never came. */
  state: 'unsent' | 'sent' | 'accepted' | 'lost';
  /** As the SMSC gave it; '' when it gave none. */
  messageId: string;
  /** What the last receipt said. */
  fate: PartFate | null;
}

/** What is known of a message that was given to the SMPP gateway, from its first attempt on. */
export interface MessageProgress {
  readonly csmsId: string;
  readonly msisdn: string;
  readonly messageClass: SmsMessageClass;
  /** Tells another text under the same id from a repeat; the text itself is not kept. */
  readonly digest: string;
  /** Joins the parts on the phone; the same in every attempt, so that a part sent twice is still one part. */
  readonly reference: number;
  /** How it was cut; the parts of two cuts do not join. */
  joinKey: string;
  parts: PartProgress[];
  /** When an answer was last found missing. */
  lostAtMs: number | undefined;
  /** An attempt may have been taken without our knowing. */
  maybeDuplicate: boolean;
}

/** A part of a message, at its place from 0. Where the message was cut anew since, the part is none of it any more. */
export interface PartPlace {
  readonly message: MessageProgress;
  readonly index: number;
  readonly part: PartProgress;
}

export const isAccepted = ({ parts }: MessageProgress): boolean =>
  parts.length > 0 && parts.every(({ state }) => state === 'accepted');

/**
 * The gateway's memory of its messages: what lets a repeat send only what is missing, a receipt find its message, and
 * a late one make up for a lost answer. Bounded; the oldest are forgotten first, and with the process all of them: what
 * must outlive it is the caller's to store (`onAccepted`, `onReceipt`).
 */
export class MessageMemory {
  private readonly messages = new Map<string, MessageProgress>();
  private readonly byMessageId = new Map<string, PartPlace>();
  private readonly byReference = new Map<string, PartPlace>();
  private submits = Math.floor(Math.random() * 0x10000);
  private readonly references = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** The progress of this message: what is remembered, or a new one when the id is new or means another text now. */
  of(message: SmsMessage): MessageProgress {
    const digest = createHash('sha256').update(message.text, 'utf8').digest('base64');
    const known = this.messages.get(message.csmsId);
    if (known?.digest === digest && known.msisdn === message.msisdn) return known;
    const progress: MessageProgress = {
      csmsId: message.csmsId,
      msisdn: message.msisdn,
      messageClass: message.messageClass ?? 'token',
      digest,
      reference: this.nextReference(message),
      joinKey: '',
      parts: [],
      lostAtMs: undefined,
      maybeDuplicate: false,
    };
    this.messages.set(message.csmsId, progress);
    trim(this.messages, this.max);
    return progress;
  }

  /** Each recipient's own count (CHANNELS.md S2): a common one would come round within a burst. */
  private nextReference({ msisdn, csmsId }: SmsMessage): number {
    const last = this.references.get(msisdn);
    // After a restart the first one depends on the message: its repeat then joins the parts that arrived before.
    const next = last === undefined ? createHash('sha256').update(csmsId).digest().readUInt16BE(0) : last + 1;
    this.references.delete(msisdn);
    this.references.set(msisdn, next & 0xffff);
    trim(this.references, this.max);
    return next & 0xffff;
  }

  setMessageId(smsc: string, canonicalId: string, place: PartPlace): void {
    if (canonicalId === '') return;
    this.byMessageId.set(`${smsc} ${canonicalId}`, place);
    trim(this.byMessageId, this.max);
  }

  /** A number for this submit alone, until it comes round after 65 536 others; never the same in two processes' first ones. */
  newReference(smsc: string, place: PartPlace): number {
    this.submits = (this.submits + 1) & 0xffff;
    this.byReference.set(`${smsc} ${this.submits}`, place);
    return this.submits;
  }

  /** The part that a receipt is about. */
  find(smsc: string, canonicalId: string): PartPlace | undefined {
    return this.byMessageId.get(`${smsc} ${canonicalId}`);
  }

  /**
   * The part that a receipt with an unknown id is about: the one whose reference it echoes. Nothing weaker will do: the
   * only open message to the same phone may never have been taken, the receipt being that of a copy sent before.
   */
  findByReference(smsc: string, reference: number | null, msisdn: string): PartPlace | undefined {
    const place = reference === null ? undefined : this.byReference.get(`${smsc} ${reference}`);
    return place?.message.msisdn === msisdn ? place : undefined;
  }

  lose(place: PartPlace, nowMs: number): void {
    const { message, part } = place;
    message.maybeDuplicate = true;
    if (part.state === 'accepted') return; // by a late answer to an earlier attempt
    part.state = 'lost';
    message.lostAtMs = nowMs;
  }

  /** The part was taken, whether its own answer said so or a receipt. */
  accept({ part }: PartPlace, messageId: string): void {
    part.state = 'accepted';
    part.messageId = messageId;
  }
}

function trim(map: Map<string, unknown>, max: number): void {
  if (map.size > max) map.delete(map.keys().next().value!);
}
