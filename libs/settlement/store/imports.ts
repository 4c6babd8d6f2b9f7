import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { leaveToWorker, type Database, type Reader, type Row, type Tx } from '@vend/platform';
import type { StatementImport, StatementOrder } from '../statement/import-job';
import type { LineFault, LineFaultCode } from '../statement/row';

/** A worker that is silent for this long has lost its import to the next one. */
const LEASE_MS = 30_000;

/** Puts an import in order and wakes a worker. @throws a duplicate key: of this id, or of this file, there is one */
export async function insertStatementImport(
  tx: Tx,
  order: StatementOrder,
  sha256: string,
  bytes: number,
): Promise<void> {
  const { id, kind, provider, day, rule, fileName, fileKind, by, at } = order;
  await tx.write(
    `INSERT INTO statement_imports (id, kind, provider, day, rule, state, file_name, file_kind, file_sha256, made_by,
       made_at, total_bytes) VALUES (?)`,
    [
      [
        ...[idToBytes(id), kind, provider, day, rule, 'QUEUED', fileName, fileKind, Buffer.from(sha256, 'hex')],
        ...[by, new Date(at), bytes],
      ],
    ],
  );
  await leaveToWorker(tx, [{ topic: 'statement-import', refId: id }], new Date(at));
}

const COLUMNS = `id, serial, kind, provider, DATE_FORMAT(day, '%Y-%m-%d') AS day, rule, state, counts_now, file_name,
  file_kind, file_sha256, format_version, made_by, made_at, ended_at, refusal_code, refusal_facts, rows_done, rows_stored,
  rows_known, rows_rejected, total_bytes, done_bytes, last_line`;

export async function findStatementImport(reader: Reader, id: Id): Promise<StatementImport | undefined> {
  const [row] = await reader.read(`SELECT ${COLUMNS} FROM statement_imports WHERE id = ?`, [idToBytes(id)]);
  return row && importOf(row);
}

/** The import of this very file for this provider and day, unless it failed. */
export async function findSameFile(
  reader: Reader,
  { kind, provider, day }: Pick<StatementOrder, 'kind' | 'provider' | 'day'>,
  sha256: string,
): Promise<StatementImport | undefined> {
  const [row] = await reader.read(
    `SELECT ${COLUMNS} FROM statement_imports WHERE kind = ? AND provider = ? AND day = ? AND standing_file = ?`,
    [kind, provider, day, Buffer.from(sha256, 'hex')],
  );
  return row && importOf(row);
}

/** The latest imports, of one provider or of all. */
export async function listStatementImports(
  reader: Reader,
  { provider, limit }: { readonly provider?: string | undefined; readonly limit: number },
): Promise<StatementImport[]> {
  const [where, values] = provider === undefined ? ['', []] : ['WHERE provider = ?', [provider]];
  const rows = await reader.read(`SELECT ${COLUMNS} FROM statement_imports ${where} ORDER BY serial DESC LIMIT ?`, [
    ...values,
    limit,
  ]);
  return rows.map(importOf);
}

/** Who works on an import: what was claimed before can write nothing more. */
export interface StatementClaim {
  readonly id: Id;
  readonly importNo: number;
  readonly fence: number;
}

/** Takes an import up, unless it has ended or another worker is at it. */
export function claimStatementImport(
  database: Database,
  id: Id,
  formatVersion: number | null,
  now: InstantMs,
): Promise<StatementClaim | undefined> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query<{ serial: number; state: string; fence: number; lease_until: Date | null }>(
      'SELECT serial, state, fence, lease_until FROM statement_imports WHERE id = ? FOR UPDATE',
      [idToBytes(id)],
    );
    if (!row || row.state === 'DONE' || row.state === 'FAILED') return undefined;
    if (row.lease_until !== null && row.lease_until.getTime() > now) return undefined;
    const fence = Number(row.fence) + 1;
    await tx.write(
      `UPDATE statement_imports SET state = 'RUNNING', fence = ?, lease_until = ?,
         format_version = COALESCE(format_version, ?) WHERE id = ?`,
      [fence, new Date(now + LEASE_MS), formatVersion, idToBytes(id)],
    );
    return { id, importNo: Number(row.serial), fence };
  });
}

/** Gives the claim up, so that the next worker need not wait for its end. */
export async function releaseClaim(database: Database, { id, fence }: StatementClaim, now: InstantMs): Promise<void> {
  await database.transaction((tx) =>
    tx.write(`UPDATE statement_imports SET lease_until = ? WHERE id = ? AND fence = ? AND state = 'RUNNING'`, [
      ...[new Date(now), idToBytes(id), fence],
    ]),
  );
}

/** Another worker has taken the import up: what this one still had in hand is rolled back. */
export class StatementTakenOver extends Error {
  override readonly name = 'StatementTakenOver';
}

/** What became of lines that were stored together. */
export interface LinesDone {
  readonly stored: number;
  readonly known: number;
  readonly rejected: number;
  readonly lastLine: number;
  readonly doneBytes: number;
}

