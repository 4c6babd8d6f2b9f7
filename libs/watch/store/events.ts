import { idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Row, Tx } from '@vend/platform';
import type { WatchEvent, WatchMeasure } from '../watch';

interface EventRow extends Row {
  event_id: Buffer;
  at: Date;
  meter_no: string;
  source: string;
  actor: string;
  gross_paisa?: string;
}

/** Measures of which there are few: kept in a table of their own, so that days can be counted without reading them. */
export type RareMeasure = Exclude<WatchMeasure, 'vends' | 'twin-stations' | 'low-floats'>;

/** The least id of a millisecond: ids are made with the vend's own instant, so a span of time is a range of the key. */
function firstIdAt(at: InstantMs): Buffer {
  const bytes = idToBytes(newId(at));
  bytes.fill(0, 6);
  return bytes;
}

const OF_VENDS = `SELECT v.id AS event_id, v.issued_at AS at, m.pan AS meter_no, r.source, r.actor, v.gross_paisa
  FROM vends v JOIN recharges r ON r.id = v.recharge_id JOIN meters m ON m.id = v.meter_id`;

/** Sales in a span of time: credit vends, from any channel. */
export async function soldBetween(database: Database, from: InstantMs, to: InstantMs): Promise<WatchEvent[]> {
  const rows = await database.read<EventRow>(`${OF_VENDS} WHERE v.id >= ? AND v.id < ? AND v.kind = 'credit'`, [
    firstIdAt(from),
    firstIdAt(to),
  ]);
  return rows.map(eventOf);
}

/** The seldom events of a span of time. */
export async function rareBetween(
  database: Database,
  from: InstantMs,
  to: InstantMs,
): Promise<Readonly<Record<RareMeasure, WatchEvent[]>>> {
  const span = [firstIdAt(from), firstIdAt(to)];
  const [free, tamper, cancelled] = await database.reads((reader) =>
    Promise.all([
      reader.read<EventRow>(`${OF_VENDS} WHERE v.id >= ? AND v.id < ? AND v.kind = 'free-issue'`, span),
      reader.read<EventRow>(
        `${OF_VENDS} WHERE v.id >= ? AND v.id < ? AND v.kind = 'engineering'
           AND EXISTS (SELECT 1 FROM vend_tokens t WHERE t.vend_id = v.id AND t.kind = 'clear-tamper')`,
        span,
      ),
      reader.read<EventRow>(
        `SELECT c.vend_id AS event_id, c.cancelled_at AS at, m.pan AS meter_no, r.source, c.cancelled_by AS actor
         FROM vend_cancellations c JOIN vends v ON v.id = c.vend_id JOIN recharges r ON r.id = v.recharge_id
           JOIN meters m ON m.id = v.meter_id
         WHERE c.cancelled_at >= ? AND c.cancelled_at < ?`,
        [new Date(from), new Date(to)],
      ),
    ]),
  );
  return {
    'free-issues': free.map(eventOf),
    'tamper-tokens': tamper.map(eventOf),
    cancellations: cancelled.map(eventOf),
  };
}

/** Keeps seldom events; those that are there already stay as they are. */
export async function keepEvents(tx: Tx, measure: RareMeasure, events: readonly WatchEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.write('INSERT IGNORE INTO watch_events (measure, event_id, meter_no, source, actor, at) VALUES ?', [
    events.map((e) => [measure, idToBytes(e.eventId), e.meterNo, e.source, e.actor, new Date(e.at)]),
  ]);
}

/** The kept events of a measure after an instant, up to another. */
export async function keptEvents(tx: Tx, measure: RareMeasure, after: InstantMs, to: InstantMs): Promise<WatchEvent[]> {
  const rows = await tx.query<EventRow>(
    `SELECT event_id, at, meter_no, source, actor FROM watch_events WHERE measure = ? AND at > ? AND at < ?`,
    [measure, new Date(after), new Date(to)],
  );
  return rows.map(eventOf);
}

/** Vendors that sell from a float with less in it than their row calls low. */
export async function vendorsWithLowFloat(database: Database): Promise<string[]> {
  const rows = await database.read<{ code: string }>(
    `SELECT p.code FROM payment_providers p LEFT JOIN ledger_accounts a ON a.code = CONCAT('float:', p.code)
       LEFT JOIN ledger_balances b ON b.account_id = a.id
     WHERE p.prepaid AND p.active AND p.low_float_paisa > COALESCE(CAST(b.credit_paisa AS SIGNED) - b.debit_paisa, 0)
     ORDER BY p.code`,
  );
  return rows.map(({ code }) => code);
}

function eventOf(row: EventRow): WatchEvent {
  const eventId: Id = idFromBytes(row.event_id);
  return {
    eventId,
    at: row.at.getTime(),
    meterNo: row.meter_no,
    source: row.source,
    actor: row.actor,
    ...(row.gross_paisa !== undefined && { grossPaisa: BigInt(row.gross_paisa) }),
  };
}
