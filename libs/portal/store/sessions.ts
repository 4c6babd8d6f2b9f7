import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

/** A customer on the own page. */
export interface Visitor {
  readonly customerId: Id;
  readonly customerNo: string;
  /** The phone that the code came to. Personal data: never in a log. */
  readonly mobile: string;
  /** When the session ends. */
  readonly expiresAt: InstantMs;
}

export async function insertSession(
  tx: Tx,
  session: {
    readonly tokenHash: Buffer;
    readonly customerId: Id;
    readonly mobile: string;
    readonly openedAt: InstantMs;
    readonly expiresAt: InstantMs;
  },
): Promise<void> {
  const { tokenHash, customerId, mobile, openedAt, expiresAt } = session;
  await tx.write('INSERT INTO portal_sessions (token_hash, customer_id, mobile, opened_at, expires_at) VALUES (?)', [
    [tokenHash, idToBytes(customerId), mobile, new Date(openedAt), new Date(expiresAt)],
  ]);
}

/** Who comes with this cookie; undefined: nobody any more, and nobody whose phone is another by now. */
export async function findVisitor(reader: Reader, tokenHash: Buffer, at: InstantMs): Promise<Visitor | undefined> {
  const [row] = await reader.read<Row & { id: Buffer; customer_no: string; mobile: string; expires_at: Date }>(
    `SELECT c.id, c.customer_no, c.mobile, s.expires_at FROM portal_sessions s
       JOIN customers c ON c.id = s.customer_id AND c.mobile = s.mobile
     WHERE s.token_hash = ? AND s.ended_at IS NULL AND s.expires_at > ?`,
    [tokenHash, new Date(at)],
  );
  if (!row) return undefined;
  const { customer_no: customerNo, mobile } = row;
  return { customerId: idFromBytes(row.id), customerNo, mobile, expiresAt: row.expires_at.getTime() };
}

/** The number that the audit trail knows a customer by. */
export async function customerNoOf(tx: Tx, customerId: Id): Promise<string> {
  const [row] = await tx.query<{ customer_no: string }>('SELECT customer_no FROM customers WHERE id = ?', [
    idToBytes(customerId),
  ]);
  return row!.customer_no;
}

/** @returns true: it was open until now */
export async function endSession(tx: Tx, tokenHash: Buffer, at: InstantMs): Promise<boolean> {
  const { affectedRows } = await tx.write(
    'UPDATE portal_sessions SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL',
    [new Date(at), tokenHash],
  );
  return affectedRows > 0;
}
