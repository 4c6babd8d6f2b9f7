import { idToBytes, type Id } from '@vend/kernel';
import type { Tx } from '@vend/platform';

/** Sets how a meter's arrears are paid off; null: nothing is taken. The caller holds the meter's lock. */
export async function saveArrearsPlan(tx: Tx, meterId: Id, planJson: string | null): Promise<void> {
  await tx.write('UPDATE meter_states SET arrears_plan = ? WHERE meter_id = ?', [planJson, idToBytes(meterId)]);
}
