import type { InstantMs } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import type { BusinessKey } from './recharge.store';

/** Says to all processes that these payments are in hand; what a process that died had in hand is forgotten on the way. */
export async function insertUnderWay(
  tx: Tx,
  keys: readonly BusinessKey[],
  now: InstantMs,
  until: InstantMs,
): Promise<void> {
  const heldUntil = new Date(until);
  await Promise.all([
    tx.write('DELETE FROM payments_under_way WHERE held_until < ? LIMIT 1000', [new Date(now)]),
    tx.write(
      `INSERT IGNORE INTO payments_under_way (source, source_ref, held_until) VALUES ${keys.map(() => '(?, ?, ?)').join(', ')}`,
      keys.flatMap(({ source, sourceRef }) => [source, sourceRef, heldUntil]),
    ),
  ]);
}

/** Says that these are over. */
export async function deleteUnderWay(tx: Tx, keys: readonly BusinessKey[]): Promise<void> {
  const sources = [...new Set(keys.map(({ source }) => source))];
  await Promise.all(
    sources.map((source) => {
      const ended = keys.filter((key) => key.source === source).map(({ sourceRef }) => sourceRef);
      // By source and list: MariaDB walks the whole table for (source, source_ref) IN ((…)).
      return tx.write('DELETE FROM payments_under_way WHERE source = ? AND source_ref IN (?)', [source, ended]);
    }),
  );
}

export async function isHeld(reader: Reader, { source, sourceRef }: BusinessKey, now: InstantMs): Promise<boolean> {
  const rows = await reader.read(
    'SELECT 1 AS held FROM payments_under_way WHERE source = ? AND source_ref = ? AND held_until > ?',
    [source, sourceRef, new Date(now)],
  );
  return rows.length > 0;
}
