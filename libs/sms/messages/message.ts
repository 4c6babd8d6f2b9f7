import type { Id, InstantMs, LocalDay } from '@vend/kernel';
import type { MessageRecipient, MessageSubject, TemplateCode } from '@vend/messages';
import type { NoticeState } from '../notice';
import type { SmsMessageClass } from '../sms-gateway';

/** What tells one message from every other: there is one for each of these. */
export interface MessageKey {
  readonly template: TemplateCode;
  readonly subject: { readonly kind: MessageSubject; readonly id: Id };
  readonly recipient: { readonly kind: MessageRecipient; readonly id: Id };
  /** '' unless repeats are meant. */
  readonly once: string;
}

/** A message to one recipient as its row tells it. Neither its text nor a phone number is there. */
export interface StoredMessage extends MessageKey {
  readonly messageId: Id;
  readonly messageClass: SmsMessageClass;
  readonly csmsId: string;
  /** What was known when it was queued. */
  readonly values: Readonly<Record<string, string>>;
  readonly state: NoticeState;
  /** By which gateway it was last tried. */
  readonly gateway: string | null;
  readonly attempts: number;
  /** Another gateway than the first choice was tried. */
  readonly escalated: boolean;
  /** The Dhaka day of the last attempt that a gateway may have taken without our knowing: ids are known for a day. */
  readonly maybeTakenOn: LocalDay | null;
  readonly outcome: string | null;
  readonly parts: number | null;
  readonly queuedAt: InstantMs;
  /** Since when it is tried: given up when this is too long ago. */
  readonly dueAt: InstantMs;
}

/** How an attempt came out, over what the row says. */
export interface MessageAttempt extends MessageKey {
  /** Of its row, or of the row to be made. */
  readonly messageId: Id;
  readonly messageClass: SmsMessageClass;
  readonly csmsId: string;
  readonly language: 'bn' | 'en' | null;
  readonly state: NoticeState;
  readonly gateway: string | null;
  readonly escalated: boolean;
  readonly maybeTakenOn: LocalDay | null;
  readonly referenceId: string | null;
  /** Why it is where it is: a machine code, never a number or a text. */
  readonly outcome: string;
  readonly parts: number | null;
  readonly queuedAt: InstantMs;
  /** FAILED because its time was over, and not because it was refused. */
  readonly givenUp: boolean;
}
