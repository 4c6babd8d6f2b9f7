import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';

/** A head-end's callback as stored. */
export interface StoredLoadEvent {
  readonly id: Id;
  readonly headEnd: string;
  readonly rawBody: Buffer;
  readonly state: 'RECEIVED' | 'DONE';
}

/** Stores a new event. @throws the driver's duplicate-key error when (head-end, event) is already there */
export async function insertLoadEvent(
  tx: Tx,
  event: Omit<StoredLoadEvent, 'state'> & { readonly eventKey: string; readonly receivedAt: Date },
): Promise<void> {
  await tx.write(`INSERT INTO meter_link_events (id, head_end, event_key, raw_body, received_at, state) VALUES (?)`, [
    [idToBytes(event.id), event.headEnd, event.eventKey, event.rawBody, event.receivedAt, 'RECEIVED'],
  ]);
}

export async function findLoadEvent(
  reader: Reader,
  by: { readonly id: Id } | { readonly headEnd: string; readonly eventKey: string },
): Promise<StoredLoadEvent | undefined> {
  const [where, values] =
    'id' in by ? ['id = ?', [idToBytes(by.id)]] : ['head_end = ? AND event_key = ?', [by.headEnd, by.eventKey]];
  const [row] = await reader.read<{ id: Buffer; head_end: string; raw_body: Buffer; state: StoredLoadEvent['state'] }>(
    `SELECT id, head_end, raw_body, state FROM meter_link_events WHERE ${where}`,
    values,
  );
  return row && { id: idFromBytes(row.id), headEnd: row.head_end, rawBody: row.raw_body, state: row.state };
}

/** Ends the work on an event; its first conclusion stands. */
export async function concludeLoadEvent(tx: Tx, id: Id, outcome: string): Promise<void> {
  await tx.write(`UPDATE meter_link_events SET state = 'DONE', outcome = ? WHERE id = ? AND state = 'RECEIVED'`, [
    outcome,
    idToBytes(id),
  ]);
}
