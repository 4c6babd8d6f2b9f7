import { idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Row, Tx } from '@vend/platform';
import { lockMeterStates } from '../../store/meter-states';
import type { KeyChangeCard, KeyChangeState } from '../key-change';
import { moveMetersToNewKey, voidKeyChanges } from './due';
import { FITS, FROM_COLUMNS, idOf, keyOf, TO_COLUMNS } from './rows';

/** What confirming a change came to. `already`: somebody did before. */
export type Confirmation = 'confirmed' | 'already' | 'not-issued' | 'stale' | 'not-found';

interface ChangeRow extends Row {
  state: KeyChangeState;
  vend_id: Buffer | null;
  fits: number;
  base_date: number;
  to_base_date: number | null;
}

/**
 * Somebody saw these meters on their new keys. A meter whose tokens went out in a file has its new key for the
 * office from this moment; with a new base date its TIDs begin anew. Confirming twice is confirming once.
 *
 * @returns one answer for each id
 * @example (await confirmKeyChanges(database, [changeId], 'user:rahima', Date.now())).get(changeId) // 'confirmed'
 */
export async function confirmKeyChanges(
  database: Database,
  changeIds: readonly Id[],
  by: string,
  now: InstantMs,
): Promise<Map<Id, Confirmation>> {
  const answers = new Map<Id, Confirmation>(changeIds.map((id) => [id, 'not-found']));
  if (changeIds.length === 0) return answers;
  return database.transaction(async (tx) => {
    const changes = await lockChanges(tx, changeIds);
    const confirmed: ChangeRow[] = [];
    const stale: Id[] = [];
    for (const row of changes) {
      const id = idOf(row, 'id');
      if (row.state === 'CONFIRMED') answers.set(id, 'already');
      else if (row.state === 'STALE') answers.set(id, 'stale');
      else if (row.state !== 'ISSUED') answers.set(id, 'not-issued');
      else if (row.vend_id === null && row.fits !== 1) stale.push(id);
      else confirmed.push(row);
    }
    for (const id of stale) answers.set(id, 'stale');
    for (const row of confirmed) answers.set(idOf(row, 'id'), 'confirmed');
    await voidKeyChanges(tx, stale, by, now);
    await close(tx, confirmed, 'CONFIRMED', by, now);
    const byFile = confirmed.filter((row) => row.vend_id === null);
    await forgetDue(tx, [...byFile, ...changes.filter((row) => stale.includes(idOf(row, 'id')))]);
    await restartTids(
      tx,
      byFile.filter((row) => row.to_base_date !== row.base_date),
    );
    if (byFile.length > 0) {
      await moveMetersToNewKey(
        tx,
        byFile.map((row) => row['id'] as Buffer),
        now,
      );
    }
    return answers;
  });
}

/** The changes, with their meters' states locked first: that is the order in which everybody locks. */
async function lockChanges(tx: Tx, changeIds: readonly Id[]): Promise<ChangeRow[]> {
  const ids = changeIds.map(idToBytes);
  const owners = await tx.query('SELECT meter_id FROM key_changes WHERE id IN (?)', [ids]);
  await lockMeterStates(
    tx,
    owners.map((row) => idOf(row, 'meter_id')),
  );
  return tx.query<ChangeRow>(
    `SELECT k.id, k.meter_id, k.state, k.vend_id, ${FITS} AS fits, m.base_date, s.base_date AS to_base_date
     FROM key_changes k JOIN meters m ON m.id = k.meter_id LEFT JOIN key_change_sets s ON s.change_id = k.id
     WHERE k.id IN (?)`,
    [ids],
  );
}

async function close(tx: Tx, rows: readonly ChangeRow[], state: 'CONFIRMED' | 'CANCELLED', by: string, now: InstantMs) {
  if (rows.length === 0) return;
  await tx.write('UPDATE key_changes SET state = ?, closed_at = ?, closed_by = ? WHERE id IN (?)', [
    state,
    new Date(now),
    by,
    rows.map((row) => row['id']),
  ]);
}

async function forgetDue(tx: Tx, rows: readonly ChangeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.write('UPDATE meter_states SET key_change_due = FALSE WHERE meter_id IN (?)', [
    rows.map((row) => row['meter_id']),
  ]);
}

async function restartTids(tx: Tx, rows: readonly ChangeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.write('UPDATE meter_states SET last_tid = 0 WHERE meter_id IN (?)', [rows.map((row) => row['meter_id'])]);
}

/**
 * Takes the next waiting changes of a campaign back, at most `limit`. Those whose tokens are out stay as they are.
 *
 * @returns how many; 0 at the end
 */
export async function cancelPage(
  database: Database,
  campaignId: Id,
  limit: number,
  by: string,
  now: InstantMs,
): Promise<number> {
  return database.transaction(async (tx) => {
    const page = await tx.query(
      `SELECT id FROM key_changes WHERE campaign_id = ? AND state = 'DUE' ORDER BY id LIMIT ?`,
      [idToBytes(campaignId), limit],
    );
    if (page.length === 0) return 0;
    const changes = await lockChanges(
      tx,
      page.map((row) => idOf(row, 'id')),
    );
    const due = changes.filter((row) => row.state === 'DUE');
    await close(tx, due, 'CANCELLED', by, now);
    await forgetDue(tx, due);
    return page.length;
  });
}

