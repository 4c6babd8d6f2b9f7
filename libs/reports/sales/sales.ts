import type { InstantMs, LocalDay, Paisa } from '@vend/kernel';

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How many payments, and how much they come to. */
export interface SalesSum {
  readonly count: number;
  readonly paisa: Paisa;
}

/** Payments by what became of them. */
export interface SalesFigures {
  /** Vended, and not cancelled since. */
  readonly sold: SalesSum;
  /** Neither vended nor paid back yet. */
  readonly waiting: SalesSum;
  /** Cancelled or paid back. */
  readonly returned: SalesSum;
}

/** One line of the count: an hour's payments of one source and channel. */
export interface SalesLine extends SalesFigures {
  readonly hourStart: InstantMs;
  /** `till:<station>`, `provider:<code>`, `vendor:<code>`. */
  readonly source: string;
  readonly channel: string;
}

/** What was sold on a Dhaka day. */
export interface SalesDay {
  readonly day: LocalDay;
  /** When the latest count of one of its hours was made; null: none yet. */
  readonly countedAt: InstantMs | null;
  readonly total: SalesFigures;
  /** All 24, in order. */
  readonly hours: readonly (SalesFigures & { readonly hour: number })[];
  /** The largest first. */
  readonly sources: readonly (SalesFigures & { readonly source: string; readonly name: string })[];
  /** The largest first. */
  readonly channels: readonly (SalesFigures & { readonly channel: string })[];
}

const NOTHING: SalesSum = { count: 0, paisa: 0n };
const NONE: SalesFigures = { sold: NOTHING, waiting: NOTHING, returned: NOTHING };

const plus = (a: SalesSum, b: SalesSum): SalesSum => ({ count: a.count + b.count, paisa: a.paisa + b.paisa });

function together(lines: readonly SalesFigures[]): SalesFigures {
  return lines.reduce(
    (sum, line) => ({
      sold: plus(sum.sold, line.sold),
      waiting: plus(sum.waiting, line.waiting),
      returned: plus(sum.returned, line.returned),
    }),
    NONE,
  );
}

function byKey<K>(lines: readonly SalesLine[], keyOf: (line: SalesLine) => K): Map<K, SalesLine[]> {
  const groups = new Map<K, SalesLine[]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group) group.push(line);
    else groups.set(keyOf(line), [line]);
  }
  return groups;
}

const larger = (a: SalesFigures, b: SalesFigures) => (a.sold.paisa < b.sold.paisa ? 1 : -1);

/**
 * A day's lines as the dashboard shows them: by hour, by source and by channel. Each of the three adds up to the total.
 *
 * @param from where the day begins
 * @param names of the sources that have one
 * @example addUp(lines, startOfDay('2026-11-22'), new Map()).hours[9]?.sold.count // 4
 */
export function addUp(
  lines: readonly SalesLine[],
  from: InstantMs,
  names: ReadonlyMap<string, string>,
): Pick<SalesDay, 'total' | 'hours' | 'sources' | 'channels'> {
  const hours = byKey(lines, ({ hourStart }) => (hourStart - from) / HOUR_MS);
  return {
    total: together(lines),
    hours: Array.from({ length: 24 }, (_, hour) => ({ hour, ...together(hours.get(hour) ?? []) })),
    sources: [...byKey(lines, ({ source }) => source)]
      .map(([source, own]) => ({ source, name: names.get(source) ?? source.replace(/^\w+:/, ''), ...together(own) }))
      .sort(larger),
    channels: [...byKey(lines, ({ channel }) => channel)]
      .map(([channel, own]) => ({ channel, ...together(own) }))
      .sort(larger),
  };
}

/** How old a count of the running hour may be before it is counted anew. */
const RUNNING_MS = 10_000;
/** An hour that is over is looked at again for this long: payments are vended late, vends cancelled and paid back. */
const LOOK_BACK_MS = 3 * DAY_MS;
/** Of the hours that are over, the one whose count is the oldest is counted in each turn. */
const AGAIN_AFTER_MS = 60_000;

/** @example hourOf(Date.UTC(2026, 10, 22, 4, 59)) // Date.UTC(2026, 10, 22, 4) */
export function hourOf(at: InstantMs): InstantMs {
  return at - (at % HOUR_MS);
}

/**
 * Which hours a turn counts, oldest count first: the running hour and the one before it when their count is old, and the
 * hour of the last three days whose count is the oldest. So whatever changes late is seen within the hour, and no turn
 * counts more than three hours.
 *
 * @param counted when each hour was counted last
 * @example dueHours(new Map(), Date.now()).length // 3
 */
export function dueHours(counted: ReadonlyMap<InstantMs, InstantMs>, now: InstantMs): InstantMs[] {
  const running = hourOf(now);
  const countedAt = (hour: InstantMs) => counted.get(hour) ?? 0;
  const lately = [running, running - HOUR_MS].filter((hour) => now - countedAt(hour) >= RUNNING_MS);
  const earlier = Array.from({ length: LOOK_BACK_MS / HOUR_MS - 2 }, (_, i) => running - (i + 2) * HOUR_MS);
  const oldest = earlier.reduce((a, b) => (countedAt(b) < countedAt(a) ? b : a));
  return now - countedAt(oldest) >= AGAIN_AFTER_MS ? [...lately, oldest] : lately;
}
