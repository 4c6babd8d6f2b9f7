import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';

/** What is kept of a code: never the code. */
export interface CodeRow {
  readonly codeId: Id;
  readonly purpose: string;
  readonly customerId: Id;
  readonly expiresAt: InstantMs;
  readonly attempts: number;
  readonly used: boolean;
}

/** Locks the customer, so that codes asked for at once are counted one after the other, and counts those since an instant. */
export async function countCodesSince(tx: Tx, customerId: Id, since: InstantMs): Promise<number> {
  await tx.query('SELECT id FROM customers WHERE id = ? FOR UPDATE', [idToBytes(customerId)]);
  const [row] = await tx.query<{ n: string }>(
    'SELECT COUNT(*) AS n FROM one_time_codes WHERE customer_id = ? AND issued_at > ?',
    [idToBytes(customerId), new Date(since)],
  );
  return Number(row!.n);
}

export async function insertCode(
  tx: Tx,
  code: Pick<CodeRow, 'codeId' | 'purpose' | 'customerId' | 'expiresAt'>,
  at: InstantMs,
): Promise<void> {
  await tx.write('INSERT INTO one_time_codes (id, purpose, customer_id, issued_at, expires_at) VALUES (?)', [
    [idToBytes(code.codeId), code.purpose, idToBytes(code.customerId), new Date(at), new Date(code.expiresAt)],
  ]);
}

const COLUMNS = 'id, purpose, customer_id, expires_at, attempts, used_at';

/** Locks the row: of two answers at once the second is counted after the first. */
export async function lockCode(tx: Tx, codeId: Id): Promise<CodeRow | undefined> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM one_time_codes WHERE id = ? FOR UPDATE`, [idToBytes(codeId)]);
  return row && codeOf(row);
}

export async function findCodes(reader: Reader, codeIds: readonly Id[]): Promise<CodeRow[]> {
  if (codeIds.length === 0) return [];
  const rows = await reader.read(`SELECT ${COLUMNS} FROM one_time_codes WHERE id IN (?)`, [codeIds.map(idToBytes)]);
  return rows.map(codeOf);
}

/** So many more answers, right or wrong, up to `most`. A code that was used stays so. */
export async function countAttempt(
  tx: Tx,
  codeId: Id,
  { n, most, usedAt }: { readonly n: number; readonly most: number; readonly usedAt: InstantMs | null },
): Promise<void> {
  await tx.write(
    'UPDATE one_time_codes SET attempts = LEAST(attempts + ?, ?), used_at = COALESCE(used_at, ?) WHERE id = ?',
    [n, most, usedAt === null ? null : new Date(usedAt), idToBytes(codeId)],
  );
}

function codeOf(row: Record<string, unknown>): CodeRow {
  return {
    codeId: idFromBytes(row['id'] as Buffer),
    purpose: row['purpose'] as string,
    customerId: idFromBytes(row['customer_id'] as Buffer),
    expiresAt: (row['expires_at'] as Date).getTime(),
    attempts: row['attempts'] as number,
    used: row['used_at'] !== null,
  };
}
