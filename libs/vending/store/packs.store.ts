import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { seal, unseal, type Row, type Tx } from '@vend/platform';
import { pricedStateFromJson, pricedStateToJson } from '../pricing';
import type { OfflinePack, PackItem, PackItemState } from '../packs/pack';

const contextOf = (itemId: Id) => `offline-pack-item:${itemId}`;

/** Inserts a pack. @throws a duplicate-key error when its id is taken */
export async function insertPack(tx: Tx, pack: OfflinePack, contentHash: Buffer): Promise<void> {
  await tx.write(
    'INSERT INTO offline_packs (id, station, content_hash, reason, prepared_by, prepared_at, state) VALUES (?)',
    [
      [
        idToBytes(pack.packId),
        pack.station,
        contentHash,
        pack.reason,
        pack.preparedBy,
        new Date(pack.preparedAt),
        pack.state,
      ],
    ],
  );
}

/** Inserts the items of a pack, their tokens sealed. */
export async function insertPackItems(tx: Tx, items: readonly PackItem[], secret: Buffer): Promise<void> {
  const rows = items.map(({ amounts, pricing, token, ...item }) => [
    idToBytes(item.itemId),
    idToBytes(item.packId),
    idToBytes(item.meterId),
    item.place,
    amounts.grossPaisa.toString(),
    amounts.vatPaisa.toString(),
    amounts.rebatePaisa.toString(),
    amounts.energyPaisa.toString(),
    amounts.remainderOutPaisa.toString(),
    item.energyWh?.toString() ?? null,
    item.estimatedWh?.toString() ?? null,
    pricing.tariffBook,
    pricing.priceRevision,
    pricing.tariffVersion,
    pricing.rebateProfile,
    pricedStateToJson(pricing.pricedState),
    item.baseDate,
    token.tid,
    item.rnd,
    token.subclass,
    item.amountUnits.toString(),
    token.creditedUnits.toString(),
    token.sampleTables,
    seal(secret, Buffer.from(token.digits), contextOf(item.itemId)),
    item.state,
  ]);
  await tx.write(
    `INSERT INTO offline_pack_items (id, pack_id, meter_id, place, gross_paisa, vat_paisa, rebate_paisa, energy_paisa,
       remainder_out_paisa, energy_wh, estimated_wh, tariff_book, price_revision, tariff_version, rebate_profile,
       pricing_input, base_date, tid, rnd, subclass, amount_units, credited_units, sample_tables, token_sealed, state)
     VALUES ?`,
    [rows],
  );
}

/** A pack, and the hash of what was asked for. */
export async function findPack(
  tx: Pick<Tx, 'query'>,
  packId: Id,
  lock = false,
): Promise<(OfflinePack & { readonly contentHash: Buffer }) | undefined> {
  const [row] = await tx.query(
    `SELECT id, station, content_hash, reason, prepared_by, prepared_at, state, withdrawn_by, withdrawn_at
     FROM offline_packs WHERE id = ?${lock ? ' FOR UPDATE' : ''}`,
    [idToBytes(packId)],
  );
  if (!row) return undefined;
  const withdrawnAt = row['withdrawn_at'] as Date | null;
  return {
    packId,
    station: row['station'] as string,
    reason: row['reason'] as string,
    preparedBy: row['prepared_by'] as string,
    preparedAt: (row['prepared_at'] as Date).getTime(),
    state: row['state'] as OfflinePack['state'],
    withdrawnBy: row['withdrawn_by'] as string | null,
    withdrawnAt: withdrawnAt?.getTime() ?? null,
    contentHash: row['content_hash'] as Buffer,
  };
}

const ITEMS = `SELECT id, pack_id, meter_id, place, gross_paisa, vat_paisa, rebate_paisa, energy_paisa,
  remainder_out_paisa, energy_wh, estimated_wh, tariff_book, price_revision, tariff_version, rebate_profile,
  pricing_input, base_date, tid, rnd, subclass, amount_units, credited_units, sample_tables, token_sealed, state,
  used_at, vend_id FROM offline_pack_items`;

