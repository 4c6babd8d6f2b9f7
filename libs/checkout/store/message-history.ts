import { idToBytes, newId, type InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';

const AT_ONCE = 1_000;

/**
 * Forgets gateways' messages that came before an instant and are worked, in bounded steps. One that waits stays, however
 * old it is; one that is brought again afterwards is a new one, and changes nothing.
 *
 * @returns how many went
 * @example await forgetGatewayMessages(database, Date.now() - 400 * 86_400_000)
 */
export async function forgetGatewayMessages(database: Database, before: InstantMs): Promise<number> {
  for (let forgotten = 0; ;) {
    const { affectedRows } = await database.transaction((tx) =>
      tx.write(`DELETE FROM gateway_messages WHERE id < ? AND state = 'DONE' ORDER BY id LIMIT ?`, [
        // Ids begin with the time.
        idToBytes(newId(before)).fill(0, 6),
        AT_ONCE,
      ]),
    );
    forgotten += affectedRows;
    if (affectedRows < AT_ONCE) return forgotten;
  }
}
