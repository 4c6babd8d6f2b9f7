import type { InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import { HOUR_MS, type SalesLine, type SalesSum } from '../sales/sales';
import { firstIdAt } from './id-range';

interface LineRow extends Row {
  readonly hour_start: Date;
  readonly source: string;
  readonly channel: string;
}

/**
 * The payments of an hour by source, channel and office. The office is the till's; for money that came by wire the
 * customer's, so that an office sees what its customers paid as well. No index of its own: the hour is a range of the
 * primary key, which the write path has anyway.
 */
export const HOUR_QUERY = `SELECT r.source, r.channel,
    COALESCE(s.office, c.office, '') AS office,
    SUM(r.state = 'APPLIED' AND v.state <=> 'ISSUED') AS sold_count,
    SUM(IF(r.state = 'APPLIED' AND v.state <=> 'ISSUED', r.gross_paisa, 0)) AS sold_paisa,
    SUM(r.state IN ('RECEIVED', 'REFUND_DUE')) AS waiting_count,
    SUM(IF(r.state IN ('RECEIVED', 'REFUND_DUE'), r.gross_paisa, 0)) AS waiting_paisa,
    SUM(r.state = 'REFUNDED' OR (r.state = 'APPLIED' AND NOT v.state <=> 'ISSUED')) AS returned_count,
    SUM(IF(r.state = 'REFUNDED' OR (r.state = 'APPLIED' AND NOT v.state <=> 'ISSUED'), r.gross_paisa, 0)) AS returned_paisa
  FROM recharges r FORCE INDEX (PRIMARY)
  LEFT JOIN vends v ON v.recharge_id = r.id
  LEFT JOIN stations s ON r.source LIKE 'till:%' AND s.code = SUBSTRING(r.source, 6)
  LEFT JOIN meters m ON r.source NOT LIKE 'till:%' AND m.id = r.meter_id
  LEFT JOIN connections k ON k.id = m.connection_id
  LEFT JOIN customers c ON c.id = k.customer_id
  WHERE r.id >= ? AND r.id < ? AND r.gross_paisa > 0
  GROUP BY r.source, r.channel, COALESCE(s.office, c.office, '')`;

/** The two ends of an hour for it. */
export function hourEnds(hour: InstantMs): [Buffer, Buffer] {
  return [firstIdAt(hour), firstIdAt(hour + HOUR_MS)];
}

/**
 * Holds an hour until the transaction ends: whoever counts it next sees at least what this one saw. The row is made
 * before it is locked, for nobody can hold one that is not there.
 */
export async function holdHour(tx: Tx, hour: InstantMs): Promise<void> {
  const at = new Date(hour);
  await tx.write('INSERT IGNORE INTO sales_hour_counts (hour_start, counted_at) VALUES (?, ?)', [at, new Date(0)]);
  await tx.query('SELECT counted_at FROM sales_hour_counts WHERE hour_start = ? FOR UPDATE', [at]);
}

/** Puts the count of an hour in place of the one before. */
export async function saveHour(tx: Tx, hour: InstantMs, rows: readonly Row[], now: InstantMs): Promise<void> {
  const at = new Date(hour);
  const lines = rows.map((row) => [at, ...COLUMNS.map((column) => row[column])]);
  await tx.write('DELETE FROM sales_hours WHERE hour_start = ?', [at]);
  if (lines.length > 0) await tx.write(`INSERT INTO sales_hours (hour_start, ${COLUMNS.join(', ')}) VALUES ?`, [lines]);
  await tx.write('UPDATE sales_hour_counts SET counted_at = ? WHERE hour_start = ?', [new Date(now), at]);
}

const COLUMNS = [
  ...['source', 'channel', 'office', 'sold_count', 'sold_paisa', 'waiting_count', 'waiting_paisa', 'returned_count'],
  'returned_paisa',
];

/** When each hour from this one on was counted last. */
export async function countedHours(reader: Reader, from: InstantMs): Promise<Map<InstantMs, InstantMs>> {
  const rows = await reader.read<Row & { hour_start: Date; counted_at: Date }>(
    'SELECT hour_start, counted_at FROM sales_hour_counts WHERE hour_start >= ?',
    [new Date(from)],
  );
  return new Map(rows.map((row) => [row.hour_start.getTime(), row.counted_at.getTime()]));
}

/** The lines of a stretch of time, of these offices. */
export async function salesLines(
  reader: Reader,
  from: InstantMs,
  to: InstantMs,
  offices: 'all' | readonly string[],
): Promise<SalesLine[]> {
  if (offices.length === 0) return [];
  const sums = COLUMNS.slice(3).map((column) => `SUM(${column}) AS ${column}`);
  const [narrow, values] = offices === 'all' ? ['', []] : ['AND office IN (?)', [offices]];
  const rows = await reader.read<LineRow>(
    `SELECT hour_start, source, channel, ${sums.join(', ')} FROM sales_hours
     WHERE hour_start >= ? AND hour_start < ? ${narrow} GROUP BY hour_start, source, channel`,
    [new Date(from), new Date(to), ...values],
  );
  return rows.map((row) => ({
    hourStart: row.hour_start.getTime(),
    source: row.source,
    channel: row.channel,
    sold: sumOf(row, 'sold'),
    waiting: sumOf(row, 'waiting'),
    returned: sumOf(row, 'returned'),
  }));
}

/** What people call the sources of payments. */
export async function sourceNames(reader: Reader): Promise<Map<string, string>> {
  const rows = await reader.read<Row & { source: string; name: string }>(
    `SELECT CONCAT('till:', code) AS source, name FROM stations
     UNION ALL SELECT CONCAT('provider:', code), name FROM partners
     UNION ALL SELECT CONCAT(IF(prepaid, 'vendor:', 'provider:'), code), name FROM payment_providers`,
  );
  return new Map(rows.map(({ source, name }) => [source, name]));
}

function sumOf(row: Row, what: 'sold' | 'waiting' | 'returned'): SalesSum {
  return { count: Number(row[`${what}_count`]), paisa: BigInt(row[`${what}_paisa`] as string) };
}