/** @throws {StatementTakenOver} */
export async function saveLinesDone(
  tx: Tx,
  { id, fence }: StatementClaim,
  { stored, known, rejected, lastLine, doneBytes }: LinesDone,
  now: InstantMs,
): Promise<void> {
  const { affectedRows } = await tx.write(
    `UPDATE statement_imports SET done_bytes = ?, last_line = ?, rows_done = rows_done + ?, rows_stored = rows_stored + ?,
       rows_known = rows_known + ?, rows_rejected = rows_rejected + ?, lease_until = ?
     WHERE id = ? AND fence = ? AND state = 'RUNNING'`,
    [
      ...[doneBytes, lastLine, stored + known + rejected, stored, known, rejected, new Date(now + LEASE_MS)],
      ...[idToBytes(id), fence],
    ],
  );
  if (affectedRows !== 1) throw new StatementTakenOver('another worker has this import');
}

export async function insertFaults(tx: Tx, importNo: number, faults: readonly LineFault[]): Promise<void> {
  if (faults.length === 0) return;
  await tx.write('INSERT INTO statement_faults (import_no, line, column_name, code) VALUES ?', [
    faults.map(({ line, column, code }) => [importNo, line, column.replace(/[^\x20-\x7e]/g, '?').slice(0, 40), code]),
  ]);
}

/** Faults of an import in the order of its lines. */
export async function readFaults(
  reader: Reader,
  importNo: number,
  { afterLine, limit }: { readonly afterLine: number; readonly limit: number },
): Promise<LineFault[]> {
  const rows = await reader.read<{ line: number; column_name: string; code: LineFaultCode }>(
    `SELECT line, column_name, code FROM statement_faults WHERE import_no = ? AND line > ? ORDER BY line LIMIT ?`,
    [importNo, afterLine, limit],
  );
  return rows.map(({ line, column_name: column, code }) => ({ line: Number(line), column, code }));
}

/** How an import ended; undefined: DONE. */
export type StatementRefusal = { readonly code: string; readonly facts: object } | undefined;

/**
 * Ends it. From this commit on its rows count, all at once, and with `replace` those of every earlier file of the provider
 * and day no longer do.
 *
 * @throws {StatementTakenOver}
 */
export async function endStatementImport(
  tx: Tx,
  { id, fence }: StatementClaim,
  refusal: StatementRefusal,
  at: InstantMs,
): Promise<void> {
  const { affectedRows } = await tx.write(
    `UPDATE statement_imports SET state = ?, ended_at = ?, refusal_code = ?, refusal_facts = ?, counts_now = ?,
       lease_until = NULL WHERE id = ? AND fence = ? AND state = 'RUNNING'`,
    [
      ...[refusal ? 'FAILED' : 'DONE', new Date(at), refusal?.code ?? null],
      ...[refusal ? JSON.stringify(refusal.facts).slice(0, 600) : null, !refusal, idToBytes(id), fence],
    ],
  );
  if (affectedRows !== 1) throw new StatementTakenOver('another worker has this import');
  if (refusal) return;
  await tx.write(
    `UPDATE statement_imports old JOIN statement_imports it ON it.id = ?
     SET old.counts_now = FALSE
     WHERE it.rule = 'replace' AND it.kind = 'statement' AND old.kind = 'statement' AND old.provider = it.provider
       AND old.day = it.day AND old.serial < it.serial`,
    [idToBytes(id)],
  );
}

function importOf(row: Row): StatementImport {
  const instant = (value: unknown) => (value as Date | null)?.getTime() ?? null;
  const refusalCode = row['refusal_code'] as string | null;
  return {
    id: idFromBytes(row['id'] as Buffer),
    importNo: Number(row['serial']),
    kind: row['kind'] as StatementImport['kind'],
    provider: row['provider'] as string,
    day: row['day'] as string,
    rule: row['rule'] as StatementImport['rule'],
    state: row['state'] as StatementImport['state'],
    countsNow: Number(row['counts_now']) === 1,
    fileName: row['file_name'] as string,
    fileKind: row['file_kind'] as StatementImport['fileKind'],
    sha256: (row['file_sha256'] as Buffer).toString('hex'),
    formatVersion: row['format_version'] === null ? null : Number(row['format_version']),
    by: row['made_by'] as string,
    madeAt: instant(row['made_at'])!,
    endedAt: instant(row['ended_at']),
    refusal:
      refusalCode === null
        ? null
        : {
            code: refusalCode,
            facts: JSON.parse((row['refusal_facts'] as string | null) ?? '{}') as Record<string, string>,
          },
    rows: Number(row['rows_done']),
    stored: Number(row['rows_stored']),
    known: Number(row['rows_known']),
    rejected: Number(row['rows_rejected']),
    totalBytes: Number(row['total_bytes']),
    doneBytes: Number(row['done_bytes']),
    lastLine: Number(row['last_line']),
  };
}

/** The import by which a worker is told to compare a day again: any whose rows count. */
export async function importsToLookAgain(tx: Tx, provider: string, day: string): Promise<Id[]> {
  const rows = await tx.query<{ id: Buffer }>(
    `SELECT id FROM statement_imports WHERE provider = ? AND day = ? AND kind = 'statement' AND counts_now
     ORDER BY serial LIMIT 1`,
    [provider, day],
  );
  return rows.map(({ id }) => idFromBytes(id));
}
