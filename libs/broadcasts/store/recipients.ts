import { createHash } from 'node:crypto';
import { idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { BroadcastTemplate, Language } from '../broadcast';
import type { RecipientState } from '../broadcast.lifecycle';

/** What the customers of one phone owe together. */
interface Bill {
  readonly amountPaisa: Paisa;
  /** MeterPAN of the one that owes most. */
  readonly meterNo: string;
  /** How many others owe too. */
  readonly moreMeters: number;
}

/** A recipient in a worker's hand, with the phone as it is now: for as long as the chunk lasts, and no log. */
export interface TakenRecipient {
  readonly customerId: Id;
  readonly language: Language;
  readonly attempts: number;
  /** What is owed now; null when nothing is. */
  readonly bill: Bill | null;
  /** null: the account was closed, or has no phone any more. */
  readonly mobile: string | null;
  /** True while the phone is the one that the recipient was written down for. */
  readonly samePhone: boolean;
}

/**
 * Takes recipients whose turn it is: those whose worker has gone first, then those not tried, and those to be tried
 * again. The notice is held by the caller, so nobody else takes the same.
 *
 * @param claim an id of this chunk's own: what was taken under another is not this worker's to conclude
 */
export async function takeChunk(
  tx: Tx,
  broadcastId: Id,
  { claim, limit, now, until }: { claim: Id; limit: number; now: InstantMs; until: InstantMs },
): Promise<Id[]> {
  const due = (state: RecipientState) =>
    tx.query<{ customer_id: Buffer }>(
      `SELECT customer_id FROM broadcast_recipients WHERE broadcast_id = ? AND state = ? AND due_at <= ?
       ORDER BY due_at, customer_id LIMIT ?`,
      [idToBytes(broadcastId), state, new Date(now), limit],
    );
  const [left, queued] = await Promise.all([due('TAKEN'), due('QUEUED')]);
  const ids = [...left, ...queued].slice(0, limit).map(({ customer_id: id }) => id);
  if (ids.length === 0) return [];
  await tx.write(
    `UPDATE broadcast_recipients SET state = 'TAKEN', taken_by = ?, due_at = ?, attempts = LEAST(attempts + 1, 200)
     WHERE broadcast_id = ? AND customer_id IN (?)`,
    [idToBytes(claim), new Date(until), idToBytes(broadcastId), ids],
  );
  return ids.map(idFromBytes);
}

/** Keeps a chunk in hand. */
export async function keepChunk(tx: Tx, broadcastId: Id, claim: Id, until: InstantMs): Promise<void> {
  await tx.write(
    `UPDATE broadcast_recipients SET due_at = ? WHERE broadcast_id = ? AND state = 'TAKEN' AND taken_by = ?`,
    [new Date(until), idToBytes(broadcastId), idToBytes(claim)],
  );
}

/** True when some are waiting, for their turn or in a hand. */
export async function anyUnsettled(tx: Tx, broadcastId: Id): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM broadcast_recipients WHERE broadcast_id = ? AND state IN ('QUEUED', 'TAKEN') LIMIT 1`,
    [idToBytes(broadcastId)],
  );
  return rows.length > 0;
}

/** The recipients of a chunk with their phones, and what is owed there, as they are now. */
export async function readChunk(
  reader: Reader,
  { id, template, phoneSalt }: { readonly id: Id; readonly template: BroadcastTemplate; readonly phoneSalt: Buffer },
  customerIds: readonly Id[],
): Promise<TakenRecipient[]> {
  const rows = await reader.read(
    `SELECT r.customer_id, r.phone_tag, r.language, r.attempts, IF(c.closed_on IS NULL, c.mobile, NULL) AS mobile
     FROM broadcast_recipients r JOIN customers c ON c.id = r.customer_id
     WHERE r.broadcast_id = ? AND r.customer_id IN (?)`,
    [idToBytes(id), customerIds.map(idToBytes)],
  );
  const recipients = rows.map((row) => recipientOf(row, phoneSalt));
  if (template !== 'arrears-bill') return recipients;
  const mobiles = recipients.flatMap(({ mobile }) => mobile ?? []);
  const bills = mobiles.length === 0 ? new Map<string, Bill>() : await readBills(reader, mobiles);
  return recipients.map((each) => ({ ...each, bill: bills.get(each.mobile ?? '') ?? null }));
}

/** What the customers of these phones owe, the meter that owes most first. */
async function readBills(reader: Reader, mobiles: readonly string[]): Promise<Map<string, Bill>> {
  const rows = await reader.read<{ mobile: string; pan: string; arrears: string }>(
    `SELECT c.mobile, m.pan, s.arrears_paisa AS arrears FROM customers c
     JOIN connections n ON n.customer_id = c.id JOIN meters m ON m.connection_id = n.id AND m.status = 'active'
     JOIN meter_states s ON s.meter_id = m.id
     WHERE c.mobile IN (?) AND c.closed_on IS NULL AND s.arrears_paisa > 0 ORDER BY s.arrears_paisa DESC, m.id`,
    [mobiles],
  );
  const bills = new Map<string, Bill>();
  for (const { mobile, pan, arrears } of rows) {
    const { amountPaisa, meterNo, moreMeters } = bills.get(mobile) ?? { amountPaisa: 0n, meterNo: pan, moreMeters: -1 };
    bills.set(mobile, { amountPaisa: amountPaisa + BigInt(arrears), meterNo, moreMeters: moreMeters + 1 });
  }
  return bills;
}

/** What became of some recipients of a chunk. */
export interface ChunkOutcome {
  readonly state: 'SENT' | 'FAILED' | 'SKIPPED' | 'QUEUED';
  readonly outcome: string;
  readonly customerIds: readonly Id[];
  /** For those that are to be tried again: not before. */
  readonly dueAt: InstantMs;
  /** False when it was the gateway's doing: it is not held against the recipient. */
  readonly counts: boolean;
}

/**
 * Writes how they came out, where they are still this worker's.
 *
 * @returns how many of them have an end now
 */
export async function saveOutcome(
  tx: Tx,
  broadcastId: Id,
  claim: Id,
  { state, outcome, customerIds, dueAt, counts }: ChunkOutcome,
  now: InstantMs,
): Promise<number> {
  const { affectedRows } = await tx.write(
    `UPDATE broadcast_recipients SET state = ?, outcome = ?, due_at = ?, taken_by = NULL, sent_at = ?,
       attempts = attempts - ?
     WHERE broadcast_id = ? AND customer_id IN (?) AND state = 'TAKEN' AND taken_by = ?`,
    [
      ...[state, outcome, new Date(dueAt), state === 'SENT' ? new Date(now) : null, counts ? 0 : 1],
      ...[idToBytes(broadcastId), customerIds.map(idToBytes), idToBytes(claim)],
    ],
  );
  return state === 'QUEUED' ? 0 : affectedRows;
}

/** A line of the report: who, never by which number. */
export interface ReportedRecipient {
  readonly customerId: Id;
  readonly customerNo: string;
  readonly office: string;
  readonly language: Language;
  readonly state: RecipientState;
  readonly outcome: string | null;
  readonly attempts: number;
  readonly sentAt: InstantMs | null;
}

/** Recipients in the order of their customers' ids, so many after one. */
export async function reportedAfter(
  reader: Reader,
  broadcastId: Id,
  after: Id | undefined,
  limit: number,
): Promise<ReportedRecipient[]> {
  const rows = await reader.read(
    `SELECT r.customer_id, c.customer_no, c.office, r.language, r.state, r.outcome, r.attempts, r.sent_at
     FROM broadcast_recipients r JOIN customers c ON c.id = r.customer_id
     WHERE r.broadcast_id = ? AND r.customer_id > ? ORDER BY r.customer_id LIMIT ?`,
    [idToBytes(broadcastId), after === undefined ? Buffer.alloc(16) : idToBytes(after), limit],
  );
  return rows.map((row) => ({
    customerId: idFromBytes(row['customer_id'] as Buffer),
    customerNo: row['customer_no'] as string,
    office: row['office'] as string,
    language: row['language'] as Language,
    state: row['state'] as RecipientState,
    outcome: row['outcome'] as string | null,
    attempts: Number(row['attempts']),
    sentAt: (row['sent_at'] as Date | null)?.getTime() ?? null,
  }));
}

function recipientOf(row: Row, phoneSalt: Buffer): TakenRecipient {
  const mobile = row['mobile'] as string | null;
  return {
    customerId: idFromBytes(row['customer_id'] as Buffer),
    language: row['language'] as Language,
    attempts: Number(row['attempts']),
    bill: null,
    mobile,
    samePhone: mobile !== null && phoneTag(phoneSalt, mobile).equals(row['phone_tag'] as Buffer),
  };
}

/** The same as the database makes it. */
function phoneTag(salt: Buffer, mobile: string): Buffer {
  return createHash('sha256').update(salt.toString('hex')).update(mobile).digest().subarray(0, 16);
}
