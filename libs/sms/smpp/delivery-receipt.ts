import { TAG } from './pdu';
import { tlvOf } from './codec';
import { carriedOctets, ESM, type CarriedUserData } from './user-data';

/** What a receipt says became of a part. `pending` and `unknown` are not the end of it. */
export type PartFate = 'delivered' | 'failed' | 'pending' | 'unknown';

/** A delivery receipt as the SMSC sent it. */
export interface ParsedReceipt {
  /** As it stands in the receipt, its form not yet undone. */
  readonly messageId: string;
  readonly fate: PartFate;
  /** The SMSC's word: DELIVRD, EXPIRED, ... At most 10 letters. */
  readonly stat: string;
  /** The network's code from `err:`, at most 10 characters. */
  readonly errorCode: string | null;
  /** Echoed from our submit_sm where the SMSC does that. */
  readonly userMessageReference: number | null;
}

/** message_state (SMPP 3.4, 5.2.28) by its number, from 1. */
const STATES = ['ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD'] as const;
const FATES: Readonly<Record<string, PartFate>> = {
  ENROUTE: 'pending',
  BUFFERED: 'pending',
  ACCEPTD: 'pending',
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
  UNKNOWN: 'unknown',
};
const RECEIPT_TEXT_MAX_OCTETS = 512;

/** True when esm_class says that the message is a receipt (5.2.12: 0x04; an SME's own answers are 0x08 and 0x10). */
export function isReceipt(esmClass: number): boolean {
  return (esmClass & ESM.typeMask) === ESM.receipt;
}

/**
 * Reads a receipt: the parameters receipted_message_id and message_state first, the text of appendix B where they are
 * missing. Undefined when neither names a message.
 *
 * @example a short_message of "id:0123 sub:001 dlvrd:001 submit date:2511221010 done date:2511221011 stat:DELIVRD err:000"
 */
export function parseReceipt(carried: CarriedUserData): ParsedReceipt | undefined {
  const text = carriedOctets(carried).toString('latin1', 0, RECEIPT_TEXT_MAX_OCTETS);
  const idOctets = tlvOf(carried.tlvs, TAG.receiptedMessageId);
  const messageId = idOctets
    ? idOctets.toString('latin1', 0, 65).replace(/\0.*$/s, '')
    : /\bid:([^\s]{1,65})/i.exec(text)?.[1];
  if (!messageId) return undefined;
  const state = tlvOf(carried.tlvs, TAG.messageState)?.[0];
  const said = state === undefined ? undefined : STATES[state - 1];
  const stat = said ?? /\bstat:([A-Za-z]{1,10})/i.exec(text)?.[1]?.toUpperCase() ?? 'UNKNOWN';
  const reference = tlvOf(carried.tlvs, TAG.userMessageReference);
  return {
    messageId,
    fate: FATES[stat] ?? 'unknown',
    stat,
    errorCode: /\berr:(\w{1,10})/i.exec(text)?.[1] ?? null,
    userMessageReference: reference?.length === 2 ? reference.readUInt16BE(0) : null,
  };
}

/**
 * How an SMSC writes a message's id. Some give a number in hexadecimal in submit_sm_resp and the same number in decimal
 * in the receipt, which is why this cannot be guessed and is a setting of each link, once for either place.
 */
export type MessageIdForm = 'text' | 'decimal' | 'hex';

/**
 * One form for one id, so that a receipt finds its message.
 *
 * @example canonicalMessageId('7B', 'hex') === canonicalMessageId('0000000123', 'decimal') // '123'
 */
export function canonicalMessageId(messageId: string, form: MessageIdForm): string {
  if (form === 'decimal' && /^\d{1,64}$/.test(messageId)) return BigInt(messageId).toString();
  if (form === 'hex' && /^[0-9a-f]{1,64}$/i.test(messageId)) return BigInt(`0x${messageId}`).toString();
  return messageId;
}
