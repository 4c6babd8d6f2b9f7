import { z } from 'zod';
import { DomainError } from '@vend/kernel';
import type { PriceDocument } from '@vend/tariff';
import type { PriceBookErrorCode } from './pricebook.errors';

/** Forms only: what contradicts itself (negative rates, gaps, dates) is told by the tariff room's lint, with its place. */
const id = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,39}$/, 'an id is 1 to 40 of a-z, 0-9, dot and hyphen');
const day = z.iso.date('a day is YYYY-MM-DD');
const taka = z.string().regex(/^-?\d{1,13}(\.\d{1,2})?$/, 'Taka are a decimal string with at most two decimals');
const bilingual = z.strictObject({ bn: z.string().min(1), en: z.string().min(1) });
const level = z.enum(['LT', 'MT', 'HT', 'EHT']);

const slab = z.strictObject({
  fromKwh: z.number().int().min(0).optional(),
  toKwh: z.number().nullable(),
  rate: taka,
});

const energy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flat'), flat: taka }),
  z.strictObject({
    kind: z.literal('tou'),
    flat: taka.nullable(),
    offPeak: taka,
    peak: taka,
    superOffPeak: taka.optional(),
  }),
  z.strictObject({ kind: z.literal('slab'), lifeline: slab.optional(), slabs: z.array(slab).max(50) }),
]);

const tariffClass = z.strictObject({
  code: z.string().regex(/^[A-Z0-9-]{1,8}$/, 'a class is 1 to 8 of A-Z, 0-9 and hyphen'),
  level,
  name: bilingual,
  demandTk: taka.nullable(),
  energy,
});

const tariffVersion = z.strictObject({
  kind: z.literal('tariff-version'),
  id,
  title: bilingual,
  publishedOn: day.nullable(),
  effectiveFrom: day,
  endsOn: day.nullable().optional(),
  lifeline: z.enum(['none', 'month_end_credit', 'first_50_then_reprice']),
  policy: z.enum(['from_next_vend', 'adjust_at_next_vend']).optional(),
  vatPercent: z.number().int(),
  meterRentTk: z.strictObject({ singlePhase: taka, threePhase: taka }),
  classes: z
    .array(tariffClass)
    .max(200)
    .refine((rows) => new Set(rows.map(({ code }) => code)).size === rows.length, 'a class stands twice'),
});

const rebateProfile = z.strictObject({
  kind: z.literal('rebate-profile'),
  id,
  title: bilingual.optional(),
  effectiveFrom: day,
  endsOn: day.nullable().optional(),
  percent: z.string().regex(/^-?\d{1,5}(\.\d{1,2})?$/, 'a percentage is a decimal string: 0.5'),
  divisor: z.string().regex(/^-?\d{1,5}(\.\d{1,4})?$/, 'a divisor is a decimal string: 1.01'),
});

const amountLimits = z.strictObject({ minimumTk: taka, maximumTk: taka.nullable(), stepTk: taka });

const rechargeLimits = z.strictObject({
  kind: z.literal('recharge-limits'),
  id,
  title: bilingual.optional(),
  effectiveFrom: day,
  endsOn: day.nullable().optional(),
  levelMaximumTk: z.strictObject({ LT: taka, MT: taka, HT: taka, EHT: taka }),
  channels: z.strictObject({
    counter: amountLimits,
    'mobile-money': amountLimits,
    callback: amountLimits,
    checkout: amountLimits.optional(),
  }),
});

const feeRow = z.strictObject({
  singlePhase: taka.nullable(),
  threePhase: taka.nullable(),
  currentTransformer: taka.optional(),
  mt: taka.nullable(),
  ht: taka.nullable(),
  eht: taka.nullable(),
});

const serviceFees = z.strictObject({
  kind: z.literal('service-fees'),
  id,
  title: bilingual.optional(),
  effectiveFrom: day,
  endsOn: day.nullable().optional(),
  vatPercent: z.number().int(),
  fees: z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), feeRow),
  deposits: z.array(
    z.strictObject({ classes: z.array(z.string().max(8)), upToKw: z.number().nullable(), tkPerKw: taka }),
  ),
});

/** A price document as a file or a request may hold it: every field known, none more. */
export const priceDocumentSchema = z.discriminatedUnion('kind', [
  tariffVersion,
  rebateProfile,
  rechargeLimits,
  serviceFees,
]) satisfies z.ZodType<PriceDocument>;

/**
 * Reads the JSON text of a price document.
 *
 * @throws {DomainError<PriceBookErrorCode>} price-document-invalid with `where` and `reason`: the first fault of form
 * @example parsePriceDocument('{"kind":"rebate-profile","id":"x-2026","effectiveFrom":"2026-01-01","percent":"0.5"}') // throws: divisor
 */
export function parsePriceDocument(text: string): PriceDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid('document', 'not JSON', error);
  }
  const parsed = priceDocumentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw invalid(issue.path.join('.') || 'document', issue.message, parsed.error);
}

function invalid(where: string, reason: string, cause: unknown): DomainError<PriceBookErrorCode> {
  return new DomainError<PriceBookErrorCode>('price-document-invalid', { where, reason }, { cause });
}
