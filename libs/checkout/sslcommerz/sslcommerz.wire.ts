import { parseTaka, type InstantMs, type Paisa } from '@vend/kernel';
import { z } from 'zod';

/** Taka as text or, as some answers have it, as a number. */
const taka = z.union([z.string(), z.number()]).transform((value, context): Paisa => {
  try {
    return parseTaka(String(value));
  } catch {
    context.addIssue({ code: 'custom', message: 'not an amount' });
    return z.NEVER;
  }
});
const text = z.union([z.string(), z.number()]).transform(String);

export const sessionAnswer = z.object({
  status: z.literal('SUCCESS'),
  sessionkey: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  GatewayPageURL: z
    .url({ protocol: /^https?$/ })
    .max(1_000)
    .regex(/^[\x21-\x7e]+$/),
});

/** A payment as the validator and the question by order tell of it. */
export const paymentAnswer = z.object({
  status: z.string(),
  tran_id: text,
  val_id: text.optional(),
  bank_tran_id: text.optional(),
  amount: taka.optional(),
  currency: z.string().optional(),
  tran_date: z.string().optional(),
  risk_level: text.optional(),
});
export type SslcommerzPayment = z.output<typeof paymentAnswer>;

export const searchAnswer = z.object({
  APIConnect: z.literal('DONE'),
  element: z.array(z.unknown()).default([]),
});

export const refundAnswer = z.object({
  APIConnect: z.literal('DONE'),
  status: z.string(),
  refund_ref_id: text.optional(),
});

/** `2020-01-05 22:58:21`, in Dhaka. @example paidAtOf('2020-01-05 22:58:21') // Date.UTC(2020, 0, 5, 16, 58, 21) */
export function paidAtOf(date: string | undefined): InstantMs | null {
  const parts = /^(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(date ?? '');
  if (!parts) return null;
  const instant = Date.parse(`${parts[1]!}T${parts[2]!}:${parts[3]!}:${parts[4]!}+06:00`);
  return Number.isNaN(instant) ? null : instant;
}
