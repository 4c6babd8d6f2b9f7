import type { InstantMs } from '@vend/kernel';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** What each word of a form takes, and the name it is read by. */
const WORDS: Readonly<Record<string, readonly [name: string, pattern: string]>> = {
  yyyy: ['year', '\\d{4}'],
  MMM: ['monthName', '[A-Za-z]{3}'],
  MM: ['month', '\\d{1,2}'],
  dd: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{1,2}'],
  hh: ['hour12', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  ss: ['second', '\\d{2}'],
  a: ['half', '[AaPp][Mm]'],
};
const DHAKA_MS = 6 * 3_600_000;
const RFC3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * A reader of times written in one form; undefined: not a time. A form without a clock means the day's beginning.
 *
 * @example timeReader('dd/MM/yyyy HH:mm:ss')('22/11/2026 23:59:59') // Date.UTC(2026, 10, 22, 17, 59, 59)
 */
export function timeReader(form: string): (text: string) => InstantMs | undefined {
  if (form === 'rfc3339') {
    return (text) => {
      const at = RFC3339.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
      return Number.isNaN(at) ? undefined : at;
    };
  }
  const pattern = form.replace(/yyyy|MMM|MM|dd|HH|hh|mm|ss|a|[.]/g, (word) =>
    WORDS[word] ? `(?<${WORDS[word][0]}>${WORDS[word][1]})` : `\\${word}`,
  );
  const shape = new RegExp(`^${pattern}$`);
  return (text) => {
    const parts = shape.exec(text)?.groups;
    return parts && instantOf(parts);
  };
}

function instantOf(parts: Readonly<Record<string, string | undefined>>): InstantMs | undefined {
  const number = (name: string) => Number(parts[name] ?? '0');
  const { monthName, half } = parts;
  const month = monthName === undefined ? number('month') : MONTHS.indexOf(monthName.toLowerCase()) + 1;
  const hour = half === undefined ? number('hour') : (number('hour12') % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const [year, day, minute, second] = [number('year'), number('day'), number('minute'), number('second')];
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(at);
  // JavaScript reads 31 February as 3 March.
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return same && minute < 60 && second < 60 && year > 1999 ? at - DHAKA_MS : undefined;
}
