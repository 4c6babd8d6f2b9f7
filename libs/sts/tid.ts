import { refuse } from './sts.errors';

/** The three base dates of the standard, 1 January 00:00 of the year; a property of the vending key. */
export type BaseDate = 1993 | 2014 | 2035;

/** Whole minutes of civil time in the deployment's token zone since 1970-01-01 00:00 there; no daylight saving. */
export type CivilMinute = number;

/** All base dates, oldest first. */
export const BASE_DATES: readonly BaseDate[] = [1993, 2014, 2035];

/** The highest token identifier; the minute after it is the end of a base date. */
export const TID_MAX = 0xffffff;

/** KEN of a key that never expires. */
export const KEN_NEVER = 255;

const MINUTES_A_DAY = 1440;
const BASE_MINUTE: Readonly<Record<BaseDate, CivilMinute>> = {
  1993: Date.UTC(1993, 0, 1) / 60_000,
  2014: Date.UTC(2014, 0, 1) / 60_000,
  2035: Date.UTC(2035, 0, 1) / 60_000,
};

/** Narrows to a base date. @throws {StsError} bad-base-date */
export function checkBaseDate(baseDate: number): BaseDate {
  return baseDate === 1993 || baseDate === 2014 || baseDate === 2035 ? baseDate : refuse('bad-base-date');
}

/**
 * Reads civil time. There is no zone in it: it is the wall clock of the deployment's token zone.
 *
 * @param text `2026-11-21T10:15`; a blank instead of T and `:ss` at the end are taken, seconds fall away
 * @throws {StsError} bad-time for anything else, also for a day or hour that does not exist
 * @example parseCivilMinute('1970-01-02T00:01') // 1441
 */
export function parseCivilMinute(text: string): CivilMinute {
  const match = typeof text === 'string' ? CIVIL.exec(text) : null;
  if (!match) return refuse('bad-time');
  const [year, month, day, hour, minute] = [match[1], match[2], match[3], match[4], match[5]].map(Number) as CivilParts;
  // Checked part by part: Date takes 24:00 and rolls 31 April over to May.
  if (month < 1 || month > 12 || hour > 23 || minute > 59) refuse('bad-time');
  const lastDay = month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1]!;
  if (day < 1 || day > lastDay) refuse('bad-time');
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000;
}

type CivilParts = [number, number, number, number, number];
// From the year 1000 on: Date.UTC takes a year below 100 for one of the last century.
const CIVIL = /^([1-9]\d{3})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::[0-5]\d)?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Writes civil time. @example formatCivilMinute(1441) // '1970-01-02T00:01' */
export function formatCivilMinute(minute: CivilMinute): string {
  return new Date(minute * 60_000).toISOString().slice(0, 16);
}

/**
 * Civil minutes of an instant in a zone of fixed offset (the token zone never has daylight saving).
 *
 * @param atMs milliseconds since 1970 UTC
 * @param offsetMinutes east of UTC: 360 for Bangladesh
 * @throws {StsError} bad-time
 * @example civilMinuteOfInstant(0, 360) // 360
 */
export function civilMinuteOfInstant(atMs: number, offsetMinutes: number): CivilMinute {
  if (!Number.isFinite(atMs) || !Number.isInteger(offsetMinutes)) refuse('bad-time');
  return Math.floor(atMs / 60_000) + offsetMinutes;
}

/** True for the identifiers of 00:01, kept for special tokens (IEC 62055-41 6.3.5; STS.md 3.4). */
export function isReservedTid(tid: number): boolean {
  return tid % MINUTES_A_DAY === 1;
}

/** @throws {StsError} bad-tid unless 0 to FFFFFF */
function checkTid(tid: number): void {
  if (!Number.isInteger(tid) || tid < 0 || tid > TID_MAX) refuse('bad-tid');
}

/**
 * The identifier of an ordinary token made at a minute: 00:01 becomes 00:02.
 *
 * @param special true for a special token, which may have 00:01 itself
 * @throws {StsError} bad-base-date, bad-time, before-base-date, tid-exhausted; never a wrap
 * @example tidAt(2014, parseCivilMinute('2026-07-29T00:01')) // 0x64e602
 */
export function tidAt(baseDate: BaseDate, at: CivilMinute, special = false): number {
  if (!Number.isInteger(at)) refuse('bad-time');
  let tid = at - BASE_MINUTE[checkBaseDate(baseDate)];
  if (tid < 0) refuse('before-base-date');
  if (!special && isReservedTid(tid)) tid++;
  return tid > TID_MAX ? refuse('tid-exhausted') : tid;
}

/**
 * The identifier for the next token of a meter: the minute's own, or the one after the last issued
 * (identifiers of a meter only rise), 00:01 skipped.
 *
 * @param last the last identifier issued to this meter under this base date, or undefined
 * @throws {StsError} as tidAt, and bad-tid for the last one
 * @example nextTid(2014, parseCivilMinute('2026-07-29T00:01'), 0x64e602) // 0x64e603
 */
export function nextTid(baseDate: BaseDate, at: CivilMinute, last?: number): number {
  const own = tidAt(baseDate, at);
  if (last === undefined) return own;
  checkTid(last);
  if (own > last) return own;
  const next = isReservedTid(last + 1) ? last + 2 : last + 1;
  return next > TID_MAX ? refuse('tid-exhausted') : next;
}

/**
 * The minute that an identifier names.
 *
 * @throws {StsError} bad-base-date, bad-tid
 * @example formatCivilMinute(civilMinuteOfTid(1993, 0x19eb23)) // '1996-03-25T13:55'
 */
export function civilMinuteOfTid(baseDate: BaseDate, tid: number): CivilMinute {
  checkTid(tid);
  return BASE_MINUTE[checkBaseDate(baseDate)] + tid;
}

/**
 * Whether a key has expired for a token of this identifier: one unit of KEN is 65536 minutes.
 * Sources leave open whether the last block still counts; here it does (STS.md section 7).
 *
 * @param lastBlockCounts false makes the block numbered KEN already expired
 * @example isKeyExpired(0xab0000, 170) // true
 */
export function isKeyExpired(tid: number, ken: number, lastBlockCounts = true): boolean {
  if (ken === KEN_NEVER) return false;
  return lastBlockCounts ? tid >>> 16 > ken : tid >>> 16 >= ken;
}
