import type { InstantMs } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import type { BusinessKey } from './recharge.store';

/** Says to all processes that this payment is in hand; what a process that died had in hand is forgotten on the way. */
export async function insertUnderWay(tx: Tx, key: BusinessKey, now: InstantMs, until: InstantMs): Promise<void> {
  await Promise.all([
    tx.write('DELETE FROM payments_under_way WHERE held_until < ? LIMIT 100', [new Date(now)]),
    tx.write('INSERT IGNORE INTO payments_under_way (source, source_ref, held_until) VALUES (?, ?, ?)', [
      ...[key.source, key.sourceRef, new Date(until)],
    ]),
  ]);
}

export async function deleteUnderWay(tx: Tx, { source, sourceRef }: BusinessKey): Promise<void> {
  await tx.write('DELETE FROM payments_under_way WHERE source = ? AND source_ref = ?', [source, sourceRef]);
}

export async function isHeld(reader: Reader, { source, sourceRef }: BusinessKey, now: InstantMs): Promise<boolean> {
  const rows = await reader.read(
    'SELECT 1 AS held FROM payments_under_way WHERE source = ? AND source_ref = ? AND held_until > ?',
    [source, sourceRef, new Date(now)],
  );
  return rows.length > 0;
}
