import { DomainError, type LocalDay } from '@vend/kernel';
import { z } from 'zod';
import { parseMeterNumber, type MeterNumber } from '../identity';
import { normaliseMobile } from '../mobile';
import { TARIFF_CLASSES, parseKw } from '../connection';
import type { RowFault, RowFaultCode } from './row-faults';

/** Columns that every file must have, spelled like this in its first line (case and order are free). */
export const REQUIRED_COLUMNS = [
  'customerNo',
  'name',
  'mobile',
  'address',
  'office',
  'tariffClass',
  'phase',
  'sanctionedKw',
  'meterNo',
  'owner',
  'installedOn',
  'crediting',
  'ea',
  'sgc',
  'krn',
  'ti',
  'kt',
  'ken',
  'baseDate',
] as const;

/**
 * Columns that may be left out: language of the receipts (bn), manufacturer code to compare the DRN with, and the
 * last month whose fixed charges a former system took.
 */
export const OPTIONAL_COLUMNS = ['language', 'manufacturer', 'chargedThrough'] as const;

export type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

const fault = (code: RowFaultCode) => ({ error: code });
const required = z.string().min(1, { error: 'value-missing' satisfies RowFaultCode, abort: true });
const matching = (pattern: RegExp, code: RowFaultCode) => required.regex(pattern, fault(code));
const oneOf = <const T extends readonly string[]>(values: T, code: RowFaultCode) =>
  required.pipe(z.enum(values, fault(code)));
// Control characters, and U+FFFD, which is what bytes that are not UTF-8 turn into.
const printable = (max: number) =>
  required.max(max, fault('text-invalid')).regex(/^[^\p{Cc}\uFFFD]*$/u, fault('text-invalid'));

const phase = oneOf(['1', '3'], 'phase-invalid').transform((text) => Number(text) as 1 | 3);
const keyType = oneOf(['0', '1', '2', '3'], 'kt-invalid').transform((text) => Number(text) as 0 | 1 | 2 | 3);
const baseDate = oneOf(['1993', '2014', '2035'], 'base-date-unknown').transform(
  (text) => Number(text) as 1993 | 2014 | 2035,
);
const mobile = z.string().transform((text, context): string | null => {
  if (text === '') return null;
  return normaliseMobile(text) ?? reject(context, 'mobile-invalid');
});
const sanctionedW = required.transform((text, context): bigint => {
  const watts = parseKw(text);
  return watts ?? reject(context, 'sanctioned-load-invalid');
});
const meterNo = required.transform((text, context): MeterNumber => {
  if (/^\d+(?:\.\d*)?E\+?\d+$/i.test(text)) return reject(context, 'cell-is-number');
  try {
    return parseMeterNumber(text);
  } catch (error) {
    if (error instanceof DomainError) return reject(context, error.code as RowFaultCode);
    throw error;
  }
});
const ken = matching(/^\d{1,3}$/, 'ken-invalid').transform((text, context): number =>
  Number(text) <= 255 ? Number(text) : reject(context, 'ken-invalid'),
);

const FIELDS = {
  customerNo: required
    .transform((text) => text.toUpperCase())
    .pipe(matching(/^[0-9A-Z/-]{1,20}$/, 'customer-no-invalid')),
  name: printable(120),
  mobile,
  address: printable(200),
  office: printable(60),
  language: oneOf(['bn', 'en'], 'language-unknown').optional(),
  tariffClass: oneOf(TARIFF_CLASSES, 'tariff-class-unknown'),
  phase,
  sanctionedKw: sanctionedW,
  meterNo,
  manufacturer: z.string().optional(),
  chargedThrough: matching(/^(19|20)\d{2}-(0[1-9]|1[0-2])$/, 'charged-through-invalid')
    .transform((text) => Number(text.replace('-', '')))
    .optional(),
  owner: oneOf(['utility', 'customer'], 'owner-unknown'),
  crediting: oneOf(['currency', 'energy'], 'crediting-unknown'),
  ea: oneOf(['07', '11'], 'ea-unknown'),
  sgc: matching(/^\d{6}$/, 'sgc-invalid'),
  krn: matching(/^[1-9]$/, 'krn-invalid').transform(Number),
  ti: matching(/^\d{2}$/, 'ti-invalid'),
  kt: keyType,
  ken,
  baseDate,
};

