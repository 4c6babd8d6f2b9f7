import type { InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';

const AT_ONCE = 1_000;
/** One step looks at the payments of so long: it must not look at a month of them to find a thousand. */
const SLICE_MS = 86_400_000;

/**
 * Forgets the kept answers to payments that were accepted in a span of time, in bounded steps. The payments stay
 * registered: a repeat is answered anew from the books.
 *
 * @returns how many answers went
 * @example await forgetAnswers(database, { from: startOfDay('2025-10-01'), until: startOfDay('2025-11-01') })
 */
export async function forgetAnswers(
  database: Database,
  { from, until }: { readonly from: InstantMs; readonly until: InstantMs },
): Promise<number> {
  const providers = await database.read<{ code: string }>('SELECT code FROM payment_providers');
  let forgotten = 0;
  for (const { code } of providers) {
    for (let start = from; start < until; start += SLICE_MS) {
      const end = Math.min(start + SLICE_MS, until);
      forgotten += await forgetOf(database, code, new Date(start), new Date(end));
    }
  }
  return forgotten;
}

async function forgetOf(database: Database, provider: string, from: Date, until: Date): Promise<number> {
  for (let forgotten = 0; ;) {
    const { affectedRows } = await database.transaction((tx) =>
      tx.write(
        `UPDATE biller_commits SET answer_sealed = NULL
         WHERE provider = ? AND accepted_at >= ? AND accepted_at < ? AND answer_sealed IS NOT NULL
         ORDER BY accepted_at, trx_id LIMIT ?`,
        [provider, from, until, AT_ONCE],
      ),
    );
    forgotten += affectedRows;
    if (affectedRows < AT_ONCE) return forgotten;
  }
}
