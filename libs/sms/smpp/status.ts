import type { SmsRefusalReason, SmsRetryReason } from '../sms-gateway';

/** The codes of command_status that this client names (SMPP 3.4, 5.1.3). */
export const STATUS = {
  ok: 0x00,
  invalidLength: 0x02,
  invalidCommand: 0x03,
  systemError: 0x08,
  queueFull: 0x14,
  throttled: 0x58,
  temporaryError: 0x64,
} as const;

/** What a refused submit_sm means for its message. */
export type SubmitVerdict =
  | { readonly kind: 'slow-down' }
  | { readonly kind: 'retry-later'; readonly reason: SmsRetryReason }
  | { readonly kind: 'refused'; readonly reason: SmsRefusalReason };

const retry = (reason: SmsRetryReason): SubmitVerdict => ({ kind: 'retry-later', reason });
const refuse = (reason: SmsRefusalReason): SubmitVerdict => ({ kind: 'refused', reason });

const VERDICTS: ReadonlyMap<number, SubmitVerdict> = new Map([
  [0x01, refuse('text-too-long')], // ESME_RINVMSGLEN
  [0x02, refuse('message-malformed')], // ESME_RINVCMDLEN
  [0x03, retry('gateway-configuration')], // ESME_RINVCMDID: it does not take submit_sm from us
  [0x04, retry('gateway-error')], // ESME_RINVBNDSTS: it has forgotten our bind
  [0x08, retry('gateway-error')], // ESME_RSYSERR
  [0x0a, retry('gateway-configuration')], // ESME_RINVSRCADR: the sender is not registered
  [0x0b, refuse('recipient-invalid')], // ESME_RINVDSTADR
  [0x14, { kind: 'slow-down' }], // ESME_RMSGQFUL
  [0x48, retry('gateway-configuration')], // ESME_RINVSRCTON
  [0x49, retry('gateway-configuration')], // ESME_RINVSRCNPI
  [0x50, retry('gateway-configuration')], // ESME_RINVDSTTON
  [0x51, retry('gateway-configuration')], // ESME_RINVDSTNPI
  [0x58, { kind: 'slow-down' }], // ESME_RTHROTTLED
  [0x61, retry('gateway-configuration')], // ESME_RINVSCHED
  [0x62, retry('gateway-configuration')], // ESME_RINVEXPIRY
  [0x64, retry('gateway-error')], // ESME_RX_T_APPN
]);

/** What a command_status other than 0 says of the message; one that nobody named is final (CHANNELS.md S3). */
export function submitVerdict(status: number): SubmitVerdict {
  return VERDICTS.get(status) ?? refuse('gateway-refused');
}

/** ESME_RBINDFAIL, ESME_RINVPASWD, ESME_RINVSYSID: asking again at once would only lock the account. */
const BAD_CREDENTIALS = new Set([0x0d, 0x0e, 0x0f]);

/** True when a bind was refused for what an operator has to put right. */
export function isCredentialFault(status: number): boolean {
  return BAD_CREDENTIALS.has(status);
}
