import { DateTime } from 'luxon';

/**
 * The utility's calendar is Asia/Dhaka: UTC+06:00, no daylight saving. Instants are stored in UTC
 * (milliseconds since 1970) and shown in Dhaka.
 */
const ZONE = 'Asia/Dhaka';
const DHAKA_OFFSET_MS = 6 * 3_600_000;

/** Milliseconds since 1970-01-01T00:00Z. */
export type InstantMs = number;
/** A Dhaka calendar day, `2026-11-21`. */
export type LocalDay = string;
/** A Dhaka calendar month as a number, year * 100 + month: 202611. */
export type YearMonth = number;

/** The Dhaka day of an instant. @example dhakaDay(Date.UTC(2026, 10, 20, 18, 0)) // '2026-11-21' */
export function dhakaDay(at: InstantMs): LocalDay {
  return new Date(at + DHAKA_OFFSET_MS).toISOString().slice(0, 10);
}

/** The Dhaka month of an instant. @example dhakaMonth(Date.UTC(2026, 10, 30, 18)) // 202612 */
export function dhakaMonth(at: InstantMs): YearMonth {
  const day = dhakaDay(at);
  return Number(day.slice(0, 4)) * 100 + Number(day.slice(5, 7));
}

/** The Dhaka month that a day belongs to. @example monthOfDay('2026-11-21') // 202611 */
export function monthOfDay(day: LocalDay): YearMonth {
  return Number(day.slice(0, 4)) * 100 + Number(day.slice(5, 7));
}

/** The month after. @example nextMonth(202612) // 202701 */
export function nextMonth(month: YearMonth): YearMonth {
  return month % 100 === 12 ? month + 89 : month + 1;
}

/** The month before. @example previousMonth(202701) // 202612 */
export function previousMonth(month: YearMonth): YearMonth {
  return month % 100 === 1 ? month - 89 : month - 1;
}

/** Months from `first` to `last`, both included; empty when first is after last. */
export function monthsBetween(first: YearMonth, last: YearMonth): YearMonth[] {
  const months: YearMonth[] = [];
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month);
  return months;
}

/** RFC 3339 with Dhaka's offset. @example formatInstant(0) // '1970-01-01T06:00:00.000+06:00' */
export function formatInstant(at: InstantMs): string {
  return `${new Date(at + DHAKA_OFFSET_MS).toISOString().slice(0, -1)}+06:00`;
}

/** Whole minutes from 1 January of `year`, 00:00 Dhaka time, to the instant; negative before it. */
export function dhakaMinutesSince(year: number, at: InstantMs): number {
  return Math.floor((at + DHAKA_OFFSET_MS - Date.UTC(year, 0, 1)) / 60_000);
}

/**
 * The first instant of a Dhaka day.
 *
 * @throws {RangeError} when the text is not an existing calendar day
 */
export function startOfDay(day: LocalDay): InstantMs {
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(day) ? DateTime.fromISO(day, { zone: ZONE }) : undefined;
  if (!parsed?.isValid) throw new RangeError('not a calendar day (YYYY-MM-DD)');
  return parsed.toMillis();
}
