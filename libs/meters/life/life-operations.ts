import { createHash } from 'node:crypto';
import { DomainError, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database, type Row, type Tx } from '@vend/platform';
import type { LifeErrorCode } from './life.errors';

/** What is kept of an operation's outcome: plain JSON, money as decimal strings. */
export type LifeResult = Readonly<Record<string, string | number | boolean | null>>;

export type LifeKind = 'install' | 'replace' | 'change-terms' | 'disconnect' | 'reconnect' | 'close' | 'deposit-return';

/** A change that somebody asks for once. */
export interface LifeOperation {
  /** The request's Idempotency-Key. */
  readonly key: Id;
  readonly kind: LifeKind;
  /** The connection or customer that it changes. */
  readonly subjectId: Id;
  /** Everything that decides its outcome: the same key with another content is refused. */
  readonly content: unknown;
  readonly by: string;
  readonly at: InstantMs;
}

/** Times that an operation is begun again because somebody else stored the same number or key meanwhile. */
const RACES_MAX = 3;

/**
 * Does a change once, in one transaction with the row that remembers it. Again with the same key: the stored outcome,
 * whoever asks and however often; also when the two run at once, where the one that comes second meets a world in which
 * its change is done already and would be refused for it.
 *
 * @param work does everything, and throws to have nothing done
 * @throws {DomainError<LifeErrorCode>} operation-differs; and what the work refuses
 * @example const { result, replayed } = await doOnce(database, operation, async (tx) => ({ meterId }));
 */
export async function doOnce<Result extends LifeResult>(
  database: Database,
  operation: LifeOperation,
  work: (tx: Tx) => Promise<Result>,
): Promise<{ result: Result; replayed: boolean }> {
  for (let race = 1; ; race++) {
    const stored = await findStored<Result>(database, operation);
    if (stored) return { result: stored, replayed: true };
    try {
      return await database.transaction(async (tx) => {
        const result = await work(tx);
        await insertOperation(tx, operation, result);
        return { result, replayed: false };
      });
    } catch (error) {
      const byOther = await findStored<Result>(database, operation);
      if (byOther) return { result: byOther, replayed: true };
      if (!isDuplicate(error) || race === RACES_MAX) throw error;
    }
  }
}

async function findStored<Result>(database: Database, operation: LifeOperation): Promise<Result | undefined> {
  const [row] = await database.read<Row & { content_hash: Buffer; result: unknown }>(
    'SELECT content_hash, result FROM life_operations WHERE id = ?',
    [idToBytes(operation.key)],
  );
  if (!row) return undefined;
  if (!row.content_hash.equals(hashOf(operation))) throw new DomainError<LifeErrorCode>('operation-differs');
  return (typeof row.result === 'string' ? JSON.parse(row.result) : row.result) as Result;
}

async function insertOperation(tx: Tx, operation: LifeOperation, result: LifeResult): Promise<void> {
  const { key, kind, subjectId, by, at } = operation;
  await tx.write(
    'INSERT INTO life_operations (id, kind, subject_id, content_hash, result, made_by, made_at) VALUES (?)',
    [[idToBytes(key), kind, idToBytes(subjectId), hashOf(operation), JSON.stringify(result), by, new Date(at)]],
  );
}

function hashOf({ kind, content }: LifeOperation): Buffer {
  const text = JSON.stringify([kind, content], (_key, each: unknown) =>
    typeof each === 'bigint' ? each.toString() : each,
  );
  return createHash('sha256').update(text).digest();
}
