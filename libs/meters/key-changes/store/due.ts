import { idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
import type { DueKeyChange, IssuedKeyChange } from '../key-change';
import { caseOf, FROM_COLUMNS, idOf, keyOf, TO_COLUMNS } from './rows';

/**
 * The sets that wait for these meters' next vend, in one query. The caller holds the locks of the meters' states,
 * and asks only for meters whose state says `keyChangeDue`. A set that was handed out in a file is still waiting:
 * nobody has seen it in the meter.
 *
 * @example const due = await loadDueKeyChanges(tx, meterIds); due.get(meterId)?.tokens
 */
export async function loadDueKeyChanges(tx: Tx, meterIds: readonly Id[]): Promise<Map<Id, DueKeyChange>> {
  if (meterIds.length === 0) return new Map();
  const rows = await tx.query(
    `SELECT k.id, k.meter_id, ${FROM_COLUMNS}, ${TO_COLUMNS}, s.ken AS to_ken, s.base_date AS to_base_date,
       s.tokens, s.sample_tables
     FROM key_changes k JOIN key_change_sets s ON s.change_id = k.id
     WHERE k.open_meter IN (?) AND k.vend_id IS NULL`,
    [[...new Set(meterIds)].map(idToBytes)],
  );
  return new Map(rows.map((row) => [idOf(row, 'meter_id'), dueOf(row)]));
}

function dueOf(row: Row): DueKeyChange {
  return {
    changeId: idOf(row, 'id'),
    meterId: idOf(row, 'meter_id'),
    from: keyOf(row, 'from_'),
    to: keyOf(row, 'to_'),
    tokens: (row['tokens'] as string).split(' '),
    sampleTables: Boolean(row['sample_tables']),
  };
}

/**
 * The sets go out with these vends: each change is ISSUED, and the meter has its new key for the office from now
 * on. In the vend's own transaction, after the vends are stored; the caller holds the meters' locks.
 *
 * @throws {Error} when a change went out before: the transaction must be rolled back
 * @example await issueKeyChanges(tx, [{ changeId, vendId }], now)
 */
export async function issueKeyChanges(tx: Tx, issued: readonly IssuedKeyChange[], now: InstantMs): Promise<void> {
  if (issued.length === 0) return;
  const ids = issued.map(({ changeId }) => idToBytes(changeId));
  const vendOf = caseOf(
    'id',
    issued.map(({ changeId, vendId }) => [idToBytes(changeId), idToBytes(vendId)]),
  );
  const going = tx.write(
    `UPDATE key_changes SET state = 'ISSUED', vend_id = ${vendOf.sql}, issued_at = COALESCE(issued_at, ?)
     WHERE id IN (?) AND state IN ('DUE', 'ISSUED') AND vend_id IS NULL`,
    [...vendOf.parameters, new Date(now), ids],
  );
  // Issued without waiting, so that both share a round trip with the vend's other statements.
  const [{ affectedRows }] = await Promise.all([going, moveMetersToNewKey(tx, ids, now)]);
  if (affectedRows !== issued.length) throw new Error('a key change went out twice');
}

/** A UUID as text, out of its 16 bytes. */
const uuidText = (column: string) =>
  `IF(${column} IS NULL, NULL, LOWER(CONCAT_WS('-', SUBSTR(HEX(${column}), 1, 8), SUBSTR(HEX(${column}), 9, 4),
    SUBSTR(HEX(${column}), 13, 4), SUBSTR(HEX(${column}), 17, 4), SUBSTR(HEX(${column}), 21))))`;

/**
 * The meters of these changes have their new keys from now on; what they were is kept (`keepFormer`), here by the
 * database itself, because the lane has not read it. A change moves its meter once, so its id is that of the version.
 */
export async function moveMetersToNewKey(tx: Tx, changeIds: readonly Buffer[], now: InstantMs): Promise<void> {
  const kept = tx.write(
    `INSERT INTO record_history (id, record, record_id, valid_from, valid_to, content, changed_by, reason)
     SELECT k.id, 'meter', m.id, LEAST(m.updated_at, ?), ?, JSON_OBJECT('owner', m.owner, 'crediting', m.crediting,
       'installedOn', m.installed_on, 'rentUntil', m.rent_until, 'modelId', ${uuidText('m.model_id')},
       'status', m.status, 'closedOn', m.closed_on, 'ea', m.ea, 'sgc', m.sgc, 'krn', m.krn, 'ti', m.ti, 'kt', m.kt,
       'ken', m.ken, 'baseDate', m.base_date), 'system:key-change', 'key change'
     FROM key_changes k JOIN meters m ON m.id = k.meter_id WHERE k.id IN (?)`,
    [new Date(now), new Date(now), changeIds],
  );
  const moved = tx.write(
    `UPDATE meters m JOIN key_changes k ON k.meter_id = m.id JOIN key_change_sets s ON s.change_id = k.id
     SET m.sgc = k.to_sgc, m.krn = k.to_krn, m.ti = k.to_ti, m.kt = k.to_kt, m.ken = s.ken,
       m.base_date = s.base_date, m.updated_at = ?
     WHERE k.id IN (?)`,
    [new Date(now), changeIds],
  );
  await Promise.all([kept, moved]);
}

/** These sets fit their meters no longer; nobody gets them. The caller holds the meters' locks. */
export async function voidKeyChanges(tx: Tx, changeIds: readonly Id[], by: string, now: InstantMs): Promise<void> {
  if (changeIds.length === 0) return;
  await tx.write(
    `UPDATE key_changes SET state = 'STALE', closed_at = ?, closed_by = ? WHERE id IN (?)
     AND state IN ('DUE', 'ISSUED') AND vend_id IS NULL`,
    [new Date(now), by, changeIds.map(idToBytes)],
  );
}
