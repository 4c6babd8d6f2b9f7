import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import type { InboxConclusion, InboxState } from '../inbox.lifecycle';

export interface NewInboxRow {
  readonly id: Id;
  readonly partnerCode: string;
  readonly eventKey: string;
  readonly rawBody: Buffer;
  readonly receivedAt: Date;
}

export interface InboxRow extends NewInboxRow {
  readonly state: InboxState;
  readonly outcome: string | null;
  readonly rechargeId: Id | null;
}

const COLUMNS = 'id, partner_code, event_key, raw_body, received_at, state, outcome, recharge_id';

interface RawRow extends Record<string, unknown> {
  id: Buffer;
  partner_code: string;
  event_key: string;
  raw_body: Buffer;
  received_at: Date;
  state: InboxState;
  outcome: string | null;
  recharge_id: Buffer | null;
}

/** Stores new events. @throws the driver's duplicate-key error when (partner, event) of one is already there */
export async function insertInboxRows(tx: Tx, rows: readonly NewInboxRow[]): Promise<void> {
  const values = rows.map((row) => [
    ...[idToBytes(row.id), row.partnerCode, row.eventKey, row.rawBody, row.receivedAt],
    'RECEIVED',
  ]);
  await tx.write('INSERT INTO inbox (id, partner_code, event_key, raw_body, received_at, state) VALUES ?', [values]);
}

/** Those of the events that are stored already, as `<partner> <event>`. */
export async function knownInboxEvents(
  tx: Tx,
  events: readonly Pick<NewInboxRow, 'partnerCode' | 'eventKey'>[],
): Promise<string[]> {
  const keys = new Map<string, string[]>();
  for (const { partnerCode, eventKey } of events) keys.set(partnerCode, [...(keys.get(partnerCode) ?? []), eventKey]);
  // Not `(partner_code, event_key) IN (...)`: MariaDB walks the whole table for that.
  const known = await Promise.all(
    [...keys].map(([partnerCode, eventKeys]) =>
      tx.query<{ event: string }>(
        `SELECT CONCAT(partner_code, ' ', event_key) AS event FROM inbox WHERE partner_code = ? AND event_key IN (?)`,
        [partnerCode, eventKeys],
      ),
    ),
  );
  return known.flat().map(({ event }) => event);
}

export async function findInboxRows(database: Database, ids: readonly Id[]): Promise<InboxRow[]> {
  if (ids.length === 0) return [];
  const rows = await database.read<RawRow>(`SELECT ${COLUMNS} FROM inbox WHERE id IN (?)`, [ids.map(idToBytes)]);
  return rows.map(rowOf);
}

export async function findInboxEvent(
  database: Database,
  partnerCode: string,
  eventKey: string,
): Promise<InboxRow | undefined> {
  const [row] = await database.read<RawRow>(`SELECT ${COLUMNS} FROM inbox WHERE partner_code = ? AND event_key = ?`, [
    partnerCode,
    eventKey,
  ]);
  return row && rowOf(row);
}

/** Moves a row out of RECEIVED. @returns false when it had left already */
export async function concludeInboxRow(
  tx: Tx,
  { inboxId, state, outcome, rechargeId }: { inboxId: Id; state: InboxConclusion; outcome: string; rechargeId?: Id },
): Promise<boolean> {
  const result = await tx.write(
    `UPDATE inbox SET state = ?, outcome = ?, recharge_id = ? WHERE id = ? AND state = 'RECEIVED'`,
    [state, outcome, rechargeId === undefined ? null : idToBytes(rechargeId), idToBytes(inboxId)],
  );
  return result.affectedRows === 1;
}

function rowOf(row: RawRow): InboxRow {
  return {
    id: idFromBytes(row.id),
    partnerCode: row.partner_code,
    eventKey: row.event_key,
    rawBody: row.raw_body,
    receivedAt: row.received_at,
    state: row.state,
    outcome: row.outcome,
    rechargeId: row.recharge_id && idFromBytes(row.recharge_id),
  };
}
