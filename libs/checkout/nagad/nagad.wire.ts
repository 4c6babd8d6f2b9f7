import { formatInstant, type InstantMs } from '@vend/kernel';
import { z } from 'zod';
import { amountText } from '../bkash/bkash.wire';
import { jsonObject, type HttpOutcome } from '../gateway-http';
import { NagadSealBroken, type NagadCrypto } from './nagad-crypto';

const id = z.string().regex(/^[\w-]{1,100}$/);
const base64 = z.string().regex(/^[A-Za-z0-9+/]{1,8000}={0,2}$/);

/** What Nagad answered: a body of its own, its refusal, or nothing that is either. */
export type NagadAnswer =
  | { readonly kind: 'ok'; readonly body: Readonly<Record<string, unknown>> }
  /** `{reason, message}` or `{devMessage}`. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };

export function readNagadAnswer(outcome: HttpOutcome): NagadAnswer {
  if (outcome.kind === 'none') return { kind: 'none', reason: outcome.reason };
  const body = jsonObject(outcome.text);
  if (!body) return { kind: 'none', reason: outcome.status >= 500 ? 'gateway-error' : 'gateway-unreadable' };
  const said = body['reason'] ?? body['devMessage'];
  if (typeof said === 'string' || outcome.status >= 400) {
    const isOurs = outcome.status < 500 && typeof said === 'string';
    return isOurs ? { kind: 'refused', reason: wordOf(said) } : { kind: 'none', reason: 'gateway-error' };
  }
  return { kind: 'ok', body };
}

/** A reason as a word of ours: it can hold no number and no key. */
function wordOf(said: string): string {
  const word = said
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return word || 'unexplained';
}

const sealed = z.object({ sensitiveData: base64, signature: base64 });
const initialized = z.object({ paymentReferenceId: id, challenge: z.string().max(100) });

/**
 * Opens the answer to `initialize`.
 *
 * @returns undefined: not sealed for us, not signed by Nagad, or an answer to another challenge
 */
export function openInitialized(
  body: Readonly<Record<string, unknown>>,
  crypto: NagadCrypto,
  challenge: string,
): { readonly paymentReferenceId: string } | undefined {
  const envelope = sealed.safeParse(body).data;
  if (!envelope) return undefined;
  try {
    const said = initialized.safeParse(jsonObject(crypto.open(envelope))).data;
    return said?.challenge === challenge ? said : undefined;
  } catch (error) {
    if (!(error instanceof NagadSealBroken)) throw error;
    return undefined;
  }
}

export const completed = z.object({
  callBackUrl: z.url({ protocol: /^https?$/ }).max(1000),
  status: z.literal('Success'),
});

export const verified = z.object({
  merchantId: z.string(),
  orderId: z.string(),
  paymentRefId: z.string(),
  amount: amountText,
  status: z.string().max(40),
  statusCode: z.union([z.string(), z.number().transform(String)]).optional(),
  issuerPaymentRefNo: z.union([id, z.literal(''), z.null()]).optional(),
  issuerPaymentDateTime: z.unknown().optional().transform(parseNagadTime),
  cancelIssuerRefNo: z.union([z.string(), z.null()]).optional(),
});

/** Dhaka time as Nagad wants it. @example nagadTime(0) // '19700101060000' */
export function nagadTime(at: InstantMs): string {
  return formatInstant(at).replace(/\D/g, '').slice(0, 14);
}

/**
 * Dhaka time as Nagad tells it, in whichever of its two ways.
 *
 * @returns null for anything else: a time is never a reason to doubt a payment
 * @example parseNagadTime('2026-03-01 10:15:31.0') // 1772338531000
 */
export function parseNagadTime(text: unknown): InstantMs | null {
  const pattern = /^(\d{4})-?(\d{2})-?(\d{2})[ T]?(\d{2}):?(\d{2}):?(\d{2})(?:\.\d{1,9})?$/;
  const parts = typeof text === 'string' ? pattern.exec(text) : null;
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+06:00`);
  return Number.isNaN(at) ? null : at;
}
