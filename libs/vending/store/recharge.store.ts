import { dhakaDay, idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Database, Reader, Row, Tx } from '@vend/platform';
import type { RechargeRecord } from '../recharge';
import type { PaymentState } from '../recharge.lifecycle';
import { VEND_COLUMNS, vendOfRows } from './vend.store';

/** The business key of a payment. */
export interface BusinessKey {
  readonly source: string;
  readonly sourceRef: string;
}

/** What a claim row holds; the vend stands beside it. */
export interface Claim extends BusinessKey {
  readonly rechargeId: Id;
  readonly meterId: Id | null;
  readonly grossPaisa: Paisa;
  readonly state: PaymentState;
  readonly channel: RechargeRecord['channel'];
  readonly bodyHash: Buffer;
}

/**
 * The claims already made for these keys. Asked after the meters are locked: whoever vended one of them on the
 * same meter has committed by then, and READ COMMITTED shows it.
 */
export async function findClaims(tx: Tx, keys: readonly BusinessKey[]): Promise<Map<string, Claim>> {
  if (keys.length === 0) return new Map();
  // One IN list per source: MariaDB walks the unique key for that, and scans for a list of pairs.
  const refsBySource = new Map<string, string[]>();
  for (const { source, sourceRef } of keys) {
    const refs = refsBySource.get(source);
    if (refs) refs.push(sourceRef);
    else refsBySource.set(source, [sourceRef]);
  }
  const where = [...refsBySource.keys()].map(() => '(source = ? AND source_ref IN (?))').join(' OR ');
  const rows = await tx.query<ClaimRow>(
    `SELECT id, source, source_ref, meter_id, gross_paisa, state, channel, body_hash FROM recharges WHERE ${where}`,
    [...refsBySource].flat(),
  );
  return new Map(rows.map((row) => [keyText({ source: row.source, sourceRef: row.source_ref }), claimOf(row)]));
}

/** Claims by id, as they are now. */
export async function findClaimsById(tx: Tx, rechargeIds: readonly Id[]): Promise<Map<Id, Claim>> {
  if (rechargeIds.length === 0) return new Map();
  const rows = await tx.query<ClaimRow>(
    'SELECT id, source, source_ref, meter_id, gross_paisa, state, channel, body_hash FROM recharges WHERE id IN (?)',
    [rechargeIds.map(idToBytes)],
  );
  return new Map(rows.map((row) => [idFromBytes(row.id), claimOf(row)]));
}

interface ClaimRow extends Row {
  id: Buffer;
  source: string;
  source_ref: string;
  meter_id: Buffer | null;
  gross_paisa: string;
  state: PaymentState;
  channel: RechargeRecord['channel'];
  body_hash: Buffer;
}

function claimOf(row: ClaimRow): Claim {
  return {
    rechargeId: idFromBytes(row.id),
    source: row.source,
    sourceRef: row.source_ref,
    meterId: row.meter_id && idFromBytes(row.meter_id),
    grossPaisa: BigInt(row.gross_paisa),
    state: row.state,
    channel: row.channel,
    bodyHash: row.body_hash,
  };
}

/** A key as one string, for maps. */
export function keyText({ source, sourceRef }: BusinessKey): string {
  return `${source}\n${sourceRef}`;
}

/** A claim about to be written. */
export type NewRecharge = RechargeRecord & {
  readonly actor: string;
};

/** Inserts claims. @throws a duplicate-key error when another transaction claimed one first */
export async function insertRecharges(tx: Tx, recharges: readonly NewRecharge[]): Promise<void> {
  if (recharges.length === 0) return;
  const rows = recharges.map((r) => [
    idToBytes(r.rechargeId),
    r.source,
    r.sourceRef,
    Buffer.from(r.asked.content, 'hex'),
    r.asked.reference && Buffer.from(r.asked.reference, 'hex'),
    r.channel,
    r.kind,
    r.meterId && idToBytes(r.meterId),
    r.grossPaisa.toString(),
    r.state,
    r.refusalCode,
    r.actor,
    new Date(r.receivedAt),
    dhakaDay(r.receivedAt),
  ]);
  await tx.write(
    `INSERT INTO recharges (id, source, source_ref, body_hash, reference_hash, channel, kind, meter_id, gross_paisa, state, refusal_code,
       actor, received_at, business_day) VALUES ?`,
    [rows],
  );
}

/** Moves payments on from RECEIVED; the caller holds their meters' locks. */
export async function concludeRecharges(
  tx: Tx,
  rechargeIds: readonly Id[],
  state: 'APPLIED' | 'REFUND_DUE',
  refusalCode: string | null,
): Promise<void> {
  if (rechargeIds.length === 0) return;
  const { affectedRows } = await tx.write(
    `UPDATE recharges SET state = ?, refusal_code = ? WHERE id IN (?) AND state = 'RECEIVED'`,
    [state, refusalCode, rechargeIds.map(idToBytes)],
  );
  if (affectedRows !== rechargeIds.length) throw new Error('a payment was concluded twice');
}

