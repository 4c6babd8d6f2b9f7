import { idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database, type Row, type Tx } from '@vend/platform';
import type { CampaignOrder } from '../campaign';
import { holdCampaign } from './campaigns';
import { idOf, keyOf } from './rows';

const NOTHING = Buffer.alloc(16);

/** A page of meters to be taken into a campaign: where it ends, and how many rows it has. */
export interface SelectedPage {
  readonly after: Buffer;
  readonly meters: number;
}

const METER_COLUMNS = 'm.id, m.sgc, m.krn, m.ti, m.kt, m.ken, m.base_date';

/**
 * Takes the next meters that fit the order into the campaign, in id order from `after` on. A meter that is in it
 * already, or has another change open, is passed over. Runs of one campaign take turns at its row, and the unique
 * keys hold it against all others: none at once, or killed and run again, makes a second row.
 *
 * @returns undefined at the end
 */
export async function selectPage(
  database: Database,
  campaignId: Id,
  order: CampaignOrder,
  after: Buffer = NOTHING,
  limit: number,
  now: InstantMs,
): Promise<SelectedPage | undefined> {
  return againAfterRace(database, async (tx) => {
    await holdCampaign(tx, campaignId);
    const office = order.office === null ? '' : 'AND c.office = ?';
    const joined =
      order.office === null
        ? ''
        : 'JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id';
    const rows = await tx.query(
      `SELECT ${METER_COLUMNS} FROM meters m ${joined}
       WHERE m.id > ? AND m.status = 'active' AND m.sgc = ? AND m.krn = ? ${office} ORDER BY m.id LIMIT ?`,
      [after, order.from.sgc, order.from.krn, ...(order.office === null ? [] : [order.office]), limit],
    );
    if (rows.length === 0) return undefined;
    await insertChanges(tx, campaignId, order, rows, now);
    return { after: rows.at(-1)!['id'] as Buffer, meters: rows.length };
  });
}

/** The same for the meters of a list; a number that does not fit the order is passed over. @returns how many fitted */
export async function selectListed(
  database: Database,
  campaignId: Id,
  order: CampaignOrder,
  pans: readonly string[],
  now: InstantMs,
): Promise<number> {
  if (pans.length === 0) return 0;
  return againAfterRace(database, async (tx) => {
    await holdCampaign(tx, campaignId);
    const rows = await tx.query(
      `SELECT ${METER_COLUMNS} FROM meters m JOIN connections n ON n.id = m.connection_id
         JOIN customers c ON c.id = n.customer_id
       WHERE m.pan IN (?) AND m.status = 'active' AND m.sgc = ? AND m.krn = ? AND (? IS NULL OR c.office = ?)
       ORDER BY m.id`,
      [pans, order.from.sgc, order.from.krn, order.office, order.office],
    );
    await insertChanges(tx, campaignId, order, rows, now);
    return rows.length;
  });
}

/** Times that a page is read again because another campaign took one of its meters meanwhile. */
const RACES_MAX = 3;

async function againAfterRace<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let race = 0; ; race++) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (race === RACES_MAX || !isDuplicate(error)) throw error;
    }
  }
}

async function insertChanges(
  tx: Tx,
  campaignId: Id,
  order: CampaignOrder,
  rows: readonly Row[],
  now: InstantMs,
): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row['id']);
  const taken = await tx.query<{ meter_id: Buffer }>(
    `SELECT meter_id FROM key_changes WHERE open_meter IN (?)
     UNION SELECT meter_id FROM key_changes WHERE campaign_id = ? AND meter_id IN (?)`,
    [ids, idToBytes(campaignId), ids],
  );
  const out = new Set(taken.map((row) => idOf(row, 'meter_id')));
  const values = rows
    .filter((row) => !out.has(idOf(row, 'id')))
    .map((row) => {
      const from = keyOf(row);
      return [
        ...[idToBytes(newId(now)), idToBytes(campaignId), row['id']],
        ...[from.sgc, from.krn, from.ti, from.kt, from.ken, from.baseDate],
        ...[order.to.sgc, order.to.krn, order.ti ?? from.ti, VENDING_KEY_TYPE],
        ...['DUE', new Date(now)],
      ];
    });
  if (values.length === 0) return;
  await tx.write(
    `INSERT INTO key_changes (id, campaign_id, meter_id, from_sgc, from_krn, from_ti, from_kt, from_ken,
       from_base_date, to_sgc, to_krn, to_ti, to_kt, state, created_at) VALUES ?`,
    [values],
  );
}

/** KT of a key that a VUDK makes: unique to the meter, for vending. */
const VENDING_KEY_TYPE = 2;
