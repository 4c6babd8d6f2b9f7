import { idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Reader, Row } from '@vend/platform';

/** A meter whose customer is to be reminded of something, and has a phone. */
export interface MeterToRemind {
  readonly meterId: Id;
  readonly pan: string;
  readonly customerId: Id;
}

/** Where a walk over all meters goes on, and how far at once. */
export interface WalkPage {
  /** null: from the beginning. */
  readonly after: Id | null;
  readonly limit: number;
}

const SUPPLIED = `FROM meters m JOIN connections k ON k.id = m.connection_id JOIN customers c ON c.id = k.customer_id
  JOIN meter_states s ON s.meter_id = m.id
  WHERE m.id > ? AND m.status = 'active' AND k.supply = 'connected' AND c.mobile IS NOT NULL`;

/**
 * The next supplied meters that were there before an instant and whose customers have paid nothing since, in id order.
 *
 * @example await idleMeters(reader, startOfMonth, { after: null, limit: 1_000 })
 */
export async function idleMeters(
  reader: Reader,
  since: InstantMs,
  { after, limit }: WalkPage,
): Promise<(MeterToRemind & { readonly lastAt: InstantMs | null })[]> {
  const from = new Date(since);
  const rows = await reader.read(
    `SELECT m.id, m.pan, c.id AS customer_id,
       (SELECT MAX(r.received_at) FROM recharges r WHERE r.meter_id = m.id AND r.kind = 'credit') AS last_at
     ${SUPPLIED} AND m.created_at < ?
     AND NOT EXISTS (SELECT 1 FROM recharges r WHERE r.meter_id = m.id AND r.kind = 'credit' AND r.received_at >= ?)
     ORDER BY m.id LIMIT ?`,
    [start(after), from, from, limit],
  );
  return rows.map((row) => ({ ...meterOf(row), lastAt: (row['last_at'] as Date | null)?.getTime() ?? null }));
}

/** The next supplied meters with arrears, in id order. @example await metersInArrears(reader, { after: null, limit: 1_000 }) */
export async function metersInArrears(
  reader: Reader,
  { after, limit }: WalkPage,
): Promise<(MeterToRemind & { readonly arrearsPaisa: Paisa })[]> {
  const rows = await reader.read(
    `SELECT m.id, m.pan, c.id AS customer_id, s.arrears_paisa ${SUPPLIED} AND s.arrears_paisa > 0 ORDER BY m.id LIMIT ?`,
    [start(after), limit],
  );
  return rows.map((row) => ({ ...meterOf(row), arrearsPaisa: BigInt(row['arrears_paisa'] as string) }));
}

const start = (after: Id | null) => (after === null ? Buffer.alloc(16) : idToBytes(after));

function meterOf(row: Row): MeterToRemind {
  return {
    meterId: idFromBytes(row['id'] as Buffer),
    pan: row['pan'] as string,
    customerId: idFromBytes(row['customer_id'] as Buffer),
  };
}
