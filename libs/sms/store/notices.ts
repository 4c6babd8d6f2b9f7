import { idFromBytes, idToBytes, newId, type Id } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import type { Notice, NoticeState } from '../notice';

/** The notices of these vends, by vend; a vend without a row has not been tried yet. */
export async function findNotices(reader: Reader, vendIds: readonly Id[]): Promise<Map<Id, Notice>> {
  if (vendIds.length === 0) return new Map();
  const rows = await reader.read<{
    vend_id: Buffer;
    state: NoticeState;
    outcome: string | null;
    parts: number | null;
  }>(`SELECT vend_id, state, outcome, parts FROM notices WHERE vend_id IN (?) AND kind = 'receipt'`, [
    vendIds.map(idToBytes),
  ]);
  return new Map(
    rows.map((row) => {
      const vendId = idFromBytes(row.vend_id);
      return [vendId, { vendId, state: row.state, outcome: row.outcome, parts: row.parts, referenceId: null }];
    }),
  );
}

/** Writes how each notice came out, over whatever an earlier attempt wrote; a sent notice stays sent. */
export async function saveNotices(tx: Tx, notices: readonly Notice[], now: Date): Promise<void> {
  if (notices.length === 0) return;
  const rows = notices.map((n) => [
    idToBytes(newId(now.getTime())),
    idToBytes(n.vendId),
    'receipt',
    n.state,
    n.referenceId,
    n.outcome,
    n.parts,
    now,
  ]);
  await tx.write(
    `INSERT INTO notices (id, vend_id, kind, state, reference_id, outcome, parts, updated_at) VALUES ?
     ON DUPLICATE KEY UPDATE
       reference_id = IF(state IN ('SENT', 'DELIVERED'), reference_id, VALUES(reference_id)),
       outcome = IF(state IN ('SENT', 'DELIVERED'), outcome, VALUES(outcome)),
       parts = IF(state IN ('SENT', 'DELIVERED'), parts, VALUES(parts)),
       updated_at = VALUES(updated_at),
       state = IF(state IN ('SENT', 'DELIVERED'), state, VALUES(state))`,
    [rows],
  );
}
