import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

/** Somebody asked for a code. Whether the numbers mean a customer is not known before the worker has looked. */
export interface Ask {
  /** What the asker holds until the code comes. */
  readonly ticket: Id;
  /** Meter or customer number, as typed. */
  readonly reference: string;
  /** `8801XXXXXXXXX`. Personal data: never in a log. */
  readonly mobile: string;
  readonly askedAt: InstantMs;
  readonly worked: boolean;
  /** Both null: nobody was sent anything. */
  readonly customerId: Id | null;
  readonly codeId: Id | null;
  readonly tries: number;
  readonly opened: boolean;
}

export async function insertAsk(
  tx: Tx,
  { ticket, reference, mobile, askedAt }: Pick<Ask, 'ticket' | 'reference' | 'mobile' | 'askedAt'>,
): Promise<void> {
  await tx.write('INSERT INTO portal_asks (id, reference, mobile, asked_at) VALUES (?)', [
    [idToBytes(ticket), reference, mobile, new Date(askedAt)],
  ]);
}

/** Locks an ask: worked once, and its tries counted one after the other. */
export async function lockAsk(tx: Tx, ticket: Id): Promise<Ask | undefined> {
  const [row] = await tx.query(
    `SELECT id, reference, mobile, asked_at, worked_at, customer_id, code_id, tries, opened_at
     FROM portal_asks WHERE id = ? FOR UPDATE`,
    [idToBytes(ticket)],
  );
  return row && askOf(row);
}

function askOf(row: Row): Ask {
  const idOrNull = (value: unknown) => (value === null ? null : idFromBytes(value as Buffer));
  return {
    ticket: idFromBytes(row['id'] as Buffer),
    reference: row['reference'] as string,
    mobile: row['mobile'] as string,
    askedAt: (row['asked_at'] as Date).getTime(),
    worked: row['worked_at'] !== null,
    customerId: idOrNull(row['customer_id']),
    codeId: idOrNull(row['code_id']),
    tries: row['tries'] as number,
    opened: row['opened_at'] !== null,
  };
}

export async function markWorked(
  tx: Tx,
  ticket: Id,
  code: { readonly customerId: Id; readonly codeId: Id } | null,
  at: InstantMs,
): Promise<void> {
  await tx.write('UPDATE portal_asks SET worked_at = ?, customer_id = ?, code_id = ? WHERE id = ?', [
    new Date(at),
    code && idToBytes(code.customerId),
    code && idToBytes(code.codeId),
    idToBytes(ticket),
  ]);
}

export async function countTry(tx: Tx, ticket: Id): Promise<void> {
  await tx.write('UPDATE portal_asks SET tries = tries + 1 WHERE id = ?', [idToBytes(ticket)]);
}

export async function markOpened(tx: Tx, ticket: Id, at: InstantMs): Promise<void> {
  await tx.write('UPDATE portal_asks SET opened_at = ? WHERE id = ?', [new Date(at), idToBytes(ticket)]);
}

/**
 * The customer whose own phone this is, and one of whose working meters, or whose own number, was named; undefined: nobody.
 * Only what answers to the phone is looked at.
 *
 * @param numbers what was typed, in capitals
 */
export async function findAsker(reader: Reader, mobile: string, number: string): Promise<Id | undefined> {
  const [row] = await reader.read<Row & { id: Buffer }>(
    `SELECT c.id FROM customers c JOIN connections n ON n.customer_id = c.id JOIN meters m ON m.connection_id = n.id
     WHERE c.mobile = ? AND m.status = 'active' AND ? IN (m.pan, m.drn, c.customer_no) ORDER BY c.id LIMIT 1`,
    [mobile, number],
  );
  return row && idFromBytes(row.id);
}
