import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
import { voidKeyChanges } from '../../key-changes/store/due';
import type { MeterState } from '../../meters';
import { lockMeterStates } from '../../store/meter-states';
import { chargingToJson, type Charging } from '../charging';
import type { ChangeNote } from '../history';
import type { Replaced } from '../replaced';

/** How one meter took another's place. */
export interface MeterReplacement {
  readonly replacementId: Id;
  readonly connectionId: Id;
  readonly oldMeterId: Id;
  readonly newMeterId: Id;
  /** In the old meter's own unit, as read; null: it could not be. */
  readonly oldReading: string | null;
  readonly reason: string;
  readonly replacedBy: string;
  readonly replacedAt: InstantMs;
}

export async function insertReplacement(
  tx: Tx,
  done: Replaced,
  oldReading: string | null,
  note: ChangeNote,
): Promise<void> {
  await tx.write(
    `INSERT INTO meter_replacements (id, connection_id, old_meter_id, new_meter_id, old_reading, remainder_paisa,
       arrears_paisa, payments_moved, reason, replaced_by, replaced_at) VALUES (?)`,
    [
      [
        ...[done.replacementId, done.connectionId, done.oldMeterId, done.newMeterId].map(idToBytes),
        ...[oldReading, done.remainderPaisa, done.arrearsPaisa, done.paymentsMoved, note.reason, note.by],
        new Date(note.at),
      ],
    ],
  );
}

/** How this meter came off the wall; undefined: it did not, or nothing took its place. */
export async function findReplacementOf(
  reader: Pick<Tx, 'query'>,
  oldMeterId: Id,
): Promise<MeterReplacement | undefined> {
  const [row] = await reader.query<Row>(
    `SELECT id, connection_id, old_meter_id, new_meter_id, old_reading, reason, replaced_by, replaced_at
     FROM meter_replacements WHERE old_meter_id = ?`,
    [idToBytes(oldMeterId)],
  );
  if (!row) return undefined;
  const idOf = (column: string) => idFromBytes(row[column] as Buffer);
  return {
    replacementId: idOf('id'),
    connectionId: idOf('connection_id'),
    oldMeterId: idOf('old_meter_id'),
    newMeterId: idOf('new_meter_id'),
    oldReading: row['old_reading'] as string | null,
    reason: row['reason'] as string,
    replacedBy: row['replaced_by'] as string,
    replacedAt: (row['replaced_at'] as Date).getTime(),
  };
}

/**
 * Locks the meters that hang now where these hung, and reads their states: what a customer is owed for a meter that was
 * replaced belongs on the one that took its place. The caller holds the locks of the meters asked about.
 *
 * @returns for each meter asked about the state of its heir: its own, if nothing took its place
 * @example (await lockHeirs(tx, states)).get(oldMeterId)?.meterId // newMeterId
 */
export async function lockHeirs(tx: Tx, held: ReadonlyMap<Id, MeterState>): Promise<Map<Id, MeterState>> {
  const heirs = new Map(held);
  for (;;) {
    const ids = [...new Set([...heirs.values()].map(({ meterId }) => meterId))];
    if (ids.length === 0) return heirs;
    const rows = await tx.query<{ old_meter_id: Buffer; new_meter_id: Buffer }>(
      'SELECT old_meter_id, new_meter_id FROM meter_replacements WHERE old_meter_id IN (?)',
      [ids.map(idToBytes)],
    );
    if (rows.length === 0) return heirs;
    const next = new Map(rows.map((row) => [idFromBytes(row.old_meter_id), idFromBytes(row.new_meter_id)]));
    // A meter that takes another's place is younger than it, so this goes on in the order of the ids.
    const states = await lockMeterStates(tx, [...next.values()]);
    for (const [asked, { meterId }] of heirs) {
      const heir = next.get(meterId);
      if (heir) heirs.set(asked, states.get(heir)!);
    }
  }
}

/** What `saveMeterStates` leaves alone, because no vend changes it. */
export async function saveMoved(
  tx: Tx,
  meterId: Id,
  { arrearsPlanJson }: MeterState,
  charging: Charging,
): Promise<void> {
  await tx.write('UPDATE meter_states SET arrears_plan = ?, charging = ? WHERE meter_id = ?', [
    arrearsPlanJson,
    chargingToJson(charging),
    idToBytes(meterId),
  ]);
}

/** Payments that wait for a token go on to the meter that is on the wall; what was asked for stays hashed in the claim. */
export async function movePayments(tx: Tx, fromMeterId: Id, toMeterId: Id): Promise<number> {
  const { affectedRows } = await tx.write(
    `UPDATE recharges SET meter_id = ? WHERE meter_id = ? AND state = 'RECEIVED'`,
    [idToBytes(toMeterId), idToBytes(fromMeterId)],
  );
  return affectedRows;
}

/** Papers whose sums are still due go with the sums, which the caller moves in the states. */
export async function moveDuePenalties(tx: Tx, fromMeterId: Id, toMeterId: Id): Promise<void> {
  await tx.write(`UPDATE penalties SET meter_id = ? WHERE meter_id = ? AND state = 'DUE'`, [
    idToBytes(toMeterId),
    idToBytes(fromMeterId),
  ]);
}

/** No meter will ever take these tokens. One that went out with a vend is history already, and stays. */
export async function voidOpenKeyChanges(tx: Tx, meterId: Id, note: ChangeNote): Promise<void> {
  const open = await tx.query<{ id: Buffer }>('SELECT id FROM key_changes WHERE open_meter = ? AND vend_id IS NULL', [
    idToBytes(meterId),
  ]);
  await voidKeyChanges(
    tx,
    open.map(({ id }) => idFromBytes(id)),
    note.by,
    note.at,
  );
}
