import type { SmsMessage, SmsRefusalReason } from './sms-gateway';

/** Limits of every gateway, so that a message may go by any of them (CHANNELS.md S6). */
const TEXT_MAX_UNITS = 1000;
const CSMS_ID_MAX_CHARS = 20;

const MSISDN = /^8801[3-9]\d{8}$/;

/** Why no gateway would take the message, found before anything is sent. */
export function faultOf({ msisdn, text }: SmsMessage): SmsRefusalReason | undefined {
  if (!MSISDN.test(msisdn)) return 'recipient-malformed';
  if (text === '') return 'text-empty';
  return text.length > TEXT_MAX_UNITS ? 'text-too-long' : undefined;
}

/** @throws {RangeError} for an id that is a mistake in our own code */
export function checkCsmsId({ csmsId }: SmsMessage): void {
  if (csmsId === '' || csmsId.length > CSMS_ID_MAX_CHARS) {
    throw new RangeError(`a csmsId has 1 to ${CSMS_ID_MAX_CHARS} characters`);
  }
}
