import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';

/** What the books know of a meter's credit in one register. */
export interface CreditHistory {
  /** What the tokens of vends that stand were to credit, in the register's units. */
  readonly vendedUnits: bigint;
  /** What was carried over from it before. */
  readonly carriedUnits: bigint;
  /** The last vend that credits it and stands; null: none. */
  readonly last: { readonly vendId: Id; readonly receiptNo: string; readonly creditedUnits: bigint } | null;
}

/** The credit of a meter's register (0 or 4), as sold. The caller holds the meter's lock. */
export async function readCreditHistory(tx: Tx, meterId: Id, subclass: 0 | 4): Promise<CreditHistory> {
  const meter = idToBytes(meterId);
  const [[sums], [last]] = await Promise.all([
    tx.query<Row & Record<'vended' | 'carried', string>>(
      `SELECT (SELECT COALESCE(SUM(t.credited_units), 0) FROM vend_tokens t JOIN vends v ON v.id = t.vend_id
               WHERE t.meter_id = ? AND t.kind = 'credit' AND t.subclass = ? AND v.state = 'ISSUED') AS vended,
         (SELECT COALESCE(SUM(carried_units), 0) FROM replacement_sources WHERE old_meter_id = ?) AS carried`,
      [meter, subclass, meter],
    ),
    tx.query<Row & { id: Buffer }>(
      `SELECT v.id, v.receipt_no, t.credited_units FROM vend_tokens t JOIN vends v ON v.id = t.vend_id
       WHERE t.meter_id = ? AND t.kind = 'credit' AND t.subclass = ? AND v.state = 'ISSUED'
       ORDER BY t.base_date DESC, t.tid DESC LIMIT 1`,
      [meter, subclass],
    ),
  ]);
  return {
    vendedUnits: BigInt(sums!.vended),
    carriedUnits: BigInt(sums!.carried),
    last: last
      ? {
          vendId: idFromBytes(last.id),
          receiptNo: last['receipt_no'] as string,
          creditedUnits: BigInt(last['credited_units'] as string),
        }
      : null,
  };
}

/** Where carried credit comes from. @throws a duplicate-key error when it was carried before */
export async function insertReplacementSource(
  tx: Tx,
  source: {
    readonly vendId: Id;
    readonly oldMeterId: Id;
    readonly sourceKey: string;
    readonly carriedUnits: bigint;
  },
): Promise<void> {
  const { vendId, oldMeterId, sourceKey, carriedUnits } = source;
  await tx.write('INSERT INTO replacement_sources (vend_id, old_meter_id, source_key, carried_units) VALUES (?)', [
    [idToBytes(vendId), idToBytes(oldMeterId), sourceKey, carriedUnits],
  ]);
}

/** True when this source of credit was carried over before. The caller holds the meter's lock. */
export async function wasCarried(tx: Tx, oldMeterId: Id, sourceKey: string): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM replacement_sources WHERE old_meter_id = ? AND source_key = ?', [
    idToBytes(oldMeterId),
    sourceKey,
  ]);
  return rows.length > 0;
}
