import type { Language } from './words';

/** Lakhs and crores in both languages, as a clerk here counts. */
const LOCALES: Readonly<Record<Language, string>> = { bn: 'bn-BD', en: 'en-IN' };
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
/** Everything here happens in Bangladesh, wherever the browser thinks it is. */
const ZONE = 'Asia/Dhaka';
/** Without AM and PM: the tables of browsers have them in Latin letters in Bangla too. */
const HOURS = { hourCycle: 'h23', timeZone: ZONE } as const;

function decimal(value: string): Intl.StringNumericLiteral {
  if (!DECIMAL.test(value)) throw new RangeError('not a decimal string');
  return value as Intl.StringNumericLiteral;
}

/**
 * Taka from a decimal string, digit by digit: no floating point comes near it.
 *
 * @throws {RangeError} when it is no decimal string
 * @example money('123456.5', 'en') // '1,23,456.50'
 * @example money('1000.00', 'bn') // '১,০০০.০০'
 */
export function money(taka: string, language: Language): string {
  const format = new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return format.format(decimal(taka));
}

/** A decimal string as it is, in the digits of a language. @example number('174.5', 'bn') // '১৭৪.৫' */
export function number(value: string, language: Language): string {
  const digits = value.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(LOCALES[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(decimal(value));
}

/** A moment, in Dhaka. @param at RFC 3339 @example moment('2026-11-21T10:00:05.123+06:00', 'en') // '21 Nov 2026, 10:00' */
export function moment(at: string, language: Language): string {
  const locale = language === 'bn' ? 'bn-BD' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', ...HOURS }).format(new Date(at));
}

/** The time of day, in Dhaka. @example clock('2026-11-21T10:00:05.123+06:00', 'en') // '10:00' */
export function clock(at: string, language: Language): string {
  const locale = language === 'bn' ? 'bn-BD' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', ...HOURS }).format(new Date(at));
}

/** A day, from 2026-11-22. @example day('2026-11-22', 'en') // '22 Nov 2026' */
export function day(localDay: string, language: Language): string {
  const locale = language === 'bn' ? 'bn-BD' : 'en-GB';
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: ZONE });
  return format.format(new Date(`${localDay}T12:00:00+06:00`));
}

/** A month, from 2026-11. @example month('2026-11', 'en') // 'Nov 2026' */
export function month(yearMonth: string, language: Language): string {
  const locale = language === 'bn' ? 'bn-BD' : 'en-GB';
  const format = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: ZONE });
  return format.format(new Date(`${yearMonth}-15T00:00:00+06:00`));
}

/** The keys of a meter bear 0 to 9: a token's digits stay so in both languages. @example groupsOfFour('12345678') // ['1234', '5678'] */
export function groupsOfFour(digits: string): string[] {
  return digits.match(/.{1,4}/g) ?? [];
}

const BANGLA_DIGITS = '০১২৩৪৫৬৭৮৯';

/** What was typed on a Bangla keyboard, with the digits that the server reads. @example latinDigits('৫০০') // '500' */
export function latinDigits(typed: string): string {
  return typed.replaceAll(/[০-৯]/g, (digit) => String(BANGLA_DIGITS.indexOf(digit)));
}
