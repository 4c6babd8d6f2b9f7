import { dhakaDay, idFromBytes, idToBytes, type Id, type Paisa } from '@vend/kernel';
import type { Database, Reader, Row, Tx } from '@vend/platform';
import type { RechargeRecord, VendRecord, VendToken } from '../recharge';
import { pricedStateFromJson, pricedStateToJson } from '../pricing';
import type { PaymentState } from '../recharge.lifecycle';

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
    `SELECT id, source, source_ref, meter_id, gross_paisa, state, channel FROM recharges WHERE ${where}`,
    [...refsBySource].flat(),
  );
  return new Map(rows.map((row) => [keyText({ source: row.source, sourceRef: row.source_ref }), claimOf(row)]));
}

/** Claims by id, as they are now. */
export async function findClaimsById(tx: Tx, rechargeIds: readonly Id[]): Promise<Map<Id, Claim>> {
  if (rechargeIds.length === 0) return new Map();
  const rows = await tx.query<ClaimRow>(
    'SELECT id, source, source_ref, meter_id, gross_paisa, state, channel FROM recharges WHERE id IN (?)',
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
  };
}

/** A key as one string, for maps. */
export function keyText({ source, sourceRef }: BusinessKey): string {
  return `${source}\n${sourceRef}`;
}

/** Inserts claims. @throws a duplicate-key error when another transaction claimed one first */
export async function insertRecharges(
  tx: Tx,
  recharges: readonly (RechargeRecord & { readonly actor: string })[],
): Promise<void> {
  if (recharges.length === 0) return;
  const rows = recharges.map((r) => [
    idToBytes(r.rechargeId),
    r.source,
    r.sourceRef,
    Buffer.from(r.asked.content, 'hex'),
    r.asked.reference && Buffer.from(r.asked.reference, 'hex'),
    r.channel,
    r.meterId && idToBytes(r.meterId),
    r.grossPaisa.toString(),
    r.state,
    r.refusalCode,
    r.actor,
    new Date(r.receivedAt),
    dhakaDay(r.receivedAt),
  ]);
  await tx.write(
    `INSERT INTO recharges (id, source, source_ref, body_hash, reference_hash, channel, meter_id, gross_paisa, state, refusal_code,
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

/** A vend about to be written. */
export interface NewVend {
  readonly rechargeId: Id;
  readonly meterId: Id;
  readonly vend: VendRecord;
  /** Base date of the key that the credit token was made under. */
  readonly baseDate: number;
  /** … and of the key that opens the key-change tokens: the one that is in the meter before them. */
  readonly keyChangeBaseDate: number;
  /** Of the credit token. */
  readonly rnd: number;
  readonly amountUnits: bigint;
}

/** Inserts vends and their tokens. @throws a duplicate-key error when a TID was issued before */
export async function insertVends(tx: Tx, vends: readonly NewVend[]): Promise<void> {
  if (vends.length === 0) return;
  const vendRows = vends.map(({ rechargeId, meterId, vend: v }) => [
    idToBytes(v.vendId),
    idToBytes(rechargeId),
    idToBytes(meterId),
    v.receiptNo,
    'ISSUED',
    new Date(v.issuedAt),
    dhakaDay(v.issuedAt),
    ...AMOUNT_COLUMNS.map(([key]) => v.amounts[key].toString()),
    v.energyWh?.toString() ?? null,
    v.estimatedWh?.toString() ?? null,
    v.tariffBook,
    v.priceRevision,
    v.tariffVersion,
    v.rebateProfile,
    pricedStateToJson(v.pricedState),
  ]);
  const vendsIn = tx.write(
    `INSERT INTO vends (id, recharge_id, meter_id, receipt_no, state, issued_at, business_day,
       ${AMOUNT_COLUMNS.map(([, column]) => column).join(', ')},
       energy_wh, estimated_wh, tariff_book, price_revision, tariff_version, rebate_profile, pricing_input) VALUES ?`,
    [vendRows],
  );
  const tokenRows = vends.flatMap((vend) => vend.vend.tokens.map((token) => tokenRow(vend, token)));
  const tokensIn = tx.write(
    `INSERT INTO vend_tokens (vend_id, sequence, of_count, kind, subclass, meter_id, base_date, tid, rnd, digits,
       amount_units, credited_units, sample_tables) VALUES ?`,
    [tokenRows],
  );
  await Promise.all([vendsIn, tokensIn]);
}

function tokenRow({ vend, meterId, baseDate, keyChangeBaseDate, rnd, amountUnits }: NewVend, token: VendToken) {
  const isCredit = token.kind === 'credit';
  return [
    idToBytes(vend.vendId),
    token.sequence,
    token.of,
    token.kind,
    token.subclass,
    idToBytes(meterId),
    isCredit ? baseDate : keyChangeBaseDate,
    token.tid,
    isCredit ? rnd : null,
    token.digits,
    isCredit ? amountUnits.toString() : null,
    isCredit ? token.creditedUnits.toString() : null,
    token.sampleTables,
  ];
}

const AMOUNT_COLUMNS = [
  ['grossPaisa', 'gross_paisa'],
  ['vatPaisa', 'vat_paisa'],
  ['rentPaisa', 'rent_paisa'],
  ['demandPaisa', 'demand_paisa'],
  ['arrearsPaisa', 'arrears_paisa'],
  ['pfcPaisa', 'pfc_paisa'],
  ['penaltyPaisa', 'penalty_paisa'],
  ['rebatePaisa', 'rebate_paisa'],
  ['lifelineCreditPaisa', 'lifeline_credit_paisa'],
  ['adjustmentPaisa', 'adjustment_paisa'],
  ['energyPaisa', 'energy_paisa'],
  ['remainderInPaisa', 'remainder_in_paisa'],
  ['remainderOutPaisa', 'remainder_out_paisa'],
] as const;

const RECORD_QUERY = `SELECT r.id AS recharge_id, r.source, r.source_ref, r.channel, r.state AS payment_state,
    r.refusal_code, r.meter_id AS recharge_meter_id, r.gross_paisa AS recharge_gross, r.received_at,
    r.body_hash, r.reference_hash,
    v.id AS vend_id, v.receipt_no, v.issued_at, v.energy_wh, v.estimated_wh, v.tariff_book,
    v.price_revision, v.tariff_version, v.rebate_profile,
    v.pricing_input, ${AMOUNT_COLUMNS.map(([, column]) => `v.${column}`).join(', ')},
    t.sequence, t.of_count, t.kind, t.subclass, t.tid, t.digits, t.credited_units, t.sample_tables
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
    state: row['payment_state'] as PaymentState,
    refusalCode: row['refusal_code'] as string | null,
    meterId: row['recharge_meter_id'] === null ? null : idFromBytes(row['recharge_meter_id'] as Buffer),
    grossPaisa: BigInt(row['recharge_gross'] as string),
    receivedAt: (row['received_at'] as Date).getTime(),
    asked: {
      content: (row['body_hash'] as Buffer).toString('hex'),
      reference: (row['reference_hash'] as Buffer | null)?.toString('hex') ?? null,
    },
    vend: row['vend_id'] === null ? null : vendOf(rows),
  };
}