/** One line of the file for field staff. Holds tokens. */
export interface ExportedChange {
  readonly changeId: Id;
  readonly pan: string;
  readonly customerNo: string;
  readonly office: string;
  readonly address: string;
  readonly tokens: readonly string[];
  readonly to: string;
}

/**
 * The next sets that nobody has seen in their meters, in id order from `after` on, marked as handed out before they
 * are: a set in a file that was cut off is one that may be out.
 */
export async function exportPage(
  database: Database,
  campaignId: Id,
  after: Buffer,
  limit: number,
  now: InstantMs,
): Promise<{ readonly after: Buffer; readonly changes: ExportedChange[] } | undefined> {
  return database.transaction(async (tx) => {
    const page = await tx.query(
      `SELECT k.id FROM key_changes k JOIN key_change_sets s ON s.change_id = k.id
       WHERE k.campaign_id = ? AND k.id > ? AND k.state IN ('DUE', 'ISSUED') AND k.vend_id IS NULL
       ORDER BY k.id LIMIT ?`,
      [idToBytes(campaignId), after, limit],
    );
    if (page.length === 0) return undefined;
    const changes = await lockChanges(
      tx,
      page.map((row) => idOf(row, 'id')),
    );
    const stale = changes.filter((row) => row.fits !== 1 && row.vend_id === null);
    await voidKeyChanges(
      tx,
      stale.map((row) => idOf(row, 'id')),
      'cli:campaign',
      now,
    );
    await forgetDue(tx, stale);
    const ids = page.map((row) => row['id']);
    await tx.write(
      `UPDATE key_changes SET state = 'ISSUED', issued_at = COALESCE(issued_at, ?), exported_at = ?
       WHERE id IN (?) AND state IN ('DUE', 'ISSUED') AND vend_id IS NULL`,
      [new Date(now), new Date(now), ids],
    );
    return { after: page.at(-1)!['id'] as Buffer, changes: await readExported(tx, ids) };
  });
}

async function readExported(tx: Tx, ids: readonly unknown[]): Promise<ExportedChange[]> {
  const rows = await tx.query(
    `SELECT k.id, m.pan, c.customer_no, c.office, c.address, s.tokens, k.to_sgc, k.to_krn
     FROM key_changes k JOIN key_change_sets s ON s.change_id = k.id JOIN meters m ON m.id = k.meter_id
       JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id
     WHERE k.id IN (?) AND k.state = 'ISSUED' AND k.vend_id IS NULL ORDER BY k.id`,
    [ids],
  );
  return rows.map((row) => ({
    changeId: idOf(row, 'id'),
    pan: row['pan'] as string,
    customerNo: row['customer_no'] as string,
    office: row['office'] as string,
    address: row['address'] as string,
    tokens: (row['tokens'] as string).split(' '),
    to: `${row['to_sgc'] as string}/${row['to_krn'] as number}`,
  }));
}

/** The ISSUED or CONFIRMED change that each of these meters had last, by MeterPAN. */
export async function issuedChangesOf(database: Database, pans: readonly string[]): Promise<Map<string, Id>> {
  if (pans.length === 0) return new Map();
  const rows = await database.read(
    `SELECT m.pan, k.id FROM meters m JOIN key_changes k ON k.meter_id = m.id
     WHERE m.pan IN (?) AND k.state IN ('ISSUED', 'CONFIRMED') ORDER BY k.id`,
    [pans],
  );
  return new Map(rows.map((row) => [row['pan'] as string, idOf(row, 'id')]));
}

const CARD = `SELECT k.id, k.state, k.vend_id, k.issued_at, k.closed_at, c.name AS campaign, m.pan,
    ${FROM_COLUMNS}, ${TO_COLUMNS}
  FROM key_changes k JOIN campaigns c ON c.id = k.campaign_id JOIN meters m ON m.id = k.meter_id`;

/** One change, to be looked at. */
export async function findKeyChange(database: Database, changeId: Id): Promise<KeyChangeCard | undefined> {
  const [row] = await database.read<ChangeRow>(`${CARD} WHERE k.id = ?`, [idToBytes(changeId)]);
  return row && cardOf(row);
}

/** The change whose tokens a vend carried. */
export async function findKeyChangeOfVend(database: Database, vendId: Id): Promise<KeyChangeCard | undefined> {
  const [row] = await database.read<ChangeRow>(`${CARD} WHERE k.vend_id = ?`, [idToBytes(vendId)]);
  return row && cardOf(row);
}

function cardOf(row: ChangeRow): KeyChangeCard {
  const instant = (column: string) => (row[column] as Date | null)?.getTime() ?? null;
  const { sgc, krn, ti, kt } = keyOf(row, 'to_');
  return {
    changeId: idOf(row, 'id'),
    campaign: row['campaign'] as string,
    pan: row['pan'] as string,
    from: keyOf(row, 'from_'),
    to: { sgc, krn, ti, kt },
    state: row.state,
    vendId: row.vend_id && idOf(row, 'vend_id'),
    issuedAt: instant('issued_at'),
    confirmedAt: row.state === 'CONFIRMED' ? instant('closed_at') : null,
  };
}
