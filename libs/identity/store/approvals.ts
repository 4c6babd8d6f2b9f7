import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { ApprovalKind, ApprovalState } from '../approvals/approval-kinds';
import { contentHash, contentText, type ApprovalContent } from '../approvals/content';

/** A request for a second person's word, as stored. */
export interface ApprovalRecord {
  readonly approvalId: Id;
  readonly kind: ApprovalKind;
  readonly subject: string;
  readonly content: ApprovalContent;
  readonly contentSha256: string;
  readonly reason: string;
  /** `user:<name>` */
  readonly requestedBy: string;
  readonly station: string;
  readonly office: string;
  readonly requestedAt: InstantMs;
  readonly expiresAt: InstantMs;
  readonly state: ApprovalState;
  readonly decidedBy: string | null;
  readonly decidedAt: InstantMs | null;
  readonly note: string | null;
  /** What it was used for: `vend:<id>`. */
  readonly effect: string | null;
}

/** What a new request says. */
export type NewApproval = Pick<
  ApprovalRecord,
  'approvalId' | 'kind' | 'subject' | 'content' | 'reason' | 'requestedBy' | 'station' | 'requestedAt' | 'expiresAt'
> & { readonly key: Id };

const COLUMNS = `id, kind, subject, content, content_sha256, reason, requested_by, station, office, requested_at,
  expires_at, state, decided_by, decided_at, note, effect`;

const msOf = (value: unknown): InstantMs => (value as Date).getTime();

function recordOf(row: Row): ApprovalRecord {
  const content = row['content'];
  return {
    approvalId: idFromBytes(row['id'] as Buffer),
    kind: row['kind'] as ApprovalKind,
    subject: row['subject'] as string,
    content: (typeof content === 'string' ? JSON.parse(content) : content) as ApprovalContent,
    contentSha256: (row['content_sha256'] as Buffer).toString('hex'),
    reason: row['reason'] as string,
    requestedBy: row['requested_by'] as string,
    station: row['station'] as string,
    office: row['office'] as string,
    requestedAt: msOf(row['requested_at']),
    expiresAt: msOf(row['expires_at']),
    state: row['state'] as ApprovalState,
    decidedBy: row['decided_by'] as string | null,
    decidedAt: row['decided_at'] === null ? null : msOf(row['decided_at']),
    note: row['note'] as string | null,
    effect: row['effect'] as string | null,
  };
}

export async function findByKey(reader: Reader, kind: ApprovalKind, key: Id): Promise<ApprovalRecord | undefined> {
  const [row] = await reader.read(`SELECT ${COLUMNS} FROM approvals WHERE kind = ? AND request_key = ?`, [
    kind,
    idToBytes(key),
  ]);
  return row && recordOf(row);
}

export async function findApproval(reader: Reader, approvalId: Id): Promise<ApprovalRecord | undefined> {
  const [row] = await reader.read(`SELECT ${COLUMNS} FROM approvals WHERE id = ?`, [idToBytes(approvalId)]);
  return row && recordOf(row);
}

/** The row, held until the transaction ends. */
export async function lockApproval(tx: Tx, approvalId: Id): Promise<ApprovalRecord | undefined> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM approvals WHERE id = ? FOR UPDATE`, [idToBytes(approvalId)]);
  return row && recordOf(row);
}

/** @throws a duplicate (1062) when this operation has asked already */
export async function insertApproval(tx: Tx, asked: NewApproval): Promise<void> {
  await tx.write(
    `INSERT INTO approvals (id, kind, request_key, subject, content, content_sha256, reason, requested_by, station,
       office, requested_at, expires_at, state)
     SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE((SELECT office FROM stations WHERE code = ?), ''), ?, ?, 'PENDING'`,
    [
      idToBytes(asked.approvalId),
      asked.kind,
      idToBytes(asked.key),
      asked.subject,
      contentText(asked.content),
      contentHash(asked.subject, asked.content),
      asked.reason,
      asked.requestedBy,
      asked.station,
      asked.station,
      new Date(asked.requestedAt),
      new Date(asked.expiresAt),
    ],
  );
}

/** An answer, on a row that is locked and was found PENDING. */
export async function decide(
  tx: Tx,
  approvalId: Id,
  answer: { state: 'APPROVED' | 'REFUSED'; by: string; at: InstantMs; expiresAt: InstantMs; note: string | null },
): Promise<void> {
  await tx.write(
    `UPDATE approvals SET state = ?, decided_by = ?, decided_at = ?, expires_at = ?, note = ?
     WHERE id = ? AND state = 'PENDING'`,
    [answer.state, answer.by, new Date(answer.at), new Date(answer.expiresAt), answer.note, idToBytes(approvalId)],
  );
}

/** @returns false when it was not there to be used */
export async function markUsed(tx: Tx, approvalId: Id, effect: string, at: InstantMs): Promise<boolean> {
  const { affectedRows } = await tx.write(
    `UPDATE approvals SET state = 'USED', effect = ?, used_at = ? WHERE id = ? AND state = 'APPROVED'`,
    [effect, new Date(at), idToBytes(approvalId)],
  );
  return affectedRows === 1;
}

/** Puts down that its time is over. */
export async function markExpired(tx: Tx, approvalId: Id, at: InstantMs): Promise<void> {
  await tx.write(
    `UPDATE approvals SET state = 'EXPIRED' WHERE id = ? AND state IN ('PENDING', 'APPROVED') AND expires_at <= ?`,
    [idToBytes(approvalId), new Date(at)],
  );
}

/** Requests of these kinds and offices that wait at this moment, oldest first; not the asker's own. */
export async function listWaiting(
  reader: Reader,
  ask: {
    kinds: readonly ApprovalKind[];
    offices: 'all' | readonly string[];
    notBy: string;
    at: InstantMs;
    after: Id | undefined;
    limit: number;
  },
): Promise<ApprovalRecord[]> {
  if (ask.kinds.length === 0 || (ask.offices !== 'all' && ask.offices.length === 0)) return [];
  const rows = await reader.read(
    `SELECT ${COLUMNS} FROM approvals WHERE state = 'PENDING' AND kind IN (?) AND requested_by <> ? AND expires_at > ?
       ${ask.offices === 'all' ? '' : 'AND office IN (?)'} ${ask.after === undefined ? '' : 'AND id > ?'}
     ORDER BY id LIMIT ?`,
    [
      ask.kinds,
      ask.notBy,
      new Date(ask.at),
      ...(ask.offices === 'all' ? [] : [ask.offices]),
      ...(ask.after === undefined ? [] : [idToBytes(ask.after)]),
      ask.limit,
    ],
  );
  return rows.map(recordOf);
}

/** Requests of one person, newest first. */
export async function listRequestedBy(
  reader: Reader,
  ask: { by: string; before: Id | undefined; limit: number },
): Promise<ApprovalRecord[]> {
  const rows = await reader.read(
    `SELECT ${COLUMNS} FROM approvals WHERE requested_by = ? ${ask.before === undefined ? '' : 'AND id < ?'}
     ORDER BY id DESC LIMIT ?`,
    [ask.by, ...(ask.before === undefined ? [] : [idToBytes(ask.before)]), ask.limit],
  );
  return rows.map(recordOf);
}
