import { idFromBytes, idToBytes, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';

/** A deposit that is held for a customer, or was given back. */
export interface HeldDeposit {
  readonly depositId: Id;
  readonly amountPaisa: Paisa;
  readonly isReturned: boolean;
}

/** Writes down whose a deposit is. @throws a duplicate-key error when this customer's paper is known */
export async function insertDeposit(
  tx: Tx,
  deposit: { readonly depositId: Id; readonly meterId: Id; readonly paper: string; readonly amountPaisa: Paisa },
  at: InstantMs,
): Promise<void> {
  const { depositId, meterId, paper, amountPaisa } = deposit;
  await tx.write(
    `INSERT INTO deposits (id, customer_id, paper, amount_paisa, entered_at)
     SELECT ?, n.customer_id, ?, ?, ? FROM meters m JOIN connections n ON n.id = m.connection_id WHERE m.id = ?`,
    [idToBytes(depositId), paper, amountPaisa.toString(), new Date(at), idToBytes(meterId)],
  );
}

/** The deposit of a paper, held to the end of the transaction. The caller holds the meter's lock. */
export async function lockDeposit(tx: Tx, meterId: Id, paper: string): Promise<HeldDeposit | undefined> {
  const [row] = await tx.query<Row & { id: Buffer; amount_paisa: string; returned_by: Buffer | null }>(
    `SELECT d.id, d.amount_paisa, d.returned_by
     FROM meters m JOIN connections n ON n.id = m.connection_id JOIN deposits d ON d.customer_id = n.customer_id
     WHERE m.id = ? AND d.paper = ? FOR UPDATE`,
    [idToBytes(meterId), paper],
  );
  return (
    row && {
      depositId: idFromBytes(row.id),
      amountPaisa: BigInt(row.amount_paisa),
      isReturned: row.returned_by !== null,
    }
  );
}

/** @throws {Error} when it is not held: the lock said otherwise */
export async function markDepositReturned(tx: Tx, depositId: Id, vendId: Id): Promise<void> {
  const { affectedRows } = await tx.write('UPDATE deposits SET returned_by = ? WHERE id = ? AND returned_by IS NULL', [
    idToBytes(vendId),
    idToBytes(depositId),
  ]);
  if (affectedRows !== 1) throw new Error('a deposit was given back twice');
}
