import { parseTaka, type InstantMs, type Paisa } from '@vend/kernel';
import { z } from 'zod';
import { jsonObject, type HttpOutcome } from '../gateway-http';

/** What bKash answered, whichever of its shapes it chose. */
export type BkashAnswer =
  | { readonly kind: 'ok'; readonly body: Readonly<Record<string, unknown>> }
  /** `statusCode` with HTTP 200, `errorCode`, or version 2's `internalCode` with HTTP 400. */
  | { readonly kind: 'code'; readonly code: string }
  /** The gateway before bKash does not know our token, or not any more. */
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'none'; readonly reason: string };

/** Codes may come as numbers. */
const code = z.union([z.string().regex(/^[\w-]{1,20}$/), z.number().int().transform(String)]);
const SUCCESS = '0000';

/** Tells a success from bKash's three kinds of error, and all of these from a page that is no answer. */
export function readAnswer(outcome: HttpOutcome): BkashAnswer {
  if (outcome.kind === 'none') return { kind: 'none', reason: outcome.reason };
  const body = jsonObject(outcome.text);
  if (outcome.status === 401 || outcome.status === 403) {
    return body ? { kind: 'unauthorized' } : { kind: 'none', reason: 'gateway-unreadable' };
  }
  if (!body) return { kind: 'none', reason: outcome.status >= 500 ? 'gateway-error' : 'gateway-unreadable' };
  for (const name of ['statusCode', 'errorCode', 'externalCode', 'internalCode']) {
    const said = code.safeParse(body[name]);
    if (said.success && !(name === 'statusCode' && said.data === SUCCESS)) return { kind: 'code', code: said.data };
  }
  // A success that comes with an error's status proves nothing.
  if (outcome.status >= 400) return { kind: 'none', reason: 'gateway-error' };
  return { kind: 'ok', body };
}

/** An amount as text, `500.00`, or as the number that some answers have. */
export const amountText = z
  .union([z.string(), z.number().nonnegative().transform(String)])
  .transform((text, context): Paisa => {
    try {
      const paisa = parseTaka(text);
      if (paisa >= 0n) return paisa;
    } catch {
      // Said below.
    }
    context.addIssue({ code: 'custom', message: 'not an amount' });
    return z.NEVER;
  });

const BKASH_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:[:.](\d{3}))?\s*GMT\s*([+-]\d{2}):?(\d{2})$/;

/**
 * bKash's time text, which has a colon before the milliseconds.
 *
 * @returns null for anything else: a time is never a reason to doubt a payment
 * @example parseBkashTime('2026-03-01T11:12:34:978 GMT+0600') // 1772341954978
 */
export function parseBkashTime(text: unknown): InstantMs | null {
  const [, day, time, ms = '000', hours, minutes] = (typeof text === 'string' && BKASH_TIME.exec(text)) || [];
  if (day === undefined) return null;
  const at = Date.parse(`${day}T${time}.${ms}${hours}:${minutes}`);
  return Number.isNaN(at) ? null : at;
}

const id = z.string().regex(/^[\w-]{1,64}$/);
/** Some answers leave out what they do not have, others say '' or null. */
const orNothing = <S extends z.ZodType<string>>(schema: S) =>
  z
    .union([schema, z.literal(''), z.null()])
    .optional()
    .transform((text) => text || undefined);
const optionalId = orNothing(id);

export const grantAnswer = z.object({
  id_token: z.string().regex(/^[\x21-\x7e]{1,6000}$/),
  refresh_token: orNothing(z.string().regex(/^[\x21-\x7e]{1,6000}$/)).catch(undefined),
  expires_in: z.coerce.number().int().min(60).max(86_400).catch(3_600),
});

export const createAnswer = z.object({
  paymentID: id,
  bkashURL: z.url({ protocol: /^https?$/ }).max(1000),
  merchantInvoiceNumber: z.string(),
});

/** Of execute and of the status call. */
export const paymentAnswer = z.object({
  paymentID: id,
  transactionStatus: z.string(),
  trxID: optionalId,
  amount: amountText,
  currency: z.string(),
  merchantInvoiceNumber: z.string(),
  paymentExecuteTime: z.unknown().optional().transform(parseBkashTime),
});
export type BkashPayment = z.output<typeof paymentAnswer>;

/** A refund, from either version; amounts are asked for in the status call alone. */
export const refundAnswer = z
  .object({
    refundTrxID: optionalId,
    refundTrxId: optionalId,
    transactionStatus: z.string().optional(),
    refundTransactionStatus: z.string().optional(),
  })
  .transform(({ refundTrxID, refundTrxId, transactionStatus, refundTransactionStatus }) => ({
    refundRef: refundTrxID ?? refundTrxId,
    status: transactionStatus ?? refundTransactionStatus ?? '',
  }));

/** Version 2 lists what was given back. */
export const refundsAnswer = z.object({ refundTransactions: z.array(refundAnswer) });
