import { z } from 'zod';
import { amountText } from '../bkash/bkash.wire';
import { jsonObject } from '../gateway-http';

const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined);

const notice = z.object({
  trxID: z.string().regex(/^[A-Za-z0-9]{4,32}$/),
  transactionStatus: z.string().max(40),
  amount: amountText,
  currency: z.string().max(10),
  creditShortCode: z.string().max(40),
  /** What the payer typed: a hint, with typos. */
  transactionReference: optional(z.string().max(200)),
  merchantInvoiceNumber: optional(z.string().regex(/^[\w-]{1,64}$/)),
});

/** A payment that bKash tells of. */
export type BkashNotice = z.output<typeof notice>;

/** Reads the message inside a message; undefined when it tells of no payment. */
export function parseBkashNotice(message: string): BkashNotice | undefined {
  return notice.safeParse(jsonObject(message)).data;
}

/** What the payer typed, as it may be shown to whoever looks into it: letters, digits and little else. */
export function hintOf({ transactionReference = '' }: BkashNotice): string {
  return transactionReference
    .replace(/[^\p{L}\p{N} ./-]/gu, '')
    .trim()
    .slice(0, 40);
}
