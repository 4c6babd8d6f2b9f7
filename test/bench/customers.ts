import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { meterCells, METER_HEADER, meterLine } from '../builders/meters';
import { writeWorkbook } from './big-workbook';

/*
 * Customers for benchmarks: any number of them, the same every time, with names as skewed as real ones are: four men in
 * ten are মোঃ, every fifth person is somebody's আব্দুল, and most words are in few names.
 */

const COMMON_FIRST = ['মোঃ', 'মোছাঃ', 'শ্রী', 'Md.', 'Mst.'];
const FIRST = [
  ...['আব্দুল', 'আবদুল', 'রহিম', 'করিম', 'জাহিদ', 'শফিকুল', 'নাসরিন', 'রোকেয়া', 'তপন', 'মিতা', 'ফাতেমা', 'সালমা'],
  ...['আনোয়ার', 'হাবিবুর', 'মাহবুব', 'শিরিন', 'শাহানা', 'সুফিয়া', 'গৌতম', 'রঞ্জিত', 'লিপি', 'জুলেখা', 'Anwar', 'Kamal'],
];
const LAST = [
  ...['উদ্দিন', 'বেগম', 'হোসেন', 'খাতুন', 'ইসলাম', 'আক্তার', 'সাহা', 'দাস', 'চৌধুরী', 'মণ্ডল', 'প্রামাণিক', 'সরকার'],
  ...['রহমান', 'আলী', 'মিয়া', 'শেখ', 'Hossain', 'Khatun', 'Rahman', 'Roy'],
];
const SYLLABLES = ['কা', 'রি', 'মো', 'শা', 'নু', 'তা', 'লি', 'বা', 'জো', 'হা', 'দি', 'সু', 'পা', 'গো', 'চা', 'ফে'];
/** As many S&D divisions as a distribution company of the north has. */
export const OFFICES = Array.from({ length: 50 }, (_, i) => `S&D ${String(i + 1).padStart(2, '0')}`);

/** A name out of a number; the mix is spread evenly over the numbers. */
export function inventedName(index: number): string {
  const mix = (Math.imul(index + 1, 2_654_435_761) >>> 0) % 1_000_003;
  const first = mix % 10 < 8 ? `${COMMON_FIRST[mix % COMMON_FIRST.length]} ` : '';
  const middle = mix % 5 === 0 ? 'আব্দুল ' : '';
  const given = mix % 3 === 0 ? rareWord(mix) : FIRST[Math.floor(mix / 7) % FIRST.length];
  return `${first}${middle}${given} ${LAST[Math.floor(mix / 11) % LAST.length]}`;
}

/** One of 4,096 words. */
function rareWord(mix: number): string {
  return [0, 4, 8].map((shift) => SYLLABLES[(Math.floor(mix / 3) >> shift) & 15]).join('');
}

/** A customer's mobile number; every hundredth customer gives that of one of fifty helpers. */
export function mobileOf(index: number): string {
  return String(8_801_710_000_000 + (index % 100 === 0 ? index % 5_000 : index));
}

/** Of so many rows of a file one is refused: it has no phase. */
export const REFUSED_EVERY = 1_000;

/** Writes an import file of `count` customers, one meter each. */
export async function writeCustomers(file: string, count: number): Promise<void> {
  function* text(): Generator<string> {
    yield `${METER_HEADER}\n`;
    for (let index = 0; index < count; index += 1_000) {
      const rows = Array.from({ length: Math.min(1_000, count - index) }, (_, i) => index + i);
      yield rows.map((each) => `${meterLine(cellsOf(each))}\n`).join('');
    }
  }
  await pipeline(Readable.from(text()), createWriteStream(file));
}

/** The same customers as a workbook. */
export async function writeCustomersWorkbook(file: string, count: number): Promise<void> {
  const columns = METER_HEADER.split(',') as (keyof ReturnType<typeof cellsOf>)[];
  function* rows(): Generator<string[]> {
    yield columns;
    for (let index = 0; index < count; index++) {
      const cells = cellsOf(index);
      yield columns.map((column) => cells[column]);
    }
  }
  const differing = ['customerNo', 'mobile', 'meterNo'];
  await writeWorkbook(file, rows, (column) => !differing.includes(columns[column]!));
}

function cellsOf(index: number) {
  return meterCells(index, {
    phase: index % REFUSED_EVERY === REFUSED_EVERY - 1 ? '' : '1',
    name: inventedName(index),
    mobile: mobileOf(index),
    address: `বাড়ি ${index % 400}, সড়ক ${index % 37}, রাজশাহী`,
    office: OFFICES[index % OFFICES.length]!,
    sanctionedKw: ['1', '2', '2.5', '4'][index % 4]!,
  });
}
