import type { Id } from '@vend/kernel';
import type { Reader } from '@vend/platform';
import type { Language, ReceiptToken } from '@vend/receipts';
import type { TemplateCode } from './codes';

/** What a message is about, and whom it goes to: ids alone, so that no queue and no job holds a secret. */
export type MessageSubject = 'vend' | 'case' | 'payment' | 'meter' | 'inbound' | 'code' | 'broadcast';
export type MessageRecipient = 'customer' | 'person' | 'inbound';

/** A queued message at the moment it is sent. */
export interface MessageToFill {
  readonly messageId: Id;
  readonly template: TemplateCode;
  readonly subject: { readonly kind: MessageSubject; readonly id: Id };
  readonly recipient: { readonly kind: MessageRecipient; readonly id: Id };
  /** What was known when it was queued. */
  readonly values: Readonly<Record<string, string>>;
  readonly language: Language;
  /** `line`: who gets it wants receipts as the line for programs. */
  readonly smsForm?: 'words' | 'line';
}

/** What a text is made of. May hold tokens: never logged, never stored. */
export interface MessageValues {
  /** By placeholder, in the reader's language, digits in ASCII; an empty string is as good as none. */
  readonly values: Readonly<Record<string, string>>;
  /** For templates that open with {tokens}, in any order. */
  readonly tokens?: readonly ReceiptToken[];
  /** The whole message, for a reader who asked for no words: it goes as it is, without a template. */
  readonly text?: string;
}

/**
 * Reads what the texts of one template need, when they are sent and not before, so that tokens and codes are in no
 * queue. By message; a message that is left out has nothing to say any more and is not sent.
 */
export type MessageSource = (
  reader: Reader,
  messages: readonly MessageToFill[],
) => Promise<ReadonlyMap<Id, MessageValues>>;

/** One source for each template: a template without one does not compile. */
export type MessageSources = Readonly<Record<TemplateCode, MessageSource>>;

/** For templates whose values are all known when the message is queued. @example { refund: storedValues } */
export const storedValues: MessageSource = (_reader, messages) =>
  Promise.resolve(new Map(messages.map(({ messageId, values }) => [messageId, { values }])));
