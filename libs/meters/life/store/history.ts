import { idToBytes, newId, type InstantMs } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
import type { ChangeNote, FormerVersion, RecordContents, RecordKind, RecordVersion } from '../history';

/**
 * Keeps what records were, in the transaction that changes them: one row for each record, all in one statement. The
 * caller sets the changed rows' `updated_at` to `note.at`, so that the present version begins where the former ended.
 * A new record has no former version and needs no row.
 *
 * @param former what the rows held before the change, with their `updated_at` as `validFrom`
 * @example await keepFormer(tx, [{ record: 'customer', recordId, validFrom, content }], { at: now, by: 'user:rahima', reason: 'married' })
 */
export async function keepFormer(tx: Tx, former: readonly FormerVersion[], note: ChangeNote): Promise<void> {
  if (former.length === 0) return;
  const rows = former.map(({ record, recordId, validFrom, content }) => [
    idToBytes(newId(note.at)),
    record,
    idToBytes(recordId),
    // Two machines' clocks may disagree by a little; a version never ends before it began.
    new Date(Math.min(validFrom, note.at)),
    new Date(note.at),
    JSON.stringify(content),
    note.by,
    note.reason,
  ]);
  await tx.write(
    `INSERT INTO record_history (id, record, record_id, valid_from, valid_to, content, changed_by, reason) VALUES ?`,
    [rows],
  );
}

interface HistoryRow extends Row {
  valid_from: Date;
  valid_to: Date;
  content: unknown;
  changed_by: string;
  reason: string;
}

/**
 * Every version of a record, oldest first, ending with the present one.
 *
 * @param present the row as it is, with its `updated_at` as `validFrom`
 */
export async function readHistory<Kind extends RecordKind>(
  reader: Pick<Tx, 'query'>,
  present: FormerVersion<Kind>,
): Promise<RecordVersion<Kind>[]> {
  const rows = await reader.query<HistoryRow>(
    `SELECT valid_from, valid_to, content, changed_by, reason FROM record_history
     WHERE record = ? AND record_id = ? ORDER BY valid_to, id`,
    [present.record, idToBytes(present.recordId)],
  );
  const versions: RecordVersion<Kind>[] = [];
  let made: RecordVersion['made'] = null;
  for (const row of rows) {
    versions.push({ validFrom: timeOf(row.valid_from), validTo: timeOf(row.valid_to), content: contentOf(row), made });
    made = { by: row.changed_by, reason: row.reason };
  }
  const validFrom = versions.at(-1)?.validTo ?? present.validFrom;
  return [...versions, { validFrom, validTo: null, content: present.content, made }];
}

function timeOf(date: Date): InstantMs {
  return date.getTime();
}

/** MariaDB gives JSON as text, MySQL as an object. */
function contentOf<Kind extends RecordKind>({ content }: HistoryRow): RecordContents[Kind] {
  return (typeof content === 'string' ? JSON.parse(content) : content) as RecordContents[Kind];
}
