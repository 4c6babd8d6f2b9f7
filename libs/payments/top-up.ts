import { z } from 'zod';
import { DomainError, parseTaka, type Paisa } from '@vend/kernel';

/**
 * The top-up callback of our own signed JSON profile (DESIGN.md, callback): a provider tells us that a payer's
 * money is in. Strict, because a field that we do not know may change what the event means.
 */
const TOP_UP = z.strictObject({
  /** The provider's id of this notification: repeated when the notification is. */
  eventId: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  /** The provider's id of the payment: one vend, however many events speak of it. */
  transactionId: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  /** Meter number (MeterPAN or DRN) or customer number. */
  reference: z.string().regex(/^[0-9A-Za-z-]{1,20}$/),
  /** Taka, a decimal string with at most two decimals. */
  amount: z
    .string()
    .regex(/^\d{1,13}(\.\d{1,2})?$/)
    .refine((text) => /[1-9]/.test(text), 'must be more than zero'),
  currency: z.literal('BDT'),
  status: z.literal('paid'),
  paidAt: z.iso.datetime({ offset: true }),
  /** Accepted and kept in the raw bytes only; the receipt goes to the customer's own number. */
  payerMobile: z
    .string()
    .regex(/^\+?\d{11,14}$/)
    .optional(),
});

/** A paid top-up, as read from a callback. */
export interface TopUp {
  readonly eventId: string;
  readonly transactionId: string;
  readonly reference: string;
  readonly amountPaisa: Paisa;
  /** RFC 3339, as the provider wrote it. */
  readonly paidAt: string;
}

/**
 * Reads the body of a top-up callback, after its signature was found good on the same bytes.
 *
 * @param rawBody the bytes as received
 * @throws {DomainError<PaymentsErrorCode>} event-malformed, naming the first wrong field and never its value
 * @example parseTopUp(Buffer.from('{"eventId":"E1", ...}')).amountPaisa // 50000n
 */
export function parseTopUp(rawBody: Buffer): TopUp {
  let json: unknown;
  try {
    json = JSON.parse(rawBody.toString('utf8'));
  } catch {
    throw new DomainError('event-malformed', { field: 'body' });
  }
  const parsed = TOP_UP.safeParse(json);
  if (!parsed.success) throw new DomainError('event-malformed', { field: fieldOf(parsed.error) });
  const { eventId, transactionId, reference, amount, paidAt } = parsed.data;
  return { eventId, transactionId, reference, amountPaisa: parseTaka(amount), paidAt };
}

/** The field's name, for the sender; an unknown name is the sender's own text and is not repeated back at length. */
function fieldOf(error: z.ZodError): string {
  const issue = error.issues[0]!;
  if (issue.code === 'unrecognized_keys') return issue.keys[0]!.slice(0, 40);
  return issue.path.join('.') || 'body';
}
