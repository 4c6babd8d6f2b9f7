import { idFromBytes, idToBytes, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { Break, BreakAction, BreakBucket, BreakState } from '../breaks';

const COLUMNS = `id, provider, trx_id, place, bucket, DATE_FORMAT(day, '%Y-%m-%d') AS day, state, version, ours_paisa,
  theirs_paisa, recharge_id, meter_id, biller_ref, batch, case_id, raised_at, changed_at,
  (SELECT SUM(IF(a.action = 'write-off', a.amount_paisa, -a.amount_paisa)) FROM settlement_actions a
   WHERE a.break_id = settlement_breaks.id AND a.action IN ('write-off', 'take-back')) AS written_off`;

// Given back out of a till or a bank, the provider still has what it took.
const RETURNED_AT = `IF(COALESCE(p.paid_from, '') REGEXP '^(cash|bank):', NULL, e.booked_at)`;

/** What a finding says a break is, without its life. */
export type BreakFacts = Omit<
  Break,
  'breakId' | 'state' | 'version' | 'caseId' | 'writtenOffPaisa' | 'raisedAt' | 'changedAt'
>;

export async function insertBreak(tx: Tx, breakId: Id, facts: BreakFacts, caseId: Id, at: InstantMs): Promise<void> {
  const { provider, trxId, place, bucket, day, oursPaisa, theirsPaisa, rechargeId, meterId, billerRef, batch } = facts;
  await tx.write(
    `INSERT INTO settlement_breaks (id, provider, trx_id, place, bucket, day, state, ours_paisa, theirs_paisa,
       recharge_id, meter_id, biller_ref, batch, case_id, raised_at, changed_at) VALUES (?)`,
    [
      [
        ...[idToBytes(breakId), provider, trxId, place, bucket, day, 'OPEN', oursPaisa, theirsPaisa],
        ...[rechargeId && idToBytes(rechargeId), meterId && idToBytes(meterId), billerRef, batch, idToBytes(caseId)],
        ...[new Date(at), new Date(at)],
      ],
    ],
  );
}

/** Gives a locked break another state, and other facts when they have changed; its version rises. */
export async function changeBreak(
  tx: Tx,
  breakId: Id,
  { state, facts, caseId }: { state: BreakState; facts?: BreakFacts; caseId?: Id },
  at: InstantMs,
): Promise<void> {
  const [sets, values]: [string, unknown[]] = facts
    ? [
        ', day = ?, ours_paisa = ?, theirs_paisa = ?, recharge_id = ?, meter_id = ?, biller_ref = ?, batch = ?',
        [
          ...[facts.day, facts.oursPaisa, facts.theirsPaisa, facts.rechargeId && idToBytes(facts.rechargeId)],
          ...[facts.meterId && idToBytes(facts.meterId), facts.billerRef, facts.batch],
        ],
      ]
    : ['', []];
  await tx.write(
    `UPDATE settlement_breaks SET version = version + 1, state = ?, changed_at = ?, case_id = COALESCE(?, case_id)${sets}
     WHERE id = ?`,
    [state, new Date(at), caseId ? idToBytes(caseId) : null, ...values, idToBytes(breakId)],
  );
}

/** Breaks of these transaction ids, locked in one order. */
export async function lockBreaksOf(tx: Tx, provider: string, trxIds: readonly string[]): Promise<Break[]> {
  if (trxIds.length === 0) return [];
  const rows = await tx.query(
    `SELECT ${COLUMNS} FROM settlement_breaks WHERE provider = ? AND trx_id IN (?) ORDER BY id FOR UPDATE`,
    [provider, trxIds],
  );
  return rows.map(breakOf);
}

export async function lockBreak(tx: Tx, breakId: Id): Promise<Break | undefined> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM settlement_breaks WHERE id = ? FOR UPDATE`, [
    idToBytes(breakId),
  ]);
  return row && breakOf(row);
}

export async function findBreak(reader: Reader, breakId: Id): Promise<Break | undefined> {
  const [row] = await reader.read(`SELECT ${COLUMNS} FROM settlement_breaks WHERE id = ?`, [idToBytes(breakId)]);
  return row && breakOf(row);
}

/** Which breaks to list, oldest first. */
export interface BreakQuestion {
  readonly provider?: string | undefined;
  readonly day?: LocalDay | undefined;
  readonly bucket?: BreakBucket | undefined;
  readonly states?: readonly BreakState[] | undefined;
  readonly after?: Id | undefined;
  readonly limit: number;
}

export async function listBreaks(reader: Reader, asked: BreakQuestion): Promise<Break[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (sql: string, value: unknown) => {
    if (value === undefined) return;
    conditions.push(sql);
    values.push(value);
  };
  where('provider = ?', asked.provider);
  where('day = ?', asked.day);
  where('bucket = ?', asked.bucket);
  where('state IN (?)', asked.states);
  where('id > ?', asked.after && idToBytes(asked.after));
  const rows = await reader.read(
    `SELECT ${COLUMNS} FROM settlement_breaks ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY id LIMIT ?`,
    [...values, asked.limit],
  );
  return rows.map(breakOf);
}

/** How many cases the breaks of a day have, and the latest of them. */
export async function casesOfDay(
  tx: Tx,
  provider: string,
  day: LocalDay,
): Promise<{ readonly cases: number; readonly latest: Id | null }> {
  const [row] = await tx.query<{ n: string; latest: Buffer | null }>(
    'SELECT COUNT(DISTINCT case_id) AS n, MAX(case_id) AS latest FROM settlement_breaks WHERE provider = ? AND day = ?',
    [provider, day],
  );
  return { cases: Number(row!.n), latest: row!.latest && idFromBytes(row!.latest) };
}

/** How many breaks of a case are still somebody's work. */
export async function unsettledOfCase(tx: Tx, caseId: Id): Promise<number> {
  const [row] = await tx.query<{ n: string }>(
    `SELECT COUNT(*) AS n FROM settlement_breaks WHERE case_id = ? AND state IN ('OPEN', 'CLAIMED')`,
    [idToBytes(caseId)],
  );
  return Number(row!.n);
}

/** What somebody did about a break. */
export interface DoneAction {
  /** The request's key. */
  readonly key: Id;
  readonly breakId: Id;
  readonly action: BreakAction;
  readonly amountPaisa: bigint;
  readonly rechargeId: Id | null;
  readonly approvalId: Id | null;
  readonly reason: string;
  readonly by: string;
  readonly at: InstantMs;
}

/** @throws a duplicate-key error when the key did something before */
export async function insertAction(tx: Tx, done: DoneAction): Promise<void> {
  const { key, breakId, action, amountPaisa, rechargeId, approvalId, reason, by, at } = done;
  await tx.write(
    `INSERT INTO settlement_actions (id, break_id, action, amount_paisa, recharge_id, approval_id, reason, done_by,
       done_at) VALUES (?)`,
    [
      [
        ...[idToBytes(key), idToBytes(breakId), action, amountPaisa, rechargeId && idToBytes(rechargeId)],
        ...[approvalId && idToBytes(approvalId), reason, by, new Date(at)],
      ],
    ],
  );
}

export async function findAction(reader: Reader, key: Id): Promise<Pick<DoneAction, 'breakId' | 'action'> | undefined> {
  const [row] = await reader.read<{ break_id: Buffer; action: BreakAction }>(
    'SELECT break_id, action FROM settlement_actions WHERE id = ?',
    [idToBytes(key)],
  );
  return row && { breakId: idFromBytes(row.break_id), action: row.action };
}

/** What actions about a break have booked, as our books against the provider's: what was given out for it is above zero. */
export interface SettledSum {
  readonly paisa: Paisa;
  /** When a payment that an action kept went back to the provider last; a statement may not have it yet. */
  readonly returnedAt: InstantMs | null;
}

/**
 * What was settled of breaks, by the break. A payment under the provider's own key is not in it, for a comparison finds it by
 * itself; nor is one that the provider has back.
 */
export async function settledSums(
  reader: Pick<Tx, 'query'>,
  provider: string,
  trxIds: readonly string[],
): Promise<ReadonlyMap<Id, SettledSum>> {
  if (trxIds.length === 0) return new Map();
  const rows = await reader.query<{ break_id: Buffer; paisa: string; returned_at: Date | null }>(
    `SELECT a.break_id, MAX(${RETURNED_AT}) AS returned_at, SUM(CASE
         WHEN a.action IN ('vend', 'refund') AND b.bucket <> 'theirs-only' AND ${RETURNED_AT} IS NULL THEN a.amount_paisa
         WHEN a.action IN ('charge-meter', 'write-off') THEN -a.amount_paisa
         WHEN a.action = 'take-back' THEN a.amount_paisa ELSE 0 END) AS paisa
     FROM settlement_breaks b JOIN settlement_actions a ON a.break_id = b.id
     LEFT JOIN ledger_entries e ON e.template = 'refund' AND e.business_id = a.recharge_id
     LEFT JOIN payment_refunds p ON p.recharge_id = a.recharge_id
     WHERE b.provider = ? AND b.trx_id IN (?) AND b.bucket <> 'bank-differs' GROUP BY a.break_id`,
    [provider, trxIds],
  );
  return new Map(
    rows.map((row) => [
      idFromBytes(row.break_id),
      { paisa: BigInt(row.paisa), returnedAt: row.returned_at?.getTime() ?? null },
    ]),
  );
}

/** What was done about a break, oldest first. */
export async function actionsOf(reader: Reader, breakId: Id): Promise<DoneAction[]> {
  const rows = await reader.read(
    `SELECT id, action, amount_paisa, recharge_id, approval_id, reason, done_by, done_at FROM settlement_actions
     WHERE break_id = ? ORDER BY done_at, id`,
    [idToBytes(breakId)],
  );
  return rows.map((row) => ({
    key: idFromBytes(row['id'] as Buffer),
    breakId,
    action: row['action'] as BreakAction,
    amountPaisa: BigInt(row['amount_paisa'] as string),
    rechargeId: idOrNull(row['recharge_id']),
    approvalId: idOrNull(row['approval_id']),
    reason: row['reason'] as string,
    by: row['done_by'] as string,
    at: (row['done_at'] as Date).getTime(),
  }));
}

const idOrNull = (value: unknown): Id | null => (value === null ? null : idFromBytes(value as Buffer));

function breakOf(row: Row): Break {
  return {
    breakId: idFromBytes(row['id'] as Buffer),
    provider: row['provider'] as string,
    trxId: row['trx_id'] as string,
    place: Number(row['place']),
    bucket: row['bucket'] as BreakBucket,
    day: row['day'] as string,
    state: row['state'] as BreakState,
    version: Number(row['version']),
    oursPaisa: BigInt(row['ours_paisa'] as string),
    theirsPaisa: BigInt(row['theirs_paisa'] as string),
    rechargeId: idOrNull(row['recharge_id']),
    meterId: idOrNull(row['meter_id']),
    billerRef: row['biller_ref'] as string,
    batch: row['batch'] as string,
    caseId: idOrNull(row['case_id']),
    writtenOffPaisa: BigInt((row['written_off'] as string | null) ?? '0'),
    raisedAt: (row['raised_at'] as Date).getTime(),
    changedAt: (row['changed_at'] as Date).getTime(),
  };
}