const RECORD_QUERY = `SELECT r.id AS recharge_id, r.source, r.source_ref, r.channel, r.state AS payment_state,
    r.refusal_code, r.meter_id AS recharge_meter_id, r.gross_paisa AS recharge_gross, r.received_at,
    r.body_hash, r.reference_hash,
    r.kind AS recharge_kind, ${VEND_COLUMNS}
  FROM recharges r
  LEFT JOIN vends v ON v.recharge_id = r.id
  LEFT JOIN vend_tokens t ON t.vend_id = v.id`;

/** The record of one payment, by its id. */
export async function readRecord(reader: Reader, rechargeId: Id): Promise<RechargeRecord | undefined> {
  return recordOf(await reader.read(`${RECORD_QUERY} WHERE r.id = ? ORDER BY t.sequence`, [idToBytes(rechargeId)]));
}

/** The record of one payment, by its business key. */
export async function readRecordByKey(database: Database, key: BusinessKey): Promise<RechargeRecord | undefined> {
  return recordOf(
    await database.read(`${RECORD_QUERY} WHERE r.source = ? AND r.source_ref = ? ORDER BY t.sequence`, [
      key.source,
      key.sourceRef,
    ]),
  );
}

/** The record of one payment, by the number on its receipt. */
export async function readRecordByReceipt(reader: Reader, receiptNo: string): Promise<RechargeRecord | undefined> {
  return recordOf(await reader.read(`${RECORD_QUERY} WHERE v.receipt_no = ? ORDER BY t.sequence`, [receiptNo]));
}

/** The ids of a meter's last vends that stand, the latest first. */
export async function readLastVends(
  reader: Reader,
  meterId: Id,
  count: number,
  before?: { readonly receivedAt: InstantMs; readonly vendId: Id },
): Promise<Id[]> {
  const earlier = before ? 'AND (r.received_at < ? OR (r.received_at = ? AND v.id < ?))' : '';
  const at = before && new Date(before.receivedAt);
  const rows = await reader.read<Row & { id: Buffer }>(
    `SELECT v.id FROM recharges r JOIN vends v ON v.recharge_id = r.id
     WHERE r.meter_id = ? AND r.state = 'APPLIED' ${earlier} ORDER BY r.received_at DESC, v.id DESC LIMIT ?`,
    [idToBytes(meterId), ...(before ? [at, at, idToBytes(before.vendId)] : []), count],
  );
  return rows.map(({ id }) => idFromBytes(id));
}

/** What was put on this meter's tokens in Taka since an instant, by vends that stand. */
export async function readEnergySoldSince(reader: Reader, meterId: Id, since: Date): Promise<Paisa> {
  const [row] = await reader.read<Row & { paisa: string | null }>(
    `SELECT SUM(v.energy_paisa) AS paisa FROM recharges r JOIN vends v ON v.recharge_id = r.id
     WHERE r.meter_id = ? AND r.state = 'APPLIED' AND r.received_at >= ? AND v.state = 'ISSUED'`,
    [idToBytes(meterId), since],
  );
  return BigInt(row?.paisa ?? '0');
}

/** Records of vends, by vend id: for receipts. */
export async function readRecordsOfVends(reader: Reader, vendIds: readonly Id[]): Promise<RechargeRecord[]> {
  if (vendIds.length === 0) return [];
  const rows = await reader.read(`${RECORD_QUERY} WHERE v.id IN (?) ORDER BY v.id, t.sequence`, [
    vendIds.map(idToBytes),
  ]);
  const byVend = new Map<string, Row[]>();
  for (const row of rows) {
    const id = (row['vend_id'] as Buffer).toString('hex');
    byVend.set(id, [...(byVend.get(id) ?? []), row]);
  }
  return [...byVend.values()].map((group) => recordOf(group)!);
}

function recordOf(rows: readonly Row[]): RechargeRecord | undefined {
  const row = rows[0];
  if (!row) return undefined;
  return {
    rechargeId: idFromBytes(row['recharge_id'] as Buffer),
    source: row['source'] as string,
    sourceRef: row['source_ref'] as string,
    channel: row['channel'] as RechargeRecord['channel'],
    kind: row['recharge_kind'] as RechargeRecord['kind'],
    state: row['payment_state'] as PaymentState,
    refusalCode: row['refusal_code'] as string | null,
    meterId: row['recharge_meter_id'] === null ? null : idFromBytes(row['recharge_meter_id'] as Buffer),
    grossPaisa: BigInt(row['recharge_gross'] as string),
    receivedAt: (row['received_at'] as Date).getTime(),
    asked: {
      content: (row['body_hash'] as Buffer).toString('hex'),
      reference: (row['reference_hash'] as Buffer | null)?.toString('hex') ?? null,
    },
    vend: row['vend_id'] === null ? null : vendOfRows(rows),
  };
}
