import { z } from 'zod';
import { parseKwh, parseTaka, previousMonth, startOfDay, type InstantMs, type YearMonth } from '@vend/kernel';
import { priceDocumentSchema } from '@vend/pricebook';
import type { ArrearsPlan, PricingState } from '@vend/tariff';

const taka = z.string().regex(/^\d{1,13}(\.\d{1,2})?$/, 'Taka as a decimal string: "1000.00"');
const signedTaka = z.string().regex(/^-?\d{1,13}(\.\d{1,2})?$/, 'Taka as a decimal string, with a sign: "-12.50"');
const kwh = z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, 'kWh as a decimal string: "145.1"');
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month as YYYY-MM');
const day = z.iso.date('a day as YYYY-MM-DD');
const percent = z.string().regex(/^\d{1,5}(\.\d{1,2})?$/, 'a percentage as a decimal string: "0.5"');
const name = z.string().min(1).max(40);

const arrearsPlan = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('instalment'), monthly: taka, firstMonth: month, capPercent: percent }),
  z.strictObject({
    kind: z.literal('percent'),
    percent,
    floor: taka.default('0.00'),
    ceiling: taka.nullable().default(null),
    capPercent: percent,
  }),
]);

/** The meter and its connection as they stand at the instant; what is left out is the commonest household. */
const meter = z
  .strictObject({
    tariffClass: z.string().min(1).max(8),
    phase: z.union([z.literal(1), z.literal(3)]).default(1),
    sanctionedKw: z.string().regex(/^\d{1,9}(\.\d{1,3})?$/, 'kW as a decimal string: "2"'),
    owner: z.enum(['utility', 'customer']).default('utility'),
    crediting: z.enum(['currency', 'energy']).default('currency'),
    installedOn: day.optional(),
    rentUntil: day.nullable().default(null),
    chargedThrough: month.nullable().optional(),
    monthsDue: z.number().int().min(0).max(600).optional(),
    soldMonth: month.nullable().default(null),
    soldKwh: kwh.default('0'),
    arrears: taka.default('0.00'),
    arrearsPlan: arrearsPlan.nullable().default(null),
    remainder: taka.default('0.00'),
    pfcDue: taka.default('0.00'),
    penaltyDue: taka.default('0.00'),
    adjustmentDue: signedTaka.default('0.00'),
  })
  .refine(
    (m) => m.monthsDue === undefined || m.chargedThrough === undefined,
    'give chargedThrough or monthsDue, not both',
  )
  .refine(
    (m) => m.monthsDue !== undefined || typeof m.chargedThrough === 'string' || m.installedOn !== undefined,
    'give monthsDue, chargedThrough or installedOn: otherwise nobody knows which months are owed',
  );

const inlineVersion = priceDocumentSchema.options[0].omit({ kind: true });
const version = z.union([name, inlineVersion]);
const rebate = z.union([name, z.strictObject({ percent, divisor: z.string().regex(/^\d{1,5}(\.\d{1,4})?$/) })]);

/** One line of `npm run price`; docs/TARIFFS.md says it in a table. */
const priceRequestSchema = z
  .strictObject({
    id: z.union([z.string(), z.number(), z.null()]).default(null),
    at: z.union([z.iso.datetime({ offset: true }), day], 'an instant in RFC 3339, or a day as YYYY-MM-DD'),
    amount: taka.optional(),
    kwh: kwh.optional(),
    minimum: z.literal(true).optional(),
    channel: z.enum(['counter', 'mobile-money', 'callback', 'checkout']).default('counter'),
    book: name.default('first-light'),
    version: version.optional(),
    versions: z.array(version).min(1).max(50).optional(),
    rebate: rebate.optional(),
    lines: z.boolean().default(true),
    meter,
  })
  .refine(
    ({ amount, kwh: energy, minimum }) => [amount, energy, minimum].filter((each) => each !== undefined).length === 1,
    'exactly one of amount, kwh and minimum',
  )
  .refine((r) => r.version === undefined || r.versions === undefined, 'version or versions, not both');

export type PriceRequest = z.output<typeof priceRequestSchema>;
export type VersionChoice = z.output<typeof version>;
export type RebateChoice = z.output<typeof rebate>;

/** A request that cannot be understood, and where. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';

  constructor(
    readonly where: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Reads one line's JSON. @throws {BadRequest} */
export function readRequest(json: unknown): PriceRequest {
  const parsed = priceRequestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new BadRequest(issue.path.join('.') || 'request', issue.message);
}

/** Days ask for the calendar of Dhaka; an auditor's file has the same few thousand again and again. */
const days = new Map<string, InstantMs>();
const DAYS_MAX = 10_000;

/** The instant that is priced; a day means its first moment in Dhaka. @throws {BadRequest} a day that does not exist */
export function instantOf({ at }: PriceRequest): InstantMs {
  if (at.length > 10) return Date.parse(at);
  let instant = days.get(at);
  if (instant === undefined) {
    try {
      instant = startOfDay(at);
    } catch (error) {
      throw new BadRequest('at', (error as Error).message);
    }
    if (days.size >= DAYS_MAX) days.clear();
    days.set(at, instant);
  }
  return instant;
}

/** What is priced. `thisMonth` is the month of the instant: `monthsDue` counts back from it. */
export function stateOf({ meter: m }: PriceRequest, thisMonth: YearMonth): PricingState {
  return {
    tariffClass: m.tariffClass,
    phase: m.phase,
    sanctionedW: parseKwh(m.sanctionedKw),
    meterOwner: m.owner,
    crediting: m.crediting,
    // Whoever says which months are owed need not know the day of installation.
    installedOn: m.installedOn ?? '1990-01-01',
    rentUntil: m.rentUntil,
    chargedThrough: chargedThroughOf(m, thisMonth),
    soldMonth: m.soldMonth === null ? null : monthNumber(m.soldMonth),
    soldWh: parseKwh(m.soldKwh),
    arrearsPaisa: parseTaka(m.arrears),
    arrearsPlan: m.arrearsPlan && planOf(m.arrearsPlan),
    remainderPaisa: parseTaka(m.remainder),
    pfcDuePaisa: parseTaka(m.pfcDue),
    penaltyDuePaisa: parseTaka(m.penaltyDue),
    adjustmentDuePaisa: parseTaka(m.adjustmentDue),
  };
}

function chargedThroughOf(m: PriceRequest['meter'], thisMonth: YearMonth): YearMonth | null {
  if (typeof m.chargedThrough === 'string') return monthNumber(m.chargedThrough);
  if (m.monthsDue === undefined) return null;
  let through = thisMonth;
  for (let due = 0; due < m.monthsDue; due++) through = previousMonth(through);
  return through;
}

function planOf(plan: NonNullable<PriceRequest['meter']['arrearsPlan']>): ArrearsPlan {
  // Two decimals of a percentage are basis points, as two decimals of a Taka are paisa.
  const capBp = parseTaka(plan.capPercent);
  if (plan.kind === 'instalment') {
    return { kind: plan.kind, monthlyPaisa: parseTaka(plan.monthly), firstMonth: monthNumber(plan.firstMonth), capBp };
  }
  return {
    kind: plan.kind,
    percentBp: parseTaka(plan.percent),
    floorPaisa: parseTaka(plan.floor),
    ceilingPaisa: plan.ceiling === null ? null : parseTaka(plan.ceiling),
    capBp,
  };
}

function monthNumber(text: string): YearMonth {
  return Number(text.slice(0, 4)) * 100 + Number(text.slice(5));
}

/** @example monthText(202106) // '2021-06' */
export function monthText(value: YearMonth): string {
  const digits = String(value);
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
