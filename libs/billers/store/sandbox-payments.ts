import { idFromBytes, idToBytes, startOfDay, type Id, type InstantMs, type LocalDay, type Paisa } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { BillerPayment } from '../core';

/** A payment that was made in sandbox mode. */
export interface SandboxPayment {
  readonly id: Id;
  readonly provider: string;
  readonly trxId: string;
  /** SHA-256 of what was asked for. */
  readonly content: Buffer;
  readonly reference: string;
  readonly amountPaisa: Paisa;
  readonly state: BillerPayment['state'];
  readonly refusalCode: string | null;
  readonly tokenCount: number;
  /** How it ends by itself: with the so many-th question from now, or at an instant. */
  readonly endsAs: 'vended' | 'refund-due' | 'reversed' | null;
  readonly afterAsks: number | null;
  readonly endsAt: InstantMs | null;
  readonly bookedAt: InstantMs;
  readonly acknowledgedAt: InstantMs | null;
}

const COLUMNS = `id, provider, trx_id, content_sha256, reference, amount_paisa, state, refusal_code, token_count, ends_as,
  after_asks, ends_at, booked_at, acknowledged_at`;

/** Locks a payment; undefined when there is none. */
export async function lockSandboxPayment(tx: Tx, provider: string, trxId: string): Promise<SandboxPayment | undefined> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM sandbox_payments WHERE provider = ? AND trx_id = ? FOR UPDATE`, [
    provider,
    trxId,
  ]);
  return row && paymentOf(row);
}

/** @throws a duplicate-key error when another was first */
export async function insertSandboxPayment(tx: Tx, payment: SandboxPayment): Promise<void> {
  const { endsAt, acknowledgedAt } = payment;
  await tx.write(`INSERT INTO sandbox_payments (${COLUMNS}) VALUES (?)`, [
    [
      ...[idToBytes(payment.id), payment.provider, payment.trxId, payment.content, payment.reference],
      ...[payment.amountPaisa.toString(), payment.state, payment.refusalCode, payment.tokenCount, payment.endsAs],
      ...[payment.afterAsks, endsAt === null ? null : new Date(endsAt), new Date(payment.bookedAt)],
      acknowledgedAt === null ? null : new Date(acknowledgedAt),
    ],
  ]);
}

/** Writes down where a locked payment stands now. */
export async function saveSandboxPayment(tx: Tx, payment: SandboxPayment): Promise<void> {
  const { state, endsAs, afterAsks, acknowledgedAt, id } = payment;
  await tx.write(
    'UPDATE sandbox_payments SET state = ?, ends_as = ?, after_asks = ?, acknowledged_at = ? WHERE id = ?',
    [state, endsAs, afterAsks, acknowledgedAt === null ? null : new Date(acknowledgedAt), idToBytes(id)],
  );
}

/** What was accepted on a Dhaka day, in order, after a place in it. */
export async function sandboxPaymentsOfDay(
  reader: Reader,
  question: { readonly provider: string; readonly day: LocalDay; readonly limit: number },
  after?: { readonly bookedAt: InstantMs; readonly trxId: string },
): Promise<SandboxPayment[]> {
  const from = startOfDay(question.day);
  const since = after ?? { bookedAt: from, trxId: '' };
  const rows = await reader.read(
    `SELECT ${COLUMNS} FROM sandbox_payments
     WHERE provider = ? AND booked_at >= ? AND booked_at < ? AND state <> 'refused'
       AND (booked_at > ? OR (booked_at = ? AND trx_id > ?))
     ORDER BY booked_at, trx_id LIMIT ?`,
    [
      ...[question.provider, new Date(from), new Date(from + DAY_MS)],
      ...[new Date(since.bookedAt), new Date(since.bookedAt), since.trxId, question.limit],
    ],
  );
  return rows.map(paymentOf);
}

const DAY_MS = 86_400_000;

/** Keeps the hash of a callback's bytes. @throws a duplicate-key error when its event was heard before */
export async function insertSandboxEvent(
  tx: Tx,
  event: { readonly provider: string; readonly eventKey: string; readonly sha256: Buffer; readonly at: InstantMs },
): Promise<void> {
  await tx.write('INSERT INTO sandbox_events (provider, event_key, body_sha256, received_at) VALUES (?)', [
    [event.provider, event.eventKey, event.sha256, new Date(event.at)],
  ]);
}

/** The hash of the bytes of an event that was heard before. */
export async function findSandboxEvent(
  reader: Reader,
  provider: string,
  eventKey: string,
): Promise<Buffer | undefined> {
  const [row] = await reader.read<{ body_sha256: Buffer }>(
    'SELECT body_sha256 FROM sandbox_events WHERE provider = ? AND event_key = ?',
    [provider, eventKey],
  );
  return row?.body_sha256;
}

function paymentOf(row: Row): SandboxPayment {
  const instant = (value: unknown) => (value as Date | null)?.getTime() ?? null;
  return {
    id: idFromBytes(row['id'] as Buffer),
    provider: row['provider'] as string,
    trxId: row['trx_id'] as string,
    content: row['content_sha256'] as Buffer,
    reference: row['reference'] as string,
    amountPaisa: BigInt(row['amount_paisa'] as string),
    state: row['state'] as SandboxPayment['state'],
    refusalCode: row['refusal_code'] as string | null,
    tokenCount: row['token_count'] as number,
    endsAs: row['ends_as'] as SandboxPayment['endsAs'],
    afterAsks: row['after_asks'] as number | null,
    endsAt: instant(row['ends_at']),
    bookedAt: (row['booked_at'] as Date).getTime(),
    acknowledgedAt: instant(row['acknowledged_at']),
  };
}
