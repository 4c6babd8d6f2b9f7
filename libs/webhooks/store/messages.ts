import { idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { WebhookEventType } from '../events';

export const WEBHOOK_MESSAGE_STATES = ['PENDING', 'DELIVERED', 'DEAD'] as const;
export type WebhookMessageState = (typeof WEBHOOK_MESSAGE_STATES)[number];

/** A message in a worker's hand. */
export interface MessageInHand {
  readonly messageId: Id;
  /** The id that the receiver sees: of the event, the same in every attempt. */
  readonly eventId: Id;
  readonly body: string;
  /** With this one. */
  readonly attempts: number;
  readonly triedSince: InstantMs;
}

/**
 * Takes due messages of one endpoint: they are not offered again before the lease is over, so that of a worker that dies
 * nothing is lost, and the receiver may hear twice, under the same id.
 */
export async function takeMessages(
  tx: Tx,
  endpointId: Id,
  { limit, now, leaseMs }: { readonly limit: number; readonly now: InstantMs; readonly leaseMs: number },
): Promise<MessageInHand[]> {
  const taken = await tx.query<{ id: Buffer; event_id: Buffer; attempts: number; tried_since: Date }>(
    `SELECT id, event_id, attempts, tried_since FROM webhook_messages
     WHERE state = 'PENDING' AND endpoint_id = ? AND due_at <= ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [idToBytes(endpointId), new Date(now), limit],
  );
  if (taken.length === 0) return [];
  const [events] = await Promise.all([
    tx.query<{ id: Buffer; body: string }>('SELECT id, body FROM webhook_events WHERE id IN (?)', [
      taken.map(({ event_id }) => event_id),
    ]),
    tx.write('UPDATE webhook_messages SET due_at = ?, attempts = LEAST(attempts + 1, 60000) WHERE id IN (?)', [
      new Date(now + leaseMs),
      taken.map(({ id }) => id),
    ]),
  ]);
  const bodies = new Map(events.map(({ id, body }) => [idFromBytes(id), body]));
  return taken.map((row) => {
    const eventId = idFromBytes(row.event_id);
    return {
      messageId: idFromBytes(row.id),
      ...{ eventId, body: bodies.get(eventId)! },
      attempts: row.attempts + 1,
      triedSince: row.tried_since.getTime(),
    };
  });
}

/** Where a message goes from here. Concluded meanwhile by another worker: nothing changes. */
export async function concludeMessage(
  tx: Tx,
  messageId: Id,
  end: { readonly state: WebhookMessageState; readonly outcome: string; readonly at: Date; readonly dueAt: Date },
): Promise<void> {
  const { state, outcome, at, dueAt } = end;
  await tx.write(
    `UPDATE webhook_messages SET state = ?, last_outcome = ?, due_at = ?, concluded_at = ?
     WHERE id = ? AND state = 'PENDING'`,
    [state, outcome, dueAt, state === 'PENDING' ? null : at, idToBytes(messageId)],
  );
}

export async function insertAttempt(
  tx: Tx,
  attempt: { readonly messageId: Id; readonly at: Date; readonly tookMs: number; readonly outcome: string },
): Promise<void> {
  const { messageId, at, tookMs, outcome } = attempt;
  await tx.write('INSERT INTO webhook_attempts (id, message_id, at, took_ms, outcome) VALUES (?)', [
    [idToBytes(newId(at.getTime())), idToBytes(messageId), at, tookMs, outcome],
  ]);
}

/** A message as a list shows it. */
export interface WebhookMessage {
  readonly messageId: Id;
  readonly endpointId: Id;
  readonly eventId: Id;
  readonly owner: string;
  readonly type: WebhookEventType;
  /** Of the payment or the settlement. */
  readonly subjectId: Id;
  readonly sequence: number;
  readonly state: WebhookMessageState;
  readonly attempts: number;
  readonly lastOutcome: string | null;
  readonly occurredAt: InstantMs;
  /** When it is tried next, if it is. */
  readonly dueAt: InstantMs;
  readonly concludedAt: InstantMs | null;
}

export interface MessageQuestion {
  readonly endpointId: Id | null;
  readonly state: WebhookMessageState | null;
  readonly before: Id | null;
  readonly limit: number;
}

/** Messages, the newest first. */
export async function listMessages(reader: Reader, question: MessageQuestion): Promise<WebhookMessage[]> {
  const { endpointId, state, before, limit } = question;
  const conditions: [string, unknown][] = [];
  if (endpointId) conditions.push(['m.endpoint_id = ?', idToBytes(endpointId)]);
  if (state) conditions.push(['m.state = ?', state]);
  if (before) conditions.push(['m.id < ?', idToBytes(before)]);
  return messages(reader, conditions, limit);
}

export async function findMessage(reader: Reader, messageId: Id): Promise<WebhookMessage | undefined> {
  return (await messages(reader, [['m.id = ?', idToBytes(messageId)]], 1))[0];
}

/** One try to deliver. */
export interface WebhookAttempt {
  readonly at: InstantMs;
  readonly tookMs: number;
  readonly outcome: string;
}

/** The last attempts at a message, the latest first. */
export async function listAttempts(reader: Reader, messageId: Id): Promise<WebhookAttempt[]> {
  const rows = await reader.read<{ at: Date; took_ms: number; outcome: string }>(
    'SELECT at, took_ms, outcome FROM webhook_attempts WHERE message_id = ? ORDER BY id DESC LIMIT 100',
    [idToBytes(messageId)],
  );
  return rows.map(({ at, took_ms: tookMs, outcome }) => ({ at: at.getTime(), tookMs, outcome }));
}

/** Puts one message back, to be sent now. */
export async function replayMessage(tx: Tx, messageId: Id, at: Date): Promise<void> {
  await tx.write(
    `UPDATE webhook_messages SET state = 'PENDING', due_at = ?, tried_since = ?, concluded_at = NULL WHERE id = ?`,
    [at, at, idToBytes(messageId)],
  );
}

/** Puts back some of an endpoint's messages since an instant, delivered or not. @returns how many, and the last of them */
export async function replaySome(
  tx: Tx,
  endpointId: Id,
  { after, through, at, limit }: { readonly after: Buffer; readonly through: Buffer; at: Date; limit: number },
): Promise<{ readonly count: number; readonly last: Buffer | undefined }> {
  const rows = await tx.query<{ id: Buffer }>(
    'SELECT id FROM webhook_messages WHERE endpoint_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT ? FOR UPDATE',
    [idToBytes(endpointId), after, through, limit],
  );
  if (rows.length > 0) {
    await tx.write(
      `UPDATE webhook_messages SET state = 'PENDING', due_at = ?, tried_since = ?, concluded_at = NULL WHERE id IN (?)`,
      [at, at, rows.map(({ id }) => id)],
    );
  }
  return { count: rows.length, last: rows.at(-1)?.id };
}

/** How many messages wait, and how many were given up: what an operator watches. */
export async function messageFigures(reader: Reader): Promise<Readonly<Record<'PENDING' | 'DEAD', number>>> {
  const rows = await reader.read<{ state: 'PENDING' | 'DEAD'; n: string }>(
    `SELECT state, COUNT(*) AS n FROM webhook_messages WHERE state IN ('PENDING', 'DEAD') GROUP BY state`,
  );
  const of = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0);
  return { PENDING: of('PENDING'), DEAD: of('DEAD') };
}

async function messages(reader: Reader, conditions: [string, unknown][], limit: number): Promise<WebhookMessage[]> {
  const where = conditions.map(([condition]) => condition).join(' AND ') || 'TRUE';
  const rows = await reader.read(
    `SELECT m.id, m.endpoint_id, m.event_id, m.state, m.due_at, m.attempts, m.last_outcome, m.concluded_at,
       e.owner, e.type, e.subject_id, e.sequence, e.occurred_at
     FROM webhook_messages m JOIN webhook_events e ON e.id = m.event_id
     WHERE ${where} ORDER BY m.id DESC LIMIT ?`,
    [...conditions.map(([, value]) => value), limit],
  );
  return rows.map(messageOf);
}

function messageOf(row: Row): WebhookMessage {
  const id = (name: string) => idFromBytes(row[name] as Buffer);
  return {
    ...{ messageId: id('id'), endpointId: id('endpoint_id'), eventId: id('event_id'), subjectId: id('subject_id') },
    owner: row['owner'] as string,
    type: row['type'] as WebhookEventType,
    sequence: row['sequence'] as number,
    state: row['state'] as WebhookMessageState,
    attempts: row['attempts'] as number,
    lastOutcome: row['last_outcome'] as string | null,
    occurredAt: (row['occurred_at'] as Date).getTime(),
    dueAt: (row['due_at'] as Date).getTime(),
    concludedAt: (row['concluded_at'] as Date | null)?.getTime() ?? null,
  };
}
