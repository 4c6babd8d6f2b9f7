import { z } from 'zod';
import type { PhoneInbox } from '../phones/phone-inbox';

/** The profile `sms-http-v3` as its provider sees it (CHANNELS.md S6). */
const credentials = { api_token: z.string(), sid: z.string() };
const csmsId = z.string().min(1).max(20);
export const singleBody = z.object({ ...credentials, msisdn: z.string(), sms: z.string(), csms_id: csmsId });
export const bulkBody = z.object({
  ...credentials,
  msisdn: z.array(z.string()),
  sms: z.string(),
  batch_csms_id: csmsId,
});
export const dynamicBody = z.object({
  ...credentials,
  sms: z.array(z.object({ msisdn: z.string(), text: z.string(), csms_id: csmsId })),
});

/** One message of any of the three calls. */
export interface AskedSms {
  readonly msisdn: string;
  readonly text: string;
  readonly csms_id: string;
}

export interface SmsAnswerRow {
  sms_status: 'SUCCESS' | 'FAILED';
  status_code: number;
  status_message: string;
  msisdn: string;
  sms_type: 'EN' | 'BN';
  sms_body: string;
  csms_id: string;
  reference_id: string;
}

export interface SmsAnswer {
  status: 'SUCCESS' | 'FAILED';
  status_code: number;
  error_message: string;
  smsinfo: SmsAnswerRow[];
}

const SMS_CODES = {
  4001: 'Unauthorized: wrong API token',
  4002: 'Invalid SID',
  4004: 'Malformed request',
  4020: 'Too many messages, or none',
  4023: 'Duplicate csms_id',
  4025: 'Invalid mobile number',
  4027: 'Message is empty or too long',
  4029: 'Too many requests',
  5000: 'Internal server error',
} as const;
export type SmsCode = keyof typeof SMS_CODES;

const MSISDN = /^8801[3-9]\d{8}$/;
const MESSAGES_MAX = 100;

export function refusal(code: SmsCode): SmsAnswer {
  return { status: 'FAILED', status_code: code, error_message: SMS_CODES[code], smsinfo: [] };
}

/** The aggregator: checks a call as the provider does, and delivers to the phones at once. */
export class SmsAggregator {
  constructor(private readonly inbox: PhoneInbox) {}

  /**
   * Answers when every accepted message is in its phone for good.
   *
   * @param hits asked once per acceptable message: true makes the gateway fail it, as in a partial success
   */
  async take(apiToken: string, sid: string, asked: readonly AskedSms[], hits: () => boolean): Promise<SmsAnswer> {
    const fault = faultOfCall(apiToken, sid, asked);
    if (fault) return refusal(fault);
    const rows = await Promise.all(asked.map((sms) => this.deliver(sms, hits)));
    const failed = rows.find(({ sms_status }) => sms_status === 'FAILED');
    // A call of one message reports that message's failure as its own.
    if (failed && rows.length === 1) return refusal(failed.status_code as SmsCode);
    return { status: 'SUCCESS', status_code: 200, error_message: '', smsinfo: rows };
  }

  private async deliver(sms: AskedSms, hits: () => boolean): Promise<SmsAnswerRow> {
    const code = this.faultOf(sms) ?? (hits() ? 5000 : undefined);
    if (code) return row(sms, 'FAILED', code, SMS_CODES[code], '');
    const { id } = await this.inbox.receive({ csmsId: sms.csms_id, msisdn: sms.msisdn, text: sms.text });
    return row(sms, 'SUCCESS', 200, 'Success', `sandbox-${id.toString(36)}`);
  }

  private faultOf(sms: AskedSms): SmsCode | undefined {
    if (!MSISDN.test(sms.msisdn)) return 4025;
    if (sms.text === '' || sms.text.length > 1000) return 4027;
    return this.inbox.hasTaken(sms.csms_id) ? 4023 : undefined;
  }
}

function faultOfCall(apiToken: string, sid: string, asked: readonly AskedSms[]): SmsCode | undefined {
  if (apiToken === '' || apiToken.length > 50) return 4001;
  if (sid === '' || sid.length > 20) return 4002;
  return asked.length === 0 || asked.length > MESSAGES_MAX ? 4020 : undefined;
}

function row(sms: AskedSms, status: SmsAnswerRow['sms_status'], code: number, said: string, ref: string): SmsAnswerRow {
  return {
    sms_status: status,
    status_code: code,
    status_message: said,
    msisdn: sms.msisdn,
    sms_type: /^[\x00-\x7f]*$/.test(sms.text) ? 'EN' : 'BN',
    sms_body: sms.text,
    csms_id: sms.csms_id,
    reference_id: ref,
  };
}