/** The parts of a vend out of its row. */
export function amountsOfRow(row: Row): VendRecord['amounts'] {
  const parts: [string, bigint][] = AMOUNT_COLUMNS.map(([key, column]) => [key, BigInt(row[column] as string)]);
  return Object.fromEntries(parts) as unknown as VendRecord['amounts'];
}

function vendOf(rows: readonly Row[]): VendRecord {
  const row = rows[0]!;
  const energy = row['energy_wh'] as string | null;
  const estimate = row['estimated_wh'] as string | null;
  const input = row['pricing_input'];
  return {
    vendId: idFromBytes(row['vend_id'] as Buffer),
    receiptNo: row['receipt_no'] as string,
    issuedAt: (row['issued_at'] as Date).getTime(),
    amounts: amountsOfRow(row),
    energyWh: energy === null ? null : BigInt(energy),
    estimatedWh: estimate === null ? null : BigInt(estimate),
    tariffBook: row['tariff_book'] as string,
    priceRevision: row['price_revision'] as number,
    tariffVersion: row['tariff_version'] as string,
    rebateProfile: row['rebate_profile'] as string,
    // MariaDB gives JSON as text, MySQL as an object.
    pricedState: pricedStateFromJson(typeof input === 'string' ? input : JSON.stringify(input)),
    tokens: rows.map(tokenOf),
  };
}

function tokenOf(row: Row): VendToken {
  const token = {
    sequence: row['sequence'] as number,
    of: row['of_count'] as number,
    subclass: row['subclass'] as number,
    digits: row['digits'] as string,
    sampleTables: Boolean(row['sample_tables']),
  };
  return row['kind'] === 'key-change'
    ? { ...token, kind: 'key-change', tid: null, creditedUnits: null }
    : { ...token, kind: 'credit', tid: row['tid'] as number, creditedUnits: BigInt(row['credited_units'] as string) };
}
