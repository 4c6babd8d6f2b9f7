import { z } from 'zod';

/** The neutral fields of a statement's row (docs/PAYMENTS.md), by the names that a file of ours gives them. */
export const STATEMENT_FIELDS = [
  'provider',
  'provider_trx_id',
  'biller_ref',
  'our_order_no',
  'amount',
  'provider_fee',
  'net',
  'trx_time',
  'status',
  'settlement_batch',
] as const;
export type StatementField = (typeof STATEMENT_FIELDS)[number];

/** A word that a file may not go without. */
const NEEDED = ['provider_trx_id', 'amount'] as const satisfies readonly StatementField[];
const HEADING = z.string().trim().min(1).max(60);

/**
 * How one provider writes its statements: which heading each neutral field stands under, and how dates, decimals and
 * states are written. Kept as a row for each provider, so that a new layout needs no release.
 *
 * @example { columns: { provider_trx_id: 'TrxID', amount: 'Amount' }, statuses: { Completed: 'PAID' }, timeForm: 'dd/MM/yyyy HH:mm:ss' }
 */
export const STATEMENT_FORMAT = z
  .object({
    /** Headings are compared without regard to case and blanks around them. */
    columns: z.partialRecord(z.enum(STATEMENT_FIELDS), HEADING),
    /** `rfc3339`, or letters of yyyy MM MMM dd HH hh mm ss a with signs between them, Dhaka time. */
    timeForm: z
      .string()
      .max(40)
      .regex(/^(?:rfc3339|(?:yyyy|MMM|MM|dd|HH|hh|mm|ss|a|[ /:.,T-])+)$/)
      .default('rfc3339'),
    decimalMark: z.enum(['.', ',']).default('.'),
    /** What may stand between thousands, and is passed over. */
    groupMark: z.enum(['', ',', '.', ' ', "'"]).default(''),
    /** The provider's words; `SKIP`: a row that moved no money (a failed try, a heading in the middle). */
    statuses: z.record(z.string().trim().min(1).max(40), z.enum(['PAID', 'REVERSED', 'SKIP'])).default({}),
  })
  .strict()
  .refine(({ columns }) => NEEDED.every((field) => columns[field] !== undefined), {
    message: 'a format names at least the columns of provider_trx_id and amount',
  })
  .refine(({ groupMark, decimalMark }) => groupMark !== decimalMark, {
    message: 'thousands and decimals cannot have one mark',
  });
export type StatementFormat = z.infer<typeof STATEMENT_FORMAT>;

/** The neutral format itself: what is used while a provider has no row. */
export const NEUTRAL_FORMAT: StatementFormat = STATEMENT_FORMAT.parse({
  columns: Object.fromEntries(STATEMENT_FIELDS.map((field) => [field, field])),
  statuses: { PAID: 'PAID', REVERSED: 'REVERSED' },
});
