import { idFromBytes, type Id } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { SessionUser } from '../identity';

/** Usernames are stored in lower case. */
export const USERNAME = /^[a-z0-9._-]{1,40}$/;

/** A person with what a login needs. */
export interface UserRecord extends SessionUser {
  readonly passwordHash: string;
  readonly active: boolean;
}

interface UserRow extends Record<string, unknown> {
  id: Buffer;
  username: string;
  name: string;
  role: SessionUser['role'];
  station_code: string;
  password_hash: string;
  active: number;
}

/** The user of this name; undefined when there is none. */
export async function findUser(reader: Pick<Database, 'read'>, username: string): Promise<UserRecord | undefined> {
  const [row] = await reader.read<UserRow>(
    'SELECT id, username, name, role, station_code, password_hash, active FROM users WHERE username = ?',
    [username],
  );
  return (
    row && {
      userId: idFromBytes(row.id) satisfies Id,
      username: row.username,
      name: row.name,
      role: row.role,
      station: row.station_code,
      passwordHash: row.password_hash,
      active: row.active === 1,
    }
  );
}
