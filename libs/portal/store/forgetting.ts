import type { InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';

/** Rows of one transaction: few enough that whoever asks beside it waits for nothing. */
const BATCH = 1_000;
/** Batches of one night. What is left is the next night's. */
const BATCHES_MAX = 1_000;
const DAY_MS = 86_400_000;

/** How many rows were forgotten. */
export interface ForgottenVisits {
  readonly codeAsks: number;
  readonly codeCounts: number;
  readonly ownSessions: number;
}

/**
 * Deletes what was typed to get a code and how often, a day later; sessions a month after their end. The audit trail keeps
 * who came in. Again changes nothing.
 *
 * @example await forgetVisits(database, Date.now()) // { codeAsks: 1_204, codeCounts: 2_311, ownSessions: 90 }
 */
export async function forgetVisits(database: Database, now: InstantMs): Promise<ForgottenVisits> {
  const forget = async (table: string, column: string, before: InstantMs): Promise<number> => {
    let rows = 0;
    for (let n = 0; n < BATCHES_MAX; n++) {
      const { affectedRows } = await database.transaction((tx) =>
        tx.write(`DELETE FROM ${table} WHERE ${column} < ? ORDER BY ${column} LIMIT ?`, [new Date(before), BATCH]),
      );
      rows += affectedRows;
      if (affectedRows < BATCH) break;
    }
    return rows;
  };
  return {
    codeAsks: await forget('portal_asks', 'asked_at', now - DAY_MS),
    codeCounts: await forget('portal_counts', 'began_at', now - DAY_MS),
    ownSessions: await forget('portal_sessions', 'expires_at', now - 30 * DAY_MS),
  };
}
