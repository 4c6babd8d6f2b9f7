import type { YearMonth } from '@vend/kernel';
import type { Bilingual } from './tariff';

const EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const BN = [
  'জানুয়ারি',
  'ফেব্রুয়ারি',
  'মার্চ',
  'এপ্রিল',
  'মে',
  'জুন',
  'জুলাই',
  'আগস্ট',
  'সেপ্টেম্বর',
  'অক্টোবর',
  'নভেম্বর',
  'ডিসেম্বর',
];

/** A month in both languages, digits in ASCII. @example monthInWords(202611) // { bn: 'নভেম্বর 2026', en: 'Nov 2026' } */
function monthInWords(month: YearMonth): Bilingual {
  const year = Math.floor(month / 100);
  const index = (month % 100) - 1;
  return { bn: `${BN[index]} ${year}`, en: `${EN[index]} ${year}` };
}

/** Months that follow each other, as a range. @example monthsInWords([202610, 202611]).en // 'Oct 2026 to Nov 2026' */
export function monthsInWords(months: readonly YearMonth[]): Bilingual {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return { bn: '', en: '' };
  const from = monthInWords(first);
  if (first === last) return from;
  const to = monthInWords(last);
  return { bn: `${from.bn} থেকে ${to.bn}`, en: `${from.en} to ${to.en}` };
}

/** A whole number of small parts as a decimal without trailing zeros. @example scaled(1500n, 3) // '1.5' */
export function scaled(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '');
}

/** The value all items share, or null when they differ or there are none. */
export function sameForAll<Item, Value>(items: readonly Item[], valueOf: (item: Item) => Value): Value | null {
  const [first, ...others] = items.map(valueOf);
  return first !== undefined && others.every((value) => value === first) ? first : null;
}