/** The items of a pack, in the order of meters and places. */
export async function findPackItems(tx: Pick<Tx, 'query'>, packId: Id, secret: Buffer): Promise<PackItem[]> {
  const rows = await tx.query(`${ITEMS} WHERE pack_id = ? ORDER BY meter_id, place`, [idToBytes(packId)]);
  return rows.map((row) => itemOf(row, secret));
}

/** Locks one item until the end of the transaction. */
export async function lockPackItem(tx: Tx, itemId: Id, secret: Buffer): Promise<PackItem | undefined> {
  const [row] = await tx.query(`${ITEMS} WHERE id = ? FOR UPDATE`, [idToBytes(itemId)]);
  return row && itemOf(row, secret);
}

/** The item was handed out and is booked; the caller holds its lock. */
export async function markItemUsed(tx: Tx, itemId: Id, usedAt: InstantMs, vendId: Id): Promise<void> {
  const { affectedRows } = await tx.write(
    `UPDATE offline_pack_items SET state = 'USED', used_at = ?, vend_id = ? WHERE id = ? AND state <> 'USED'`,
    [new Date(usedAt), idToBytes(vendId), idToBytes(itemId)],
  );
  if (affectedRows !== 1) throw new Error('an item of a pack was booked twice');
}

/** Withdraws a pack and what of it is open. The caller holds the pack's lock. @returns how many items were open */
export async function withdrawPackRows(tx: Tx, packId: Id, by: string, at: InstantMs): Promise<number> {
  await tx.write(`UPDATE offline_packs SET state = 'WITHDRAWN', withdrawn_by = ?, withdrawn_at = ? WHERE id = ?`, [
    by,
    new Date(at),
    idToBytes(packId),
  ]);
  const { affectedRows } = await tx.write(
    `UPDATE offline_pack_items SET state = 'WITHDRAWN' WHERE pack_id = ? AND state = 'OPEN'`,
    [idToBytes(packId)],
  );
  return affectedRows;
}

function itemOf(row: Row, secret: Buffer): PackItem {
  const paisa = (name: string) => BigInt(row[name] as string);
  const whole = (name: string) => (row[name] === null ? null : BigInt(row[name] as string));
  const itemId = idFromBytes(row['id'] as Buffer);
  const input = row['pricing_input'];
  return {
    itemId,
    packId: idFromBytes(row['pack_id'] as Buffer),
    meterId: idFromBytes(row['meter_id'] as Buffer),
    place: row['place'] as number,
    amounts: {
      grossPaisa: paisa('gross_paisa'),
      vatPaisa: paisa('vat_paisa'),
      rebatePaisa: paisa('rebate_paisa'),
      energyPaisa: paisa('energy_paisa'),
      remainderOutPaisa: paisa('remainder_out_paisa'),
    },
    energyWh: whole('energy_wh'),
    estimatedWh: whole('estimated_wh'),
    pricing: {
      tariffBook: row['tariff_book'] as string,
      priceRevision: row['price_revision'] as number,
      tariffVersion: row['tariff_version'] as string,
      rebateProfile: row['rebate_profile'] as string,
      // MariaDB gives JSON as text, MySQL as an object.
      pricedState: pricedStateFromJson(typeof input === 'string' ? input : JSON.stringify(input)),
    },
    baseDate: row['base_date'] as number,
    rnd: row['rnd'] as number,
    amountUnits: paisa('amount_units'),
    token: {
      ...{ sequence: 1, of: 1, kind: 'credit' },
      subclass: row['subclass'] as number,
      tid: row['tid'] as number,
      digits: unseal(secret, row['token_sealed'] as Buffer, contextOf(itemId)).toString(),
      creditedUnits: paisa('credited_units'),
      sampleTables: Boolean(row['sample_tables']),
    },
    state: row['state'] as PackItemState,
    usedAt: (row['used_at'] as Date | null)?.getTime() ?? null,
    vendId: row['vend_id'] === null ? null : idFromBytes(row['vend_id'] as Buffer),
  };
}
