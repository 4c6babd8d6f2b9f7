import { createHash } from 'node:crypto';
import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { seal, unseal, type Reader, type Row, type Tx } from '@vend/platform';
import type { GatewayClaim } from '../gateway';

export interface NewMessage {
  readonly messageId: Id;
  readonly provider: string;
  readonly way: 'return' | 'notice';
  readonly rawBody: Buffer;
  readonly receivedAt: InstantMs;
}

/** A message as it was accepted. */
export interface StoredMessage extends NewMessage {
  readonly claim: GatewayClaim;
  readonly state: 'RECEIVED' | 'DONE';
}

interface MessageRow extends Row {
  id: Buffer;
  provider: string;
  way: 'return' | 'notice';
  event_key: Buffer;
  raw_sealed: Buffer;
  received_at: Date;
  claims: GatewayClaim['claims'];
  order_no: string | null;
  gateway_ref: string | null;
  trx_id: string | null;
  claim_ref: string | null;
  state: StoredMessage['state'];
}

/** Keeps an accepted message. @throws a duplicate-key error when this event is there already */
export async function insertAccepted(
  tx: Tx,
  sealingSecret: Buffer,
  message: NewMessage,
  claim: GatewayClaim,
): Promise<void> {
  const { messageId, provider, way, rawBody, receivedAt } = message;
  const { eventKey, claims, orderNo, gatewayRef, trxId, claimRef = null } = claim;
  await tx.write(
    `INSERT INTO gateway_messages (id, provider, way, event_key, raw_sealed, received_at, verdict, claims, order_no,
       gateway_ref, trx_id, claim_ref, state) VALUES (?)`,
    [
      [
        ...[idToBytes(messageId), provider, way, keyOf(way, eventKey)],
        ...[seal(sealingSecret, rawBody, contextOf(messageId)), new Date(receivedAt), 'ACCEPTED', claims],
        ...[short(orderNo, 64), short(gatewayRef, 100), short(trxId, 64), short(claimRef, 100), 'RECEIVED'],
      ],
    ],
  );
}

/** Keeps a refused message, but no more than so many of a provider since an instant. @returns false: there are enough */
export async function insertRefused(
  tx: Tx,
  sealingSecret: Buffer,
  message: NewMessage,
  refusal: string,
  bound: { readonly since: InstantMs; readonly most: number },
): Promise<boolean> {
  const { messageId, provider, way, rawBody, receivedAt } = message;
  const kept = await tx.query(
    `SELECT 1 FROM gateway_messages WHERE provider = ? AND verdict = 'REFUSED' AND received_at > ? LIMIT ?`,
    [provider, new Date(bound.since), bound.most],
  );
  if (kept.length >= bound.most) return false;
  await tx.write(
    `INSERT INTO gateway_messages (id, provider, way, raw_sealed, received_at, verdict, refusal, state) VALUES (?)`,
    [
      [
        ...[idToBytes(messageId), provider, way, seal(sealingSecret, rawBody, contextOf(messageId))],
        ...[new Date(receivedAt), 'REFUSED', refusal.slice(0, 64), 'DONE'],
      ],
    ],
  );
  return true;
}

/** An accepted message with its bytes; undefined when there is none. */
export async function findMessage(
  reader: Reader,
  sealingSecret: Buffer,
  messageId: Id,
): Promise<StoredMessage | undefined> {
  const [row] = await reader.read<MessageRow>(
    `SELECT id, provider, way, event_key, raw_sealed, received_at, claims, order_no, gateway_ref, trx_id, claim_ref, state
     FROM gateway_messages WHERE id = ? AND verdict = 'ACCEPTED'`,
    [idToBytes(messageId)],
  );
  if (!row) return undefined;
  return {
    messageId: idFromBytes(row.id),
    provider: row.provider,
    way: row.way,
    rawBody: unseal(sealingSecret, row.raw_sealed, contextOf(messageId)),
    receivedAt: row.received_at.getTime(),
    state: row.state,
    claim: {
      eventKey: row.event_key.toString('hex'),
      orderNo: row.order_no,
      gatewayRef: row.gateway_ref,
      trxId: row.trx_id,
      claimRef: row.claim_ref,
      claims: row.claims,
    },
  };
}

/** Ends the work on a message; its first conclusion stands. */
export async function concludeMessage(tx: Tx, messageId: Id, outcome: string): Promise<void> {
  await tx.write(`UPDATE gateway_messages SET state = 'DONE', outcome = ? WHERE id = ? AND state = 'RECEIVED'`, [
    outcome.slice(0, 64),
    idToBytes(messageId),
  ]);
}

/** The browser and the gateway may tell the same event: each is kept. Of any length and alphabet, hence the hash. */
function keyOf(way: string, eventKey: string): Buffer {
  return createHash('sha256').update(`${way}|${eventKey}`).digest();
}

function contextOf(messageId: Id): string {
  return `gateway-message:${messageId}`;
}

/** Too long, or with letters that no name of ours has: it is not ours, and names nothing. */
function short(text: string | null, most: number): string | null {
  return text !== null && text.length <= most && /^[\x21-\x7e]+$/.test(text) ? text : null;
}
