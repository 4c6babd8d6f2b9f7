import { createHash } from 'node:crypto';
import type { Id, InstantMs } from '@vend/kernel';
import { normaliseMobile } from '@vend/meters';

/** A customer's SMS as a gateway brings it. */
export interface ReceivedSms {
  /** The sender as the gateway gave it. Personal data: never in a log. */
  readonly from: string;
  /** The number or short code that it was sent to. */
  readonly to: string;
  /** Anything, of any length; what is kept of it is at most 500 characters, and no longer than until it is worked. */
  readonly text: string;
  /** The gateway's own name of the message, the same when it is brought again; SMPP has none. */
  readonly messageId?: string;
}

/** RECEIVED: stored, and somebody will look. ANSWERED: an answer is queued. SILENT: nobody is answered; the outcome says why. */
export const INBOUND_MOVES = {
  RECEIVED: ['ANSWERED', 'SILENT'],
  ANSWERED: [],
  SILENT: [],
} as const satisfies Record<string, readonly string[]>;
export type InboundState = keyof typeof INBOUND_MOVES;

/** A stored SMS, ready to be worked. */
export interface InboundItem {
  readonly inboundId: Id;
  readonly state: InboundState;
  /** `8801XXXXXXXXX`; null: a sender that is never answered. */
  readonly phone: string | null;
  readonly words: string;
  readonly receivedAt: InstantMs;
}

/** What a gateway without message ids brings again within this time is the same message. */
export const COPY_WINDOW_MS = 300_000;

/**
 * The phone that may be answered: a Bangladeshi mobile number that is not the one written to. Short codes, names and
 * numbers of other countries are never answered, because what answers there is mostly a machine.
 *
 * @example answerablePhone({ from: '+8801700000001', to: '16603' }) // '8801700000001'
 */
export function answerablePhone({ from, to }: Pick<ReceivedSms, 'from' | 'to'>): string | null {
  const phone = normaliseMobile(from.replace(/^\+/, ''));
  return phone === undefined || phone === normaliseMobile(to.replace(/^\+/, '')) ? null : phone;
}

/**
 * Which copies are one message: the gateway's id, or else sender, recipient and text within a slice of time. The second
 * key is that of the slice before, for a copy that comes just after its end.
 *
 * @param epoch what else tells two equal texts apart, as does a START between two STOPs
 */
export function messageKeys(sms: ReceivedSms, at: InstantMs, epoch: string): readonly [Buffer, Buffer | null] {
  if (sms.messageId !== undefined) return [digest(['id', sms.messageId]), null];
  const slice = Math.floor(at / COPY_WINDOW_MS);
  const keyOf = (each: number) => digest(['text', sms.from, sms.to, sms.text, String(each), epoch]);
  return [keyOf(slice), keyOf(slice - 1)];
}

function digest(parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
