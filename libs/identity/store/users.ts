import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import type { Reader, Tx } from '@vend/platform';
import type { SessionUser } from '../identity';

/** Usernames are stored in lower case. */
export const USERNAME = /^[a-z0-9._-]{1,40}$/;

/** A person with what a login needs. */
export interface UserRecord extends SessionUser {
  readonly passwordHash: string;
  readonly active: boolean;
  /** Sealed; in force once a code of it was shown. */
  readonly totpSealed: Buffer | null;
  readonly totpEnrolled: boolean;
}

interface UserRow extends Record<string, unknown> {
  id: Buffer;
  username: string;
  name: string;
  role: SessionUser['role'];
  station_code: string;
  password_hash: string;
  active: number;
  totp_sealed: Buffer | null;
  totp_enrolled_at: Date | null;
}

const COLUMNS = 'id, username, name, role, station_code, password_hash, active, totp_sealed, totp_enrolled_at';

function recordOf(row: UserRow): UserRecord {
  return {
    userId: idFromBytes(row.id),
    username: row.username,
    name: row.name,
    role: row.role,
    station: row.station_code,
    passwordHash: row.password_hash,
    active: row.active === 1,
    totpSealed: row.totp_sealed,
    totpEnrolled: row.totp_enrolled_at !== null,
  };
}

/** The user of this name; undefined when there is none. */
export async function findUser(reader: Reader, username: string): Promise<UserRecord | undefined> {
  const [row] = await reader.read<UserRow>(`SELECT ${COLUMNS} FROM users WHERE username = ?`, [username]);
  return row && recordOf(row);
}

/** The same, held until the transaction ends. */
export async function lockUser(tx: Tx, username: string): Promise<UserRecord | undefined> {
  const [row] = await tx.query<UserRow>(`SELECT ${COLUMNS} FROM users WHERE username = ? FOR UPDATE`, [username]);
  return row && recordOf(row);
}

export async function userById(tx: Tx, userId: Id): Promise<UserRecord | undefined> {
  const [row] = await tx.query<UserRow>(`SELECT ${COLUMNS} FROM users WHERE id = ?`, [idToBytes(userId)]);
  return row && recordOf(row);
}
