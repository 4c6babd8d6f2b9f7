import { Readable } from 'node:stream';
import { OPTIONAL_COLUMNS, REQUIRED_COLUMNS, meterNumber, type MeterNumber } from '@vend/meters';

export type MeterCells = Record<(typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number], string>;

/** The meter number of an invented serial. @example meterNo(7).pan */
export function meterNo(serial: number): MeterNumber {
  return meterNumber('97', String(10_000_000 + serial));
}

/** A valid row of an import: customer and meter number `index`, all else the same. */
export function meterCells(index: number, changes: Partial<MeterCells> = {}): MeterCells {
  return {
    customerNo: `T${String(index).padStart(6, '0')}`,
    name: 'আব্দুল করিম',
    mobile: String(8_801_700_000_000 + (index % 1_000)),
    address: 'বাড়ি 12, কাজলা',
    office: 'Rajshahi S&D 1',
    language: 'bn',
    tariffClass: 'LT-A',
    phase: '1',
    sanctionedKw: '2',
    meterNo: meterNo(index).pan,
    manufacturer: '97',
    owner: 'utility',
    installedOn: '2026-11-02',
    chargedThrough: '',
    crediting: 'currency',
    ea: '07',
    sgc: '123456',
    krn: '1',
    ti: '01',
    kt: '2',
    ken: '255',
    baseDate: '2014',
    ...changes,
  };
}

const COLUMNS = Object.keys(meterCells(0)) as (keyof MeterCells)[];

/** The first line of a file with every column, in the order of `meterLine`. */
export const METER_HEADER = COLUMNS.join(',');

/** One row as a line of the file. */
export function meterLine(row: MeterCells): string {
  const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return COLUMNS.map((column) => quoted(row[column])).join(',');
}

/** The rows as a CSV file, in the order of the builder's columns. */
export function meterCsv(rows: readonly MeterCells[]): string {
  return [METER_HEADER, ...rows.map(meterLine)].join('\n');
}

/** A file as a stream of small pieces, so that lines and letters are cut in their middle. */
export function inPieces(text: string, bytes = 61): Readable {
  const whole = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; at += bytes) pieces.push(whole.subarray(at, at + bytes));
  return Readable.from(pieces);
}
