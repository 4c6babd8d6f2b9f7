import { startOfDay, type InstantMs, type LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { countedHours, holdHour, HOUR_QUERY, hourEnds, salesLines, saveHour, sourceNames } from '../store/sales.store';
import { addUp, dueHours, HOUR_MS, type SalesDay } from './sales';

const DAY_MS = 24 * HOUR_MS;
/** So many times as long as it took does a count rest: in a rush hour of a million payments too it is a guest. */
const RESTS = 20;

/** What was sold, hour by hour: counted behind the lane, and read in a few milliseconds however much it was. */
export class Sales {
  private restsUntil = 0;

  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Counts the hours that are due. Any number of workers may: an hour is counted by one at a time, each time anew from the
   * payments themselves, so that a count that was lost or wrong is right after the next.
   *
   * @returns how many hours were counted
   * @example await sales.count() // 2
   */
  async count(): Promise<number> {
    const now = this.now();
    if (now < this.restsUntil) return 0;
    const hours = dueHours(await countedHours(this.database, now - 4 * DAY_MS), now);
    for (const hour of hours) await this.countHour(hour);
    const endedAt = this.now();
    this.restsUntil = endedAt + RESTS * (endedAt - now);
    return hours.length;
  }

  /** Counts one hour. @example await sales.countHour(hourOf(Date.now())) */
  async countHour(hour: InstantMs): Promise<void> {
    await this.database.transaction(async (tx) => {
      await holdHour(tx, hour);
      // The clock is read before the payments are: what came after it is not said to be in.
      const now = this.now();
      await saveHour(tx, hour, await tx.query(HOUR_QUERY, hourEnds(hour)), now);
    });
  }

  /**
   * A Dhaka day as far as it is counted: tills of these offices, and what customers of these offices paid elsewhere.
   *
   * @example (await sales.day('2026-11-22', 'all')).total.sold.count
   */
  async day(day: LocalDay, offices: 'all' | readonly string[]): Promise<SalesDay> {
    const from = startOfDay(day);
    const [lines, counted, names] = await this.database.reads((reader) =>
      Promise.all([salesLines(reader, from, from + DAY_MS, offices), countedHours(reader, from), sourceNames(reader)]),
    );
    const times = [...counted].flatMap(([hour, at]) => (hour < from + DAY_MS && at > 0 ? [at] : []));
    const countedAt = times.length === 0 ? null : Math.max(...times);
    return { day, countedAt, ...addUp(lines, from, names) };
  }
}
