import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { leaveToWorker, settleOutbox, type Database, type Reader, type Row, type Tx } from '@vend/platform';
import type { FileKind } from '@vend/tables';
import type { ImportJob, ImportOrder, ImportState } from '../import/import-job';
import type { GroupOutcome } from '../import/import-run';
import type { RowFault, RowFaultCode } from '../import/row-faults';

/** A worker that is silent for this long has lost its import to the next one. */
export const LEASE_MS = 30_000;

/** Puts an import in order and wakes a worker. @throws a duplicate key: an import of this id is there */
export async function insertImport(tx: Tx, order: ImportOrder, sha256: string, bytes: number): Promise<void> {
  const at = new Date(order.at);
  await tx.write(
    `INSERT INTO imports (id, state, file_name, file_kind, file_sha256, made_by, made_at, total_bytes)
     VALUES (?, 'QUEUED', ?, ?, ?, ?, ?, ?)`,
    [idToBytes(order.id), order.fileName, order.kind, Buffer.from(sha256, 'hex'), order.by, at, bytes],
  );
}

/** Wakes a worker for it. */
export function leaveImport(tx: Tx, id: Id, at: InstantMs): Promise<void> {
  return leaveToWorker(tx, [{ topic: 'import', refId: id }], new Date(at));
}

export async function findImport(reader: Reader, id: Id): Promise<ImportJob | undefined> {
  const [row] = await reader.read('SELECT * FROM imports WHERE id = ?', [idToBytes(id)]);
  return row && jobOf(row);
}

/** The latest first; `before`: the last of the page before. */
export async function listImports(reader: Reader, page: { before?: Id; limit: number }): Promise<ImportJob[]> {
  const { before, limit } = page;
  const rows =
    before === undefined
      ? await reader.read('SELECT * FROM imports ORDER BY made_at DESC, id DESC LIMIT ?', [limit])
      : await reader.read(
          `SELECT i.* FROM imports i JOIN imports b ON b.id = ?
           WHERE (i.made_at, i.id) < (b.made_at, b.id) ORDER BY i.made_at DESC, i.id DESC LIMIT ?`,
          [idToBytes(before), limit],
        );
  return rows.map(jobOf);
}

/** The latest import of a file by somebody that has not ended. */
export async function findUnended(reader: Reader, sha256: string, by: string): Promise<ImportJob | undefined> {
  const [row] = await reader.read(
    `SELECT * FROM imports WHERE file_sha256 = ? AND state IN ('QUEUED', 'RUNNING') AND made_by = ?
     ORDER BY made_at DESC LIMIT 1`,
    [Buffer.from(sha256, 'hex'), by],
  );
  return row && jobOf(row);
}

/** Who works on an import: a later claim has a higher fence, and what was claimed before it can write nothing more. */
export interface ImportClaim {
  readonly id: Id;
  readonly fence: number;
}

/** Takes an import up, unless it has ended or another worker is at it. */
export function claimImport(database: Database, id: Id, now: InstantMs): Promise<ImportClaim | undefined> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query<{ state: ImportState; fence: number; lease_until: Date | null }>(
      'SELECT state, fence, lease_until FROM imports WHERE id = ? FOR UPDATE',
      [idToBytes(id)],
    );
    if (!row || row.state === 'DONE' || row.state === 'FAILED') return undefined;
    if (row.lease_until !== null && row.lease_until.getTime() > now) return undefined;
    const fence = Number(row.fence) + 1;
    await tx.write(`UPDATE imports SET state = 'RUNNING', fence = ?, lease_until = ? WHERE id = ?`, [
      ...[fence, new Date(now + LEASE_MS), idToBytes(id)],
    ]);
    return { id, fence };
  });
}

/** Keeps the claim, or gives it up (`until` now). @returns false when another worker has it */
export async function extendClaim(database: Database, { id, fence }: ImportClaim, until: InstantMs): Promise<boolean> {
  const { affectedRows } = await database.transaction((tx) =>
    tx.write(`UPDATE imports SET lease_until = ? WHERE id = ? AND fence = ? AND state = 'RUNNING'`, [
      ...[new Date(until), idToBytes(id), fence],
    ]),
  );
  return affectedRows === 1;
}

/** Another worker has taken the import up: what this one still had in hand is rolled back. */
export class ImportTakenOver extends Error {
  override readonly name = 'ImportTakenOver';
}

