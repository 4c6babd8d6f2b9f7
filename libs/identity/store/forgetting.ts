import type { Database, Tx } from '@vend/platform';
import type { InstantMs } from '@vend/kernel';

/** Rows of one transaction: few enough that a login beside it waits for nothing. */
const BATCH = 1_000;
/** Batches of one night. What is left is the next night's. */
const BATCHES_MAX = 1_000;

/** How long logins of before are kept beyond their use: a month tells an investigator what was tried, and by whom. */
const KEPT_MS = 30 * 86_400_000;

/** How many rows were forgotten. */
export interface Forgotten {
  readonly refreshTokens: number;
  readonly loginFailures: number;
}

/**
 * Deletes refresh tokens a month after they expired, when their session is long over too, and counts of failed logins
 * that count for nothing any more. Sessions and the audit trail stay. In batches, and again changes nothing.
 *
 * @param now refresh tokens that expired a month before it are good for nobody: a session lasts 12 hours
 * @example await forgetOldLogins(database, Date.now()) // { refreshTokens: 70_210, loginFailures: 12 }
 */
export async function forgetOldLogins(
  database: Database,
  now: InstantMs,
  { batch = BATCH, batchesMax = BATCHES_MAX } = {},
): Promise<Forgotten> {
  const before = new Date(now - KEPT_MS);
  const forget = async (sql: string, parameters: readonly unknown[]): Promise<number> => {
    let rows = 0;
    for (let n = 0; n < batchesMax; n++) {
      const { affectedRows } = await database.transaction((tx: Tx) => tx.write(sql, [...parameters, batch]));
      rows += affectedRows;
      if (affectedRows < batch) break;
    }
    return rows;
  };
  return {
    refreshTokens: await forget('DELETE FROM refresh_tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?', [
      before,
    ]),
    loginFailures: await forget(
      `DELETE FROM login_failures WHERE failed_at < ? AND (locked_until IS NULL OR locked_until < ?)
       ORDER BY failed_at LIMIT ?`,
      [before, before],
    ),
  };
}
