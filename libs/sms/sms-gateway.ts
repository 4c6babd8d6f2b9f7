/** One SMS to one phone. */
export interface SmsMessage {
  /** Ours, at most 20 characters, the same for every attempt at the same notice: see `csmsIdOf`. */
  readonly csmsId: string;
  /** `8801XXXXXXXXX`: 13 digits, Bangladesh, mobile. Personal data: never in a log or an error. */
  readonly msisdn: string;
  /** At most 1000 UTF-16 units, NFC; the gateway cuts it into parts. May hold a token: never in a log. */
  readonly text: string;
  /** What the message is, where the gateway must know what to do when nobody can tell whether it was taken. */
  readonly messageClass?: SmsMessageClass;
}

/**
 * What a message is to its reader, the most urgent first. A `token` whose outcome is unknown is sent again, since two
 * of the same are harmless and none is not; any other waits for its receipt first.
 */
export type SmsMessageClass = 'token' | 'pending' | 'one-time-code' | 'reminder' | 'notice';

/** Why a message was not taken now, though the same message may be taken later. */
export type SmsRetryReason =
  | 'gateway-unreachable' // no connection, or it broke
  | 'gateway-timeout' // no answer in time
  | 'gateway-unreadable' // an HTML page, an empty body, an HTTP error without the profile's JSON
  | 'gateway-error' // the gateway's own 5000
  | 'gateway-throttled' // 4029, 4031: send slower
  | 'gateway-configuration' // token, sender or address refused: an operator must act, the message is innocent
  | 'gateway-unexplained' // a failure whose code nobody documented: bound the attempts
  | 'awaiting-receipt' // it may have been taken, and a second one would annoy: its receipt is waited for
  | 'rate-share' // the class has used its share of the gateway's rate: in a moment
  | 'held-for-order'; // an earlier message of the same call to the same phone was not taken

/** Why a message will never be taken as it is. */
export type SmsRefusalReason =
  | 'recipient-malformed' // not 8801XXXXXXXXX; refused here, never sent
  | 'text-empty'
  | 'text-too-long' // more than 1000, refused here; or the gateway's 4027
  | 'message-malformed' // 4004, 4005, 4020 to 4022
  | 'recipient-invalid' // 4025
  | 'recipient-blocked' // 4026
  | 'gateway-refused'; // the gateway will not take it and says no more

/** What became of one message. */
export type SmsOutcome = { readonly csmsId: string } & (
  | {
      readonly kind: 'accepted';
      readonly referenceId: string | null;
      /** True when an earlier attempt may have been taken as well: the phone may show it twice. */
      readonly maybeDuplicate?: true;
    }
  /** The gateway has had this `csmsId` today (4023): the earlier attempt was accepted, treat as sent. */
  | { readonly kind: 'duplicate' }
  | {
      readonly kind: 'retry-later';
      readonly reason: SmsRetryReason;
      /**
       * True when the gateway may have taken the message and only its answer was lost. A repeat on the same Dhaka
       * day comes back as `duplicate`; after midnight the gateway has forgotten and the phone may get it twice.
       */
      readonly maybeAccepted: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: SmsRefusalReason }
);

/**
 * A way to send SMS. The contract every adapter keeps:
 *
 * - one outcome per message, in the order of the messages; a partial success is normal;
 * - it never throws for what a gateway, a network or a message did: that is an outcome;
 * - the same `csmsId` twice in one call is one SMS and two equal outcomes;
 * - it does not retry by itself: the caller owns time, attempts and order;
 * - no outcome and no error carries a phone number, a text or a credential.
 */
export interface SmsGateway {
  sendMany(messages: readonly SmsMessage[]): Promise<SmsOutcome[]>;
  /** Waits for what is on its way, then closes the connections. A second call does nothing. */
  close(): Promise<void>;
}
