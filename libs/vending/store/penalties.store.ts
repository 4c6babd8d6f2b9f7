import { idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

export type PenaltyKind = 'tampering' | 'power-factor';
/** DUE: the next vend takes it. COLLECTED: a vend did. WITHDRAWN: taken back before one could. */
export type PenaltyState = 'DUE' | 'COLLECTED' | 'WITHDRAWN';

/** A sum that a paper asks for. */
export interface Penalty {
  readonly penaltyId: Id;
  readonly meterId: Id;
  readonly kind: PenaltyKind;
  readonly state: PenaltyState;
  readonly amountPaisa: Paisa;
  readonly noticeNo: string;
  readonly noticeDate: LocalDay;
  readonly powerFactorHundredths: number | null;
  readonly energyChargePaisa: Paisa | null;
  readonly reason: string;
  readonly approvalId: Id;
  readonly enteredBy: string;
  readonly enteredAt: InstantMs;
  /** The vend that collected it. */
  readonly vendId: Id | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnAt: InstantMs | null;
  readonly withdrawalKey: Id | null;
}

interface PenaltyRow extends Row {
  id: Buffer;
  meter_id: Buffer;
  kind: PenaltyKind;
  state: PenaltyState;
  amount_paisa: string;
  notice_no: string;
  notice_date: LocalDay;
  power_factor_hundredths: number | null;
  energy_charge_paisa: string | null;
  reason: string;
  approval_id: Buffer;
  entered_by: string;
  entered_at: Date;
  vend_id: Buffer | null;
  withdrawn_by: string | null;
  withdrawn_at: Date | null;
  withdrawal_key: Buffer | null;
}

const SELECT = `SELECT id, meter_id, kind, state, amount_paisa, notice_no, notice_date, power_factor_hundredths,
  energy_charge_paisa, reason, approval_id, entered_by, entered_at, vend_id, withdrawn_by, withdrawn_at, withdrawal_key
  FROM penalties`;

function penaltyOf(row: PenaltyRow): Penalty {
  return {
    penaltyId: idFromBytes(row.id),
    meterId: idFromBytes(row.meter_id),
    kind: row.kind,
    state: row.state,
    amountPaisa: BigInt(row.amount_paisa),
    noticeNo: row.notice_no,
    noticeDate: row.notice_date,
    powerFactorHundredths: row.power_factor_hundredths,
    energyChargePaisa: row.energy_charge_paisa === null ? null : BigInt(row.energy_charge_paisa),
    reason: row.reason,
    approvalId: idFromBytes(row.approval_id),
    enteredBy: row.entered_by,
    enteredAt: row.entered_at.getTime(),
    vendId: row.vend_id && idFromBytes(row.vend_id),
    withdrawnBy: row.withdrawn_by,
    withdrawnAt: row.withdrawn_at?.getTime() ?? null,
    withdrawalKey: row.withdrawal_key && idFromBytes(row.withdrawal_key),
  };
}

/** @throws a duplicate-key error when the key or the paper was used */
export async function insertPenalty(tx: Tx, p: Penalty): Promise<void> {
  await tx.write(
    `INSERT INTO penalties (id, meter_id, kind, state, amount_paisa, notice_no, notice_date, power_factor_hundredths,
       energy_charge_paisa, reason, approval_id, entered_by, entered_at) VALUES (?)`,
    [
      [
        ...[idToBytes(p.penaltyId), idToBytes(p.meterId), p.kind, p.state, p.amountPaisa, p.noticeNo, p.noticeDate],
        ...[p.powerFactorHundredths, p.energyChargePaisa, p.reason, idToBytes(p.approvalId), p.enteredBy],
        new Date(p.enteredAt),
      ],
    ],
  );
}

export async function findPenalty(reader: Reader, penaltyId: Id): Promise<Penalty | undefined> {
  const [row] = await reader.read<PenaltyRow>(`${SELECT} WHERE id = ?`, [idToBytes(penaltyId)]);
  return row && penaltyOf(row);
}

export async function findPenaltyByPaper(reader: Reader, noticeNo: string): Promise<Penalty | undefined> {
  const [row] = await reader.read<PenaltyRow>(`${SELECT} WHERE notice_no = ?`, [noticeNo]);
  return row && penaltyOf(row);
}

/** The caller holds the meter's lock. */
export async function lockPenalty(tx: Tx, penaltyId: Id): Promise<Penalty | undefined> {
  const [row] = await tx.query<PenaltyRow>(`${SELECT} WHERE id = ? FOR UPDATE`, [idToBytes(penaltyId)]);
  return row && penaltyOf(row);
}

export async function penaltiesOfMeter(reader: Reader, meterId: Id): Promise<Penalty[]> {
  const rows = await reader.read<PenaltyRow>(`${SELECT} WHERE meter_id = ? ORDER BY entered_at DESC, id LIMIT 200`, [
    idToBytes(meterId),
  ]);
  return rows.map(penaltyOf);
}

export async function penaltiesOfVend(reader: Reader, vendId: Id): Promise<Penalty[]> {
  const rows = await reader.read<PenaltyRow>(`${SELECT} WHERE vend_id = ? ORDER BY id`, [idToBytes(vendId)]);
  return rows.map(penaltyOf);
}

/** Takes a due penalty back. The caller holds the meter's lock and has seen that it is due. */
export async function withdrawPenalty(
  tx: Tx,
  withdrawal: { penaltyId: Id; key: Id; approvalId: Id; by: string; reason: string; at: InstantMs },
): Promise<void> {
  const { penaltyId, key, approvalId, by, reason, at } = withdrawal;
  const { affectedRows } = await tx.write(
    `UPDATE penalties SET state = 'WITHDRAWN', withdrawal_key = ?, withdrawal_approval_id = ?, withdrawn_by = ?,
       withdrawn_at = ?, withdrawal_reason = ? WHERE id = ? AND state = 'DUE'`,
    [idToBytes(key), idToBytes(approvalId), by, new Date(at), reason, idToBytes(penaltyId)],
  );
  if (affectedRows !== 1) throw new Error('a penalty was withdrawn twice');
}

/** A vend takes sums due whole. Which of the two it took: a meter may owe one and not the other. */
export interface Collected {
  readonly vendId: Id;
  readonly meterId: Id;
  readonly kind: PenaltyKind;
}

/** Marks what these vends collected; called in their transaction, under their meters' locks. */
export async function collectPenalties(tx: Tx, collected: readonly Collected[]): Promise<void> {
  await Promise.all(
    collected.map(({ vendId, meterId, kind }) =>
      tx.write(
        `UPDATE penalties SET state = 'COLLECTED', vend_id = ? WHERE meter_id = ? AND kind = ? AND state = 'DUE'`,
        [idToBytes(vendId), idToBytes(meterId), kind],
      ),
    ),
  );
}

/** A cancelled vend gives its sums back to the meter's state, and so to the papers. */
export async function uncollectPenalties(tx: Tx, vendId: Id): Promise<void> {
  await tx.write(`UPDATE penalties SET state = 'DUE', vend_id = NULL WHERE vend_id = ?`, [idToBytes(vendId)]);
}
