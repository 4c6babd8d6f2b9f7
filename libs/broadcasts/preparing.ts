import { idFromBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import { totalOf, type Broadcast } from './broadcast';
import { mayOptOut, type OptOutsBetween } from './opt-outs';
import { audienceAmong, nextCustomers, writeRecipients } from './store/audience';
import { addPrepared, changeBroadcast, lockBroadcast } from './store/broadcasts';

/** Customers looked at in one transaction: few enough that a pause or a kill costs little. */
const BATCH = 5_000;

/**
 * Writes down the recipients of the next stretch of customers, and, when there are none left, that all are there. How far
 * it has come is written in the same transaction, so any number of workers may do it, and die doing it.
 *
 * @returns true while there is more to do
 * @example while (await prepareBatch(database, optedOutBetween, broadcastId, Date.now()));
 */
export async function prepareBatch(
  database: Database,
  optedOut: OptOutsBetween,
  id: Id,
  now: InstantMs,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const held = await lockBroadcast(tx, id);
    if (held?.broadcast.state !== 'PREPARING') return false;
    const { broadcast, preparedThrough: after } = held;
    const through = await nextCustomers(tx, after, BATCH);
    if (!through) {
      await finish(tx, broadcast, now);
      return false;
    }
    const stretch = { after, through };
    // The class of a customer is that of the day on which the notice was made, however long preparing takes.
    const at = broadcast.madeAt;
    const unwilling = mayOptOut(broadcast)
      ? await optedOut(readerOf(tx), idBefore(after), idFromBytes(through))
      : new Set<Id>();
    const without = await audienceAmong(tx, broadcast.audience, [...unwilling], at);
    const added = await writeRecipients(tx, held, stretch, without, at);
    const customers = added.bn + added.en + added.samePhone + without.length;
    await addPrepared(tx, id, { through, customers, optedOut: without.length, ...added });
    return true;
  });
}

/** Before the first customer there is none, and no id either. */
const idBefore = (after: Buffer): Id | undefined =>
  after.every((byte) => byte === 0) ? undefined : idFromBytes(after);

async function finish(tx: Tx, broadcast: Broadcast, now: InstantMs): Promise<void> {
  const nobody = totalOf(broadcast) === 0;
  await changeBroadcast(tx, broadcast.id, {
    prepared_at: new Date(now),
    ...(nobody ? { state: 'STOPPED', ended_at: new Date(now), end_reason: 'nobody' } : { state: 'READY' }),
  });
}

const readerOf = (tx: Tx) => ({
  read: <R extends Record<string, unknown>>(sql: string, values?: readonly unknown[]) => tx.query<R>(sql, values),
});