function installedOn(today: LocalDay) {
  return required.superRefine((text, context) => {
    if (!isDay(text) || text < '1993-01-01') context.addIssue('installed-on-invalid' satisfies RowFaultCode);
    else if (text > today) context.addIssue('installed-in-future' satisfies RowFaultCode);
  });
}

type Fields = typeof FIELDS & { installedOn: ReturnType<typeof installedOn> };

/** A row that holds by itself; whether it fits the rest of the file and the database comes later. */
export type ImportRow = { readonly [Name in keyof Fields]: z.output<Fields[Name]> } & { readonly line: number };

export type RowResult =
  { readonly ok: true; readonly row: ImportRow } | { readonly ok: false; readonly faults: readonly RowFault[] };

/** An empty cell of these is the same as no column. */
const OPTIONAL: readonly string[] = OPTIONAL_COLUMNS;
/** Columns in which nearly every row has another value: theirs are not worth remembering. */
const DIFFERS: readonly string[] = ['customerNo', 'name', 'mobile', 'address', 'meterNo'];
const REMEMBERED_MAX = 5_000;

interface Cell {
  readonly value: unknown;
  readonly code: RowFaultCode | undefined;
}

/**
 * The validator of one import. What a column's value means is found out once and remembered: half a million rows have
 * some hundreds of offices, classes and days.
 *
 * @param today the Dhaka day after which nothing can have been installed
 */
export function rowValidator(today: LocalDay): (line: number, cells: Readonly<Record<string, string>>) => RowResult {
  const schemas: Readonly<Record<string, z.ZodType>> = { ...FIELDS, installedOn: installedOn(today) };
  const readers = Object.entries(schemas).map(([name, schema]) => [name, readerOf(name, schema)] as const);
  return (line, cells) => {
    const row: Record<string, unknown> = { line };
    const faults: RowFault[] = [];
    for (const [column, read] of readers) {
      const { value, code } = read(cells[column]);
      if (code === undefined) row[column] = value;
      else faults.push({ line, column, code });
    }
    if (faults.length > 0) return { ok: false, faults };
    const { manufacturer, meterNo: number } = row as ImportRow;
    if (manufacturer !== undefined && manufacturer !== number.manufacturer) {
      return { ok: false, faults: [{ line, column: 'manufacturer', code: 'manufacturer-differs' }] };
    }
    return { ok: true, row: row as ImportRow };
  };
}

function readerOf(name: string, schema: z.ZodType): (text: string | undefined) => Cell {
  const read = (text: string | undefined): Cell => {
    const parsed = schema.safeParse(text === '' && OPTIONAL.includes(name) ? undefined : text);
    // The first fault of a value: what else is wrong with it follows from it.
    if (parsed.success) return { value: parsed.data, code: undefined };
    return { value: undefined, code: parsed.error.issues[0]!.message as RowFaultCode };
  };
  if (DIFFERS.includes(name)) return read;
  const remembered = new Map<string | undefined, Cell>();
  return (text) => {
    const known = remembered.get(text);
    if (known) return known;
    const cell = read(text);
    if (remembered.size < REMEMBERED_MAX) remembered.set(text, cell);
    return cell;
  };
}

function reject(context: z.core.$RefinementCtx, code: RowFaultCode): never {
  context.issues.push({ code: 'custom', message: code, input: context.value });
  return z.NEVER;
}

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  // Date carries 30 February over into March: a day that comes back changed does not exist.
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return at.getUTCMonth() + 1 === Number(month) && at.getUTCDate() === Number(day);
}
