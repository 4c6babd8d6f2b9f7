import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Tx } from '@vend/platform';
import { chargingFromJson, chargingToJson, type Charging } from '../life/charging';
import type { MeterState } from '../meters';

interface StateRow extends Record<string, unknown> {
  meter_id: Buffer;
  last_tid: number;
  charged_through: number | null;
  sold_month: number | null;
  sold_wh: string;
  arrears_paisa: string;
  remainder_paisa: string;
  key_change_due: number;
  arrears_plan: string | null;
  pfc_due_paisa: string;
  penalty_due_paisa: string;
  adjustment_due_paisa: string;
  charging: string | null;
}

const COLUMNS = `meter_id, last_tid, charged_through, sold_month, sold_wh, arrears_paisa, remainder_paisa, key_change_due,
  arrears_plan, pfc_due_paisa, penalty_due_paisa, adjustment_due_paisa, charging`;

/**
 * Locks the state rows of these meters until the end of the transaction and reads them. A meter without a row
 * (unknown) is missing from the answer.
 *
 * @example const states = await lockMeterStates(tx, [meterId]); states.get(meterId)?.lastTid
 */
export async function lockMeterStates(tx: Tx, meterIds: readonly Id[]): Promise<Map<Id, MeterState>> {
  if (meterIds.length === 0) return new Map();
  // In id order, always: two groups that share two meters then queue behind each other instead of deadlocking.
  // FORCE INDEX keeps it a walk of exactly these rows; on a small table the optimizer would scan, and wait for
  // rows of other groups.
  const ids = [...new Set(meterIds)].sort().map(idToBytes);
  const rows = await tx.query<StateRow>(
    `SELECT ${COLUMNS}
     FROM meter_states FORCE INDEX (PRIMARY) WHERE meter_id IN (?) ORDER BY meter_id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [idFromBytes(row.meter_id), stateOf(row)]));
}

/**
 * Reads the states without locking them: for quotes, which promise nothing.
 *
 * @example const states = await readMeterStates(tx, [meterId]);
 */
export async function readMeterStates(tx: Pick<Tx, 'query'>, meterIds: readonly Id[]): Promise<Map<Id, MeterState>> {
  if (meterIds.length === 0) return new Map();
  const rows = await tx.query<StateRow>(`SELECT ${COLUMNS} FROM meter_states WHERE meter_id IN (?)`, [
    [...new Set(meterIds)].map(idToBytes),
  ]);
  return new Map(rows.map((row) => [idFromBytes(row.meter_id), stateOf(row)]));
}

/**
 * Writes the new states in one statement. The caller holds their locks (`lockMeterStates`).
 *
 * @throws the database's error when a meter does not exist or a value is negative (CHECK): nothing is stored then
 * @example await saveMeterStates(tx, [{ ...state, lastTid: tid, soldWh: state.soldWh + 145_100n }]);
 */
export async function saveMeterStates(tx: Tx, states: readonly MeterState[]): Promise<void> {
  if (states.length === 0) return;
  const rows = states.map((s) => [
    idToBytes(s.meterId),
    s.lastTid,
    s.chargedThrough,
    s.soldMonth,
    s.soldWh,
    s.arrearsPaisa,
    s.remainderPaisa,
    s.keyChangeDue,
    s.pfcDuePaisa,
    s.penaltyDuePaisa,
    s.adjustmentDuePaisa,
  ]);
  await tx.write(
    `INSERT INTO meter_states
       (meter_id, last_tid, charged_through, sold_month, sold_wh, arrears_paisa, remainder_paisa, key_change_due,
        pfc_due_paisa, penalty_due_paisa, adjustment_due_paisa)
     VALUES ?
     ON DUPLICATE KEY UPDATE last_tid = VALUES(last_tid), charged_through = VALUES(charged_through),
       sold_month = VALUES(sold_month), sold_wh = VALUES(sold_wh), arrears_paisa = VALUES(arrears_paisa),
       remainder_paisa = VALUES(remainder_paisa), key_change_due = VALUES(key_change_due),
       pfc_due_paisa = VALUES(pfc_due_paisa), penalty_due_paisa = VALUES(penalty_due_paisa),
       adjustment_due_paisa = VALUES(adjustment_due_paisa)`,
    [rows],
  );
}

/** Writes what a change of terms leaves behind. The caller holds the meter's lock. */
export async function saveCharging(tx: Tx, meterId: Id, charging: Charging | null): Promise<void> {
  await tx.write('UPDATE meter_states SET charging = ? WHERE meter_id = ?', [
    charging && chargingToJson(charging),
    idToBytes(meterId),
  ]);
}

function stateOf(row: StateRow): MeterState {
  return {
    meterId: idFromBytes(row.meter_id),
    lastTid: row.last_tid,
    chargedThrough: row.charged_through,
    soldMonth: row.sold_month,
    soldWh: BigInt(row.sold_wh),
    arrearsPaisa: BigInt(row.arrears_paisa),
    remainderPaisa: BigInt(row.remainder_paisa),
    keyChangeDue: row.key_change_due === 1,
    arrearsPlanJson: row.arrears_plan,
    pfcDuePaisa: BigInt(row.pfc_due_paisa),
    penaltyDuePaisa: BigInt(row.penalty_due_paisa),
    adjustmentDuePaisa: BigInt(row.adjustment_due_paisa),
    charging: row.charging === null ? null : chargingFromJson(row.charging),
  };
}
