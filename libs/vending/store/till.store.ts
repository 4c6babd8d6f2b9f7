import { dhakaDay, idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { VendKind } from '@vend/ledger';
import type { Reader, Row } from '@vend/platform';
import type { RechargeRecord } from '../recharge';

/** A line of a till's day: no token is in it. */
export interface TillVend {
  readonly rechargeId: Id;
  readonly kind: VendKind;
  readonly state: RechargeRecord['state'];
  /** null while nothing was vended for it. */
  readonly receiptNo: string | null;
  readonly meterNo: string;
  readonly customerName: string;
  readonly grossPaisa: Paisa;
  readonly receivedAt: InstantMs;
  readonly actor: string;
}

/**
 * What a till booked on a day of Dhaka, the latest first, by pages: each reads its own rows and no others, on the first
 * page as on the thousandth. @param before the last id of the page before
 *
 * @example await readTillDay(database, { source: 'till:NESCO-RAJ-01', at: Date.now(), limit: 50 })
 */
export async function readTillDay(
  reader: Reader,
  question: { readonly source: string; readonly at: InstantMs; readonly before?: Id; readonly limit: number },
): Promise<TillVend[]> {
  const { source, at, before, limit } = question;
  const rows = await reader.read<Row & TillRow>(
    // First the page's ids out of that index alone: left to itself MariaDB begins with all meters, or reads the day from its
    // end down to the page.
    `SELECT r.id, r.kind, r.state, r.gross_paisa, r.received_at, r.actor, v.receipt_no, m.pan, c.name AS customer_name
     FROM (
       SELECT id FROM recharges FORCE INDEX (ix_recharges_till)
       WHERE source = ? AND business_day = ? ${before ? 'AND id < ?' : ''} ORDER BY id DESC LIMIT ?
     ) page
     JOIN recharges r ON r.id = page.id
     JOIN meters m ON m.id = r.meter_id
     JOIN connections n ON n.id = m.connection_id
     JOIN customers c ON c.id = n.customer_id
     LEFT JOIN vends v ON v.recharge_id = r.id
     ORDER BY r.id DESC`,
    [source, dhakaDay(at), ...(before ? [idToBytes(before)] : []), limit],
  );
  return rows.map((row) => ({
    rechargeId: idFromBytes(row.id),
    kind: row.kind,
    state: row.state,
    receiptNo: row.receipt_no,
    meterNo: row.pan,
    customerName: row.customer_name,
    grossPaisa: BigInt(row.gross_paisa),
    receivedAt: row.received_at.getTime(),
    actor: row.actor,
  }));
}

interface TillRow {
  readonly id: Buffer;
  readonly kind: VendKind;
  readonly state: RechargeRecord['state'];
  readonly gross_paisa: string;
  readonly received_at: Date;
  readonly actor: string;
  readonly receipt_no: string | null;
  readonly pan: string;
  readonly customer_name: string;
}

/** The last recharge of a meter by exactly this amount since an instant, wherever it was sold; undefined: there is none. */
export async function readLookalike(
  reader: Reader,
  meterId: Id,
  grossPaisa: Paisa,
  since: InstantMs,
): Promise<{ readonly rechargeId: Id; readonly receivedAt: InstantMs } | undefined> {
  const [row] = await reader.read<Row & { id: Buffer; received_at: Date }>(
    `SELECT id, received_at FROM recharges
     WHERE meter_id = ? AND received_at >= ? AND gross_paisa = ? AND kind = 'credit' AND state IN ('RECEIVED', 'APPLIED')
     ORDER BY received_at DESC LIMIT 1`,
    [idToBytes(meterId), new Date(since), grossPaisa.toString()],
  );
  return row && { rechargeId: idFromBytes(row.id), receivedAt: row.received_at.getTime() };
}
