import type { InstantMs } from '@vend/kernel';
import type { Database, Row } from '@vend/platform';
import { daysLeft, effectiveLife, keyEndsAt } from '../expiry';
import type { VendingKeyFacts } from '../key-change';

/** Meters of one vending key, KEN and base date whose key ends soon or has ended. */
export interface ExpiringGroup {
  readonly sgc: string;
  readonly krn: number;
  /** The meters' own KEN; the vending key's may be lower. */
  readonly ken: number;
  readonly baseDate: number;
  readonly meters: number;
  /** Of these, meters with a key change open: their way out is prepared. */
  readonly changeOpen: number;
  /** The first instant without credit. */
  readonly endsAt: InstantMs;
  /** Below zero: it has ended. */
  readonly daysLeft: number;
}

/** How long before its end a key is reported. */
export const REPORT_DAYS = 90;

/**
 * Active meters whose key ends within so many days, or has ended, the most urgent first. Counted by key, because
 * half a million meters share a handful of keys.
 *
 * @param keys what the token server holds; a key it does not hold is judged by the meters' KEN alone
 */
export async function expiringMeters(
  database: Database,
  keys: readonly VendingKeyFacts[],
  now: InstantMs,
  withinDays = REPORT_DAYS,
): Promise<ExpiringGroup[]> {
  const rows = await database.read<GroupRow>(
    `SELECT m.sgc, m.krn, m.ken, m.base_date, COUNT(*) AS meters, COUNT(k.id) AS open
     FROM meters m LEFT JOIN key_changes k ON k.open_meter = m.id
     WHERE m.status = 'active' GROUP BY m.sgc, m.krn, m.ken, m.base_date`,
  );
  return rows
    .map((row) => groupOf(row, keys, now))
    .filter((group) => group.daysLeft <= withinDays)
    .sort((a, b) => a.endsAt - b.endsAt);
}

/** Meters of one vending key, tariff index, KEN and base date. */
export interface MetersUnderKey extends ExpiringGroup {
  readonly ti: string;
}

/** So long a count stands: half a million meters take a second or so, and keys change slowly. */
const COUNT_STANDS_MS = 60_000;

/** How many active meters stand under which key. Who looks at once, or within a minute, sees one count. */
export class MetersUnderKeys {
  private counted: { readonly at: InstantMs; readonly rows: Promise<CountRow[]> } | undefined;

  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Whatever the keys' end, by SGC, KRN and TI. Meters as of a minute ago at most, ends as of now.
   *
   * @param keys what the token server holds; none when it cannot be asked
   * @example (await metersUnderKeys.all(keys))[0]?.meters // 212_000
   */
  async all(keys: readonly VendingKeyFacts[]): Promise<MetersUnderKey[]> {
    const now = this.now();
    if (!this.counted || now - this.counted.at >= COUNT_STANDS_MS) this.counted = this.count(now);
    const rows = await this.counted.rows;
    return rows.map((row) => ({ ti: row.ti, ...groupOf(row, keys, now) }));
  }

  private count(at: InstantMs) {
    const rows = this.database.read<CountRow>(
      `SELECT m.sgc, m.krn, m.ti, m.ken, m.base_date, COUNT(*) AS meters, COUNT(k.id) AS open
       FROM meters m LEFT JOIN key_changes k ON k.open_meter = m.id
       WHERE m.status = 'active' GROUP BY m.sgc, m.krn, m.ti, m.ken, m.base_date
       ORDER BY m.sgc, m.krn, m.ti, m.base_date, m.ken`,
    );
    const counted = { at, rows };
    // A count that failed is no count: the next look counts again.
    rows.catch(() => {
      if (this.counted === counted) this.counted = undefined;
    });
    return counted;
  }
}

type CountRow = GroupRow & { readonly ti: string };

function groupOf(row: GroupRow, keys: readonly VendingKeyFacts[], now: InstantMs): ExpiringGroup {
  const { sgc, krn, ken, base_date: baseDate, meters, open } = row;
  const vendingKey = keys.find((key) => key.sgc === sgc && key.krn === krn);
  const life = effectiveLife({ ken, baseDate }, vendingKey);
  return {
    ...{ sgc, krn, ken, baseDate, meters: Number(meters), changeOpen: Number(open) },
    endsAt: keyEndsAt(life),
    daysLeft: daysLeft(life, now),
  };
}

interface GroupRow extends Row {
  sgc: string;
  krn: number;
  ken: number;
  base_date: number;
  meters: string;
  open: string;
}

/** One meter of an expiring group. */
export interface ExpiringMeter {
  readonly pan: string;
  readonly customerNo: string;
  readonly office: string;
  readonly sgc: string;
  readonly krn: number;
  readonly endsAt: InstantMs;
  readonly daysLeft: number;
  readonly changeOpen: boolean;
}

/** The meters of these groups, page by page in id order: the list may be as long as the network has meters. */
export async function* listExpiring(
  database: Database,
  groups: readonly ExpiringGroup[],
  pageRows = 5_000,
): AsyncGenerator<ExpiringMeter[]> {
  for (const { sgc, krn, ken, baseDate, endsAt, daysLeft: days } of groups) {
    let after = Buffer.alloc(16);
    for (;;) {
      const rows = await database.read(
        `SELECT m.id, m.pan, c.customer_no, c.office, k.id IS NOT NULL AS open
         FROM meters m JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id
           LEFT JOIN key_changes k ON k.open_meter = m.id
         WHERE m.status = 'active' AND m.sgc = ? AND m.krn = ? AND m.ken = ? AND m.base_date = ? AND m.id > ?
         ORDER BY m.id LIMIT ?`,
        [sgc, krn, ken, baseDate, after, pageRows],
      );
      if (rows.length === 0) break;
      after = rows.at(-1)!['id'] as Buffer<ArrayBuffer>;
      yield rows.map((row) => ({
        pan: row['pan'] as string,
        customerNo: row['customer_no'] as string,
        office: row['office'] as string,
        ...{ sgc, krn, endsAt, daysLeft: days },
        changeOpen: Boolean(row['open']),
      }));
    }
  }
}