/** Writes what became of a group, in the transaction that stores it. @throws {ImportTakenOver} */
export async function saveOutcome(
  tx: Tx,
  { id, fence }: ImportClaim,
  { counts, faults, lastLine, doneBytes }: GroupOutcome,
  clock: { readonly now: InstantMs; readonly busyMs: number },
): Promise<void> {
  const { affectedRows } = await tx.write(
    `UPDATE imports SET done_bytes = ?, last_line = ?, rows_done = rows_done + ?, rows_inserted = rows_inserted + ?,
       rows_updated = rows_updated + ?, rows_unchanged = rows_unchanged + ?, rows_rejected = rows_rejected + ?,
       faults = faults + ?, busy_ms = busy_ms + ?, lease_until = ?
     WHERE id = ? AND fence = ? AND state = 'RUNNING'`,
    [
      ...[doneBytes, lastLine, counts.rows, counts.inserted, counts.updated, counts.unchanged, counts.rejected],
      ...[faults.length, clock.busyMs, new Date(clock.now + LEASE_MS), idToBytes(id), fence],
    ],
  );
  if (affectedRows !== 1) throw new ImportTakenOver('another worker has this import');
  if (faults.length === 0) return;
  const places = new Map<number, number>();
  const rows = faults.map(({ line, column, code }) => {
    const place = places.get(line) ?? 0;
    places.set(line, place + 1);
    return [idToBytes(id), line, place, column, code];
  });
  await tx.write('INSERT INTO import_faults (import_id, line, place, column_name, code) VALUES ?', [rows]);
}

/** How an import ended. */
export interface ImportEnd {
  readonly at: InstantMs;
  /** undefined: DONE. */
  readonly refusal: { readonly code: string; readonly facts: object } | undefined;
}

/** Ends it, and its place in the outbox. @throws {ImportTakenOver} */
export async function endImport(tx: Tx, { id, fence }: ImportClaim, { at, refusal }: ImportEnd): Promise<void> {
  const { affectedRows } = await tx.write(
    `UPDATE imports SET state = ?, ended_at = ?, refusal_code = ?, refusal_facts = ?, lease_until = NULL
     WHERE id = ? AND fence = ? AND state = 'RUNNING'`,
    [
      ...[refusal ? 'FAILED' : 'DONE', new Date(at), refusal?.code ?? null],
      ...[refusal ? JSON.stringify(refusal.facts).slice(0, 600) : null, idToBytes(id), fence],
    ],
  );
  if (affectedRows !== 1) throw new ImportTakenOver('another worker has this import');
  await settleOutbox(tx, 'import', [id]);
}

/** The size that progress is measured by, when it is not that of the file: a workbook's sheet is packed. */
export async function setTotalBytes(database: Database, id: Id, bytes: number): Promise<void> {
  await database.transaction((tx) =>
    tx.write('UPDATE imports SET total_bytes = ? WHERE id = ?', [bytes, idToBytes(id)]),
  );
}

/** Faults of these lines, by line. */
export async function faultsBetween(
  reader: Reader,
  id: Id,
  from: number,
  to: number,
): Promise<Map<number, RowFault[]>> {
  const rows = await reader.read<{ line: number; column_name: string | null; code: RowFaultCode }>(
    `SELECT line, column_name, code FROM import_faults WHERE import_id = ? AND line BETWEEN ? AND ? ORDER BY line, place`,
    [idToBytes(id), from, to],
  );
  const byLine = new Map<number, RowFault[]>();
  for (const { line, column_name: column, code } of rows) {
    byLine.set(line, [...(byLine.get(line) ?? []), { line, column, code }]);
  }
  return byLine;
}

/** The first faults of an import, by line. */
export async function firstFaults(reader: Reader, id: Id, limit: number): Promise<RowFault[]> {
  const rows = await reader.read<{ line: number; column_name: string | null; code: RowFaultCode }>(
    'SELECT line, column_name, code FROM import_faults WHERE import_id = ? ORDER BY line, place LIMIT ?',
    [idToBytes(id), limit],
  );
  return rows.map(({ line, column_name: column, code }) => ({ line, column, code }));
}

function jobOf(row: Row): ImportJob {
  const count = (name: string) => Number(row[name]);
  const code = row['refusal_code'] as string | null;
  return {
    id: idFromBytes(row['id'] as Buffer),
    state: row['state'] as ImportState,
    fileName: row['file_name'] as string,
    kind: row['file_kind'] as FileKind,
    sha256: (row['file_sha256'] as Buffer).toString('hex'),
    by: row['made_by'] as string,
    madeAt: (row['made_at'] as Date).getTime(),
    endedAt: (row['ended_at'] as Date | null)?.getTime() ?? null,
    refusal: code === null ? null : { code, facts: factsOf(row['refusal_facts'] as string) },
    counts: {
      rows: count('rows_done'),
      inserted: count('rows_inserted'),
      updated: count('rows_updated'),
      unchanged: count('rows_unchanged'),
      rejected: count('rows_rejected'),
    },
    faults: count('faults'),
    totalBytes: count('total_bytes'),
    doneBytes: count('done_bytes'),
    lastLine: count('last_line'),
    busyMs: count('busy_ms'),
  };
}

/** What was cut to fit the column is no JSON any more, and then nothing is said. */
function factsOf(text: string): Record<string, string | number> {
  try {
    return JSON.parse(text) as Record<string, string | number>;
  } catch {
    return {};
  }
}
