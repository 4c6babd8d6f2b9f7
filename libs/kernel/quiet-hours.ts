import type { InstantMs } from './calendar';

const DHAKA_OFFSET_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Hours of every Dhaka day in which nobody is to be woken: from a minute of the day to another, also over midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/**
 * Reads `22:00-08:00`, Dhaka time; `none` is no quiet hours.
 *
 * @returns undefined for no quiet hours
 * @throws {RangeError} for anything else, for both ends the same, and for less than an hour that is left to send in
 * @example parseQuietHours('22:00-08:00') // { fromMinute: 1320, toMinute: 480 }
 */
export function parseQuietHours(text: string): QuietHours | undefined {
  if (text === 'none') return undefined;
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!match) throw new RangeError('quiet hours are HH:MM-HH:MM, or none');
  const [fromHour, fromMinutes, toHour, toMinutes] = match.slice(1).map(Number) as [number, number, number, number];
  const hours = { fromMinute: fromHour * 60 + fromMinutes, toMinute: toHour * 60 + toMinutes };
  if (1_440 - lengthOf(hours) < 60) throw new RangeError('quiet hours leave at least one hour of the day');
  return hours;
}

/** @example formatQuietHours({ fromMinute: 1320, toMinute: 480 }) // '22:00-08:00' */
export function formatQuietHours(hours: QuietHours | undefined): string {
  return hours ? `${clock(hours.fromMinute)}-${clock(hours.toMinute)}` : 'none';
}

/**
 * When the quiet that holds at an instant ends: the first instant at which something may leave again. Undefined when
 * nothing is quiet then. The beginning is quiet, the end is not.
 *
 * @example quietUntil({ fromMinute: 1320, toMinute: 480 }, Date.parse('2026-11-22T23:00:00+06:00')) // 08:00 next day
 */
export function quietUntil(hours: QuietHours | undefined, at: InstantMs): InstantMs | undefined {
  if (!hours) return undefined;
  const sinceFromMs = sinceMinute(hours.fromMinute, at);
  const lengthMs = lengthOf(hours) * MINUTE_MS;
  return sinceFromMs < lengthMs ? at - sinceFromMs + lengthMs : undefined;
}

/**
 * When work of a given length ends that begins at an instant and rests in the quiet hours.
 *
 * @example endOutsideQuiet(undefined, 0, 60_000) // 60000
 */
export function endOutsideQuiet(hours: QuietHours | undefined, from: InstantMs, workMs: number): InstantMs {
  if (!hours) return from + workMs;
  const start = quietUntil(hours, from) ?? from;
  const openMs = DAY_MS - lengthOf(hours) * MINUTE_MS;
  const openLeftMs = DAY_MS - sinceMinute(hours.fromMinute, start);
  if (workMs <= openLeftMs) return start + workMs;
  const rest = workMs - openLeftMs;
  const fullDays = Math.ceil(rest / openMs) - 1;
  const opening = start + openLeftMs + lengthOf(hours) * MINUTE_MS;
  return opening + fullDays * DAY_MS + (rest - fullDays * openMs);
}

/** Milliseconds since the clock in Dhaka last showed this minute of the day. */
function sinceMinute(minute: number, at: InstantMs): number {
  const since = (at + DHAKA_OFFSET_MS - minute * MINUTE_MS) % DAY_MS;
  return since < 0 ? since + DAY_MS : since;
}

function lengthOf({ fromMinute, toMinute }: QuietHours): number {
  const length = toMinute - fromMinute;
  return length > 0 ? length : length + 1_440;
}

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
