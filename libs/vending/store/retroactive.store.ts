import { idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Database, Row, Tx } from '@vend/platform';
import { pricedStateFromJson } from '../pricing';
import type { StoredVend } from '../recompute';

/** What a past vend is priced again from. */
export type PastVend = Pick<StoredVend, 'pricedState' | 'issuedAt' | 'tariffBook' | 'priceRevision' | 'channel'> & {
  readonly vendId: Id;
  readonly meterId: Id;
  readonly grossPaisa: Paisa;
};

/** Which vends a retroactive version reaches back to: of its book, since its day, priced before its revision. */
export interface Reach {
  readonly book: string;
  readonly effectiveFrom: LocalDay;
  readonly effectiveMs: InstantMs;
  readonly revision: number;
}

/** The next vends of a business day that the version reaches, by id: their meters are to be adjusted. */
export async function readReachedMeters(
  database: Database,
  { book, revision, effectiveMs }: Reach,
  day: LocalDay,
  after: Id | undefined,
  limit: number,
): Promise<{ vendId: Id; meterId: Id }[]> {
  const rows = await database.read<Row & { id: Buffer; meter_id: Buffer }>(
    `SELECT id, meter_id FROM vends
     WHERE business_day = ? AND id > ? AND kind = 'credit' AND tariff_book = ? AND price_revision < ? AND issued_at >= ? AND state = 'ISSUED'
     ORDER BY id LIMIT ?`,
    [day, after === undefined ? Buffer.alloc(16) : idToBytes(after), book, revision, new Date(effectiveMs), limit],
  );
  return rows.map((row) => ({ vendId: idFromBytes(row.id), meterId: idFromBytes(row.meter_id) }));
}

/** Those of these meters that were adjusted for the document already. The caller holds their locks. */
export async function readAdjusted(tx: Tx, documentId: Id, meterIds: readonly Id[]): Promise<Set<Id>> {
  const rows = await tx.query<Row & { meter_id: Buffer }>(
    'SELECT meter_id FROM tariff_adjustments WHERE document_id = ? AND meter_id IN (?)',
    [idToBytes(documentId), meterIds.map(idToBytes)],
  );
  return new Set(rows.map((row) => idFromBytes(row.meter_id)));
}

/** Every vend of these meters that the version reaches, each meter's in the order of their TIDs: as they were booked. */
export async function readReachedVends(tx: Tx, meterIds: readonly Id[], reach: Reach): Promise<PastVend[]> {
  const { book, revision, effectiveMs } = reach;
  const rows = await tx.query<Row>(
    `SELECT v.id, v.meter_id, v.gross_paisa, v.issued_at, v.tariff_book, v.price_revision, v.pricing_input, r.channel
     FROM recharges r JOIN vends v ON v.recharge_id = r.id
     LEFT JOIN vend_tokens t ON t.vend_id = v.id AND t.kind = 'credit'
     WHERE r.meter_id IN (?) AND v.kind = 'credit' AND v.tariff_book = ? AND v.price_revision < ? AND v.issued_at >= ? AND v.state = 'ISSUED'
     ORDER BY t.base_date, t.tid, v.issued_at`,
    [meterIds.map(idToBytes), book, revision, new Date(effectiveMs)],
  );
  return rows.map((row) => {
    const input = row['pricing_input'];
    return {
      vendId: idFromBytes(row['id'] as Buffer),
      meterId: idFromBytes(row['meter_id'] as Buffer),
      grossPaisa: BigInt(row['gross_paisa'] as string),
      issuedAt: (row['issued_at'] as Date).getTime(),
      tariffBook: row['tariff_book'] as string,
      priceRevision: row['price_revision'] as number,
      channel: row['channel'] as PastVend['channel'],
      pricedState: pricedStateFromJson(typeof input === 'string' ? input : JSON.stringify(input)),
    };
  });
}

export async function insertAdjustments(
  tx: Tx,
  documentId: Id,
  adjustments: readonly { readonly meterId: Id; readonly duePaisa: Paisa; readonly vends: number }[],
  at: InstantMs,
): Promise<void> {
  if (adjustments.length === 0) return;
  const rows = adjustments.map(({ meterId, duePaisa, vends }) => [
    idToBytes(documentId),
    idToBytes(meterId),
    duePaisa.toString(),
    vends,
    new Date(at),
  ]);
  await tx.write('INSERT INTO tariff_adjustments (document_id, meter_id, due_paisa, vends, made_at) VALUES ?', [rows]);
}
