import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { PersonRole } from '../identity';

/** A person's account as an administrator sees it. */
export interface PersonCard {
  readonly userId: Id;
  readonly username: string;
  readonly name: string;
  readonly role: PersonRole;
  readonly station: string;
  readonly office: string;
  readonly active: boolean;
  readonly secondFactor: boolean;
  /** Failed logins have locked the account until then. */
  readonly lockedUntil: InstantMs | null;
}

const CARD = `SELECT u.id, u.username, u.name, u.role, u.station_code, s.office, u.active,
    u.totp_enrolled_at IS NOT NULL AS enrolled, f.locked_until
  FROM users u JOIN stations s ON s.code = u.station_code
  LEFT JOIN login_failures f ON f.subject = CONCAT('user:', u.username) AND f.locked_until > ?`;

function cardOf(row: Row): PersonCard {
  return {
    userId: idFromBytes(row['id'] as Buffer),
    username: row['username'] as string,
    name: row['name'] as string,
    role: row['role'] as PersonRole,
    station: row['station_code'] as string,
    office: row['office'] as string,
    active: row['active'] === 1,
    secondFactor: Number(row['enrolled']) === 1,
    lockedUntil: row['locked_until'] === null ? null : (row['locked_until'] as Date).getTime(),
  };
}

export async function personCard(reader: Reader, username: string, at: InstantMs): Promise<PersonCard | undefined> {
  const [row] = await reader.read(`${CARD} WHERE u.username = ?`, [new Date(at), username]);
  return row && cardOf(row);
}

export async function listPeople(
  reader: Reader,
  { after = '', limit, at }: { after?: string; limit: number; at: InstantMs },
): Promise<PersonCard[]> {
  const rows = await reader.read(`${CARD} WHERE u.username > ? ORDER BY u.username LIMIT ?`, [
    new Date(at),
    after,
    limit,
  ]);
  return rows.map(cardOf);
}

/** @throws a duplicate (1062) when the username is taken */
export async function insertPerson(
  tx: Tx,
  person: { id: Id; username: string; name: string; role: PersonRole; station: string; hash: string; at: InstantMs },
): Promise<void> {
  const { id, username, name, role, station, hash, at } = person;
  await tx.write('INSERT INTO users (id, username, name, role, station_code, password_hash, created_at) VALUES (?)', [
    [idToBytes(id), username, name, role, station, hash, new Date(at)],
  ]);
}

export async function updatePerson(
  tx: Tx,
  username: string,
  { name, role, station }: { name: string; role: PersonRole; station: string },
): Promise<void> {
  await tx.write('UPDATE users SET name = ?, role = ?, station_code = ? WHERE username = ?', [
    name,
    role,
    station,
    username,
  ]);
}

export async function updateActive(tx: Tx, username: string, active: boolean): Promise<void> {
  await tx.write('UPDATE users SET active = ? WHERE username = ?', [active, username]);
}

export async function updatePassword(tx: Tx, username: string, hash: string): Promise<void> {
  await tx.write('UPDATE users SET password_hash = ? WHERE username = ?', [hash, username]);
}
