import { latinDigits } from '../../shared/format';
import { phoneOf } from '../../shared/search';

/** What may be asked of the trace; sent in a body, never in an address. */
export type TraceQuestion =
  | { readonly meter: string }
  | { readonly phone: string }
  | { readonly transactionId: string }
  | { readonly receiptNo: string }
  | { readonly token: string };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What something that a customer reads out may be, the likeliest first: 20 digits are a token, a mobile number is one, a
 * receipt begins with letters and a date. Other digits are a meter's or a customer's, then a company's transaction; with
 * letters it is the other way round.
 *
 * @example traceQuestions('০১৭০০-০০০০০১') // [{ phone: '01700000001' }, { meter: '01700000001' }, …]
 */
export function traceQuestions(typed: string): readonly TraceQuestion[] {
  const text = latinDigits(typed).trim();
  const digits = text.replaceAll(/[\s-]/g, '');
  if (text === '') return [];
  if (/^\d{20}$/.test(digits)) return [{ token: digits }];
  if (UUID.test(text)) return [{ transactionId: text.toLowerCase() }];
  if (/^[A-Za-z]{1,4}-\d{6}-[0-9A-Za-z]{6,12}$/.test(text)) return [{ receiptNo: text }];
  const meter = /^\d+$/.test(digits) ? digits : text;
  const asMeter: TraceQuestion[] = /^[0-9A-Za-z/-]{1,20}$/.test(meter) ? [{ meter }] : [];
  const asTransaction: TraceQuestion[] = /^[\x21-\x7e]{1,64}$/.test(text) ? [{ transactionId: text }] : [];
  const phone = phoneOf(text);
  if (phone !== undefined) return [{ phone }, ...asMeter, ...asTransaction];
  return /^\d+$/.test(digits) ? [...asMeter, ...asTransaction] : [...asTransaction, ...asMeter];
}
