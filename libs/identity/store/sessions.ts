import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';

export type EndReason = 'logout' | 'revoked' | 'reuse' | 'user-changed';

/** A session as its owner and an administrator see it. */
export interface SessionRecord {
  readonly sessionId: Id;
  readonly userId: Id;
  readonly station: string;
  readonly openedAt: InstantMs;
  readonly refreshedAt: InstantMs;
  readonly expiresAt: InstantMs;
  readonly address: string | null;
  readonly agent: string | null;
  readonly endedAt: InstantMs | null;
}

export interface RefreshToken {
  readonly hash: Buffer;
  readonly sessionId: Id;
  readonly parent: Buffer | null;
  readonly issuedAt: InstantMs;
  readonly expiresAt: InstantMs;
}

/** What has become of a refresh token. */
export interface RefreshTokenRecord {
  readonly sessionId: Id;
  readonly expiresAt: InstantMs;
  readonly usedAt: InstantMs | null;
  readonly superseded: boolean;
}

const COLUMNS =
  'id, user_id, station, opened_at, refreshed_at, expires_at, origin_address, agent, ended_at, end_reason';
const msOf = (value: unknown): InstantMs => (value as Date).getTime();
const msOrNull = (value: unknown): InstantMs | null => (value === null ? null : msOf(value));

function recordOf(row: Row): SessionRecord {
  return {
    sessionId: idFromBytes(row['id'] as Buffer),
    userId: idFromBytes(row['user_id'] as Buffer),
    station: row['station'] as string,
    openedAt: msOf(row['opened_at']),
    refreshedAt: msOf(row['refreshed_at']),
    expiresAt: msOf(row['expires_at']),
    address: row['origin_address'] as string | null,
    agent: row['agent'] as string | null,
    endedAt: msOrNull(row['ended_at']),
  };
}

export async function insertSession(tx: Tx, session: Omit<SessionRecord, 'endedAt' | 'refreshedAt'>): Promise<void> {
  const { sessionId, userId, station, openedAt, expiresAt, address, agent } = session;
  await tx.write(
    `INSERT INTO sessions (id, user_id, station, opened_at, refreshed_at, expires_at, origin_address, agent) VALUES (?)`,
    [
      [
        idToBytes(sessionId),
        idToBytes(userId),
        station,
        new Date(openedAt),
        new Date(openedAt),
        new Date(expiresAt),
        address,
        agent,
      ],
    ],
  );
}

export async function insertRefreshToken(tx: Tx, token: RefreshToken): Promise<void> {
  await tx.write(
    'INSERT INTO refresh_tokens (token_sha256, session_id, parent_sha256, issued_at, expires_at) VALUES (?)',
    [[token.hash, idToBytes(token.sessionId), token.parent, new Date(token.issuedAt), new Date(token.expiresAt)]],
  );
}

/** True while a session is open at this instant. */
export async function sessionIsOpen(reader: Reader, sessionId: Id, at: InstantMs): Promise<boolean> {
  const rows = await reader.read('SELECT 1 FROM sessions WHERE id = ? AND ended_at IS NULL AND expires_at > ?', [
    idToBytes(sessionId),
    new Date(at),
  ]);
  return rows.length === 1;
}

/** The session of a refresh token, held until the transaction ends: two users of one token come one after the other. */
export async function lockSessionOfToken(tx: Tx, hash: Buffer): Promise<SessionRecord | undefined> {
  const [token] = await tx.query<{ id: Buffer }>('SELECT session_id AS id FROM refresh_tokens WHERE token_sha256 = ?', [
    hash,
  ]);
  return token && lockSession(tx, idFromBytes(token.id));
}

export async function lockSession(tx: Tx, sessionId: Id): Promise<SessionRecord | undefined> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM sessions WHERE id = ? FOR UPDATE`, [idToBytes(sessionId)]);
  return row && recordOf(row);
}

const tokenOf = (row: Row): RefreshTokenRecord => ({
  sessionId: idFromBytes(row['session_id'] as Buffer),
  expiresAt: msOf(row['expires_at']),
  usedAt: msOrNull(row['used_at']),
  superseded: row['superseded_at'] !== null,
});

export async function readToken(tx: Tx, hash: Buffer): Promise<RefreshTokenRecord | undefined> {
  const [row] = await tx.query(
    'SELECT session_id, expires_at, used_at, superseded_at FROM refresh_tokens WHERE token_sha256 = ? FOR UPDATE',
    [hash],
  );
  return row && tokenOf(row);
}

/** True when what was given for this token has been used itself: then its holder has the answer. */
export async function successorWasUsed(tx: Tx, parent: Buffer): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM refresh_tokens WHERE parent_sha256 = ? AND used_at IS NOT NULL', [parent]);
  return rows.length > 0;
}

export async function markTokenUsed(tx: Tx, hash: Buffer, at: InstantMs): Promise<void> {
  await tx.write('UPDATE refresh_tokens SET used_at = ? WHERE token_sha256 = ? AND used_at IS NULL', [
    new Date(at),
    hash,
  ]);
}

/** What was given for this token before is good no more. */
export async function supersedeSuccessors(tx: Tx, parent: Buffer, at: InstantMs): Promise<void> {
  await tx.write('UPDATE refresh_tokens SET superseded_at = ? WHERE parent_sha256 = ? AND superseded_at IS NULL', [
    new Date(at),
    parent,
  ]);
}

export async function touchSession(tx: Tx, sessionId: Id, at: InstantMs): Promise<void> {
  await tx.write('UPDATE sessions SET refreshed_at = ? WHERE id = ?', [new Date(at), idToBytes(sessionId)]);
}

/** @returns false when it had ended before */
export async function endSession(
  tx: Tx,
  sessionId: Id,
  by: string,
  reason: EndReason,
  at: InstantMs,
): Promise<boolean> {
  const { affectedRows } = await tx.write(
    'UPDATE sessions SET ended_at = ?, ended_by = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL',
    [new Date(at), by, reason, idToBytes(sessionId)],
  );
  return affectedRows === 1;
}

/** Ends a person's sessions, all but one. @returns how many */
export async function endSessionsOf(
  tx: Tx,
  userId: Id,
  by: string,
  reason: EndReason,
  at: InstantMs,
  except?: Id,
): Promise<number> {
  const { affectedRows } = await tx.write(
    `UPDATE sessions SET ended_at = ?, ended_by = ?, end_reason = ?
     WHERE user_id = ? AND ended_at IS NULL ${except === undefined ? '' : 'AND id <> ?'}`,
    [new Date(at), by, reason, idToBytes(userId), ...(except === undefined ? [] : [idToBytes(except)])],
  );
  return affectedRows;
}

/** A person's open sessions, newest first. */
export async function openSessionsOf(reader: Reader, userId: Id, at: InstantMs): Promise<SessionRecord[]> {
  const rows = await reader.read(
    `SELECT ${COLUMNS} FROM sessions WHERE user_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 100`,
    [idToBytes(userId), new Date(at)],
  );
  return rows.map(recordOf);
}
