import type { LocalDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { daysWithTotals, strangeEntries, wrongDayTotals, wrongSnapshots, wrongVends } from './store/proof';
import { wrongBalances, wrongLimits, wrongRolledTotals, wrongSubLedgers, wrongSums } from './store/proof.now';

/** What a proof looked at, and what it found. */
export interface Proof {
  /** One sentence each; empty: everything holds. At most some twenty of a kind. */
  readonly faults: readonly string[];
  readonly days: number;
}

/** Every night a thirtieth of the history is proved again, so that all of it is within a month. */
const NIGHTS = 30;

/**
 * Proves what the database cannot hold by itself. Balances, totals over all accounts and sub-ledgers of this moment;
 * and, from the postings, the day that ended and a thirtieth of all days before it: day totals, snapshots, entries, vends.
 *
 * @param day a closed business day
 * @example (await proveNight(database, '2026-11-21')).faults // []
 */
export async function proveNight(database: Database, day: LocalDay): Promise<Proof> {
  const history = (await daysWithTotals(database, day)).filter((known) => known !== day);
  const night = Math.floor(Date.parse(`${day}T00:00:00Z`) / 86_400_000) % NIGHTS;
  const again = history.filter((_, place) => place % NIGHTS === night);
  const faults = await proveNow(database);
  for (const each of [...again, day]) faults.push(...(await proveDay(database, each)));
  return { faults, days: again.length + 1 };
}

/**
 * Proves all of it: every day, every meter's part, every open payment. Reads the whole history; on a replica, please.
 *
 * @param onDay called after each day, for progress
 */
export async function proveAll(
  database: Database,
  through: LocalDay,
  onDay: (day: LocalDay) => void = () => undefined,
): Promise<Proof> {
  const faults = [...(await proveNow(database)), ...(await wrongSubLedgers(database))];
  const days = await daysWithTotals(database, through);
  for (const day of days) {
    faults.push(...(await proveDay(database, day)));
    onDay(day);
  }
  return { faults, days: days.length };
}

async function proveNow(database: Database): Promise<string[]> {
  return [
    ...(await wrongBalances(database)),
    ...(await wrongRolledTotals(database)),
    ...(await wrongSums(database)),
    ...(await wrongLimits(database)),
  ];
}

async function proveDay(database: Database, day: LocalDay): Promise<string[]> {
  return [
    ...(await wrongDayTotals(database, day)),
    ...(await wrongSnapshots(database, day)),
    ...(await strangeEntries(database, day)),
    ...(await wrongVends(database, day)),
  ];
}
