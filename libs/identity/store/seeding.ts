import { idToBytes, newId, type InstantMs } from '@vend/kernel';
import { seal, unseal, type Tx } from '@vend/platform';
import { recordAudit, type AuditAction } from '../audit';
import type { PartnerKind, PartnerMode, PersonRole, Station } from '../identity';
import { totpContext } from '../sessions/logins';
import { adoptOffices } from '../offices/adopt';
import { hashPassword, passwordFits } from '../sessions/passwords';
import { lockUser, USERNAME } from './users';

/** What an upsert did. Doing it again with the same data is always `unchanged`. */
export type Upserted = 'inserted' | 'updated' | 'unchanged';

export interface UserSeed {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly role: PersonRole;
  /** Code of an existing station. */
  readonly station: string;
}

export interface PartnerSeed {
  readonly code: string;
  readonly name: string;
  readonly kind: PartnerKind;
  /** `live` unless told. A company that tries has a record and a key of its own for it, beside the live one. */
  readonly mode?: PartnerMode;
  readonly keyId: string;
  /** 32 random bytes. */
  readonly secret: Buffer;
}

/** Who makes the change, for the audit trail, and when. */
export interface ChangedBy {
  readonly actor: string;
  readonly at: InstantMs;
}

/** Makes a station, or gives it this name and office. @example await upsertStation(tx, station, { actor: 'cli:seed', at }) */
export async function upsertStation(tx: Tx, station: Station, by: ChangedBy): Promise<Upserted> {
  const [stored] = await tx.query<Station & Record<string, unknown>>(
    'SELECT code, name, office FROM stations WHERE code = ?',
    [station.code],
  );
  if (stored?.name === station.name && stored.office === station.office) return 'unchanged';
  await tx.write(
    `INSERT INTO stations (code, name, office) VALUES (?)
     ON DUPLICATE KEY UPDATE name = VALUES(name), office = VALUES(office)`,
    [[station.code, station.name, station.office]],
  );
  await adoptOffices(tx, [station.office]);
  return changed(tx, stored !== undefined, 'station-changed', `station:${station.code}`, by);
}

/**
 * Makes a person, or gives the person this name, role, station and password; a closed account stays closed.
 *
 * @throws {RangeError} when the username is not 1 to 40 of a-z, 0-9, dot, hyphen, underscore
 * @example await upsertUser(tx, { username: 'rahima', password, name: 'Rahima Khatun', role: 'clerk', station: 'NESCO-RAJ-01' }, by)
 */
export async function upsertUser(tx: Tx, user: UserSeed, by: ChangedBy): Promise<Upserted> {
  if (!USERNAME.test(user.username)) throw new RangeError('username: 1 to 40 of a-z, 0-9, dot, hyphen, underscore');
  const [stored] = await tx.query<{ name: string; role: string; station: string; hash: string }>(
    'SELECT name, role, station_code AS station, password_hash AS hash FROM users WHERE username = ?',
    [user.username],
  );
  const fits = stored !== undefined && (await passwordFits(stored.hash, user.password));
  const same = stored?.name === user.name && stored.role === user.role && stored.station === user.station;
  if (fits && same) return 'unchanged';
  const hash = fits ? stored.hash : await hashPassword(user.password);
  await tx.write(
    `INSERT INTO users (id, username, name, role, station_code, password_hash, created_at) VALUES (?)
     ON DUPLICATE KEY UPDATE name = VALUES(name), role = VALUES(role), station_code = VALUES(station_code),
       password_hash = VALUES(password_hash)`,
    [[idToBytes(newId(by.at)), user.username, user.name, user.role, user.station, hash, new Date(by.at)]],
  );
  return changed(tx, stored !== undefined, 'user-changed', `user:${user.username}`, by);
}

/**
 * Gives a person this second factor, in force at once, or leaves the same one be. For demo data and tests; people enrol
 * at their first login.
 *
 * @param secret base32
 * @throws {RangeError} when there is no such person
 * @example await seedSecondFactor(tx, secrets.sealingSecret, { username: 'selim', secret: newTotpSecret() }, by)
 */
export async function seedSecondFactor(
  tx: Tx,
  sealingSecret: Buffer,
  { username, secret }: { username: string; secret: string },
  by: ChangedBy,
): Promise<Upserted> {
  const user = await lockUser(tx, username);
  if (!user) throw new RangeError('no such person');
  const plain = Buffer.from(secret);
  const context = totpContext(user);
  if (user.totpEnrolled && user.totpSealed && opens(sealingSecret, user.totpSealed, context, plain)) return 'unchanged';
  await tx.write('UPDATE users SET totp_sealed = ?, totp_enrolled_at = ?, totp_last_step = NULL WHERE username = ?', [
    seal(sealingSecret, plain, context),
    new Date(by.at),
    username,
  ]);
  return changed(tx, user.totpEnrolled, 'second-factor-enrolled', `user:${username}`, by);
}

/**
 * Makes a partner, or gives it this name, kind, mode, key id and secret. The secret is stored sealed, bound to the code.
 *
 * @param sealingSecret from SECRETS_FILE
 * @throws the database's error (1062) when another partner has the key id
 * @example await upsertPartner(tx, secrets.sealingSecret, { code: 'demo-bkash', name, kind: 'mobile-money', keyId, secret }, by)
 */
export async function upsertPartner(
  tx: Tx,
  sealingSecret: Buffer,
  partner: PartnerSeed,
  by: ChangedBy,
): Promise<Upserted> {
  const { code, name, kind, mode = 'live', keyId, secret } = partner;
  const [stored] = await tx.query<{ name: string; kind: string; mode: string; keyId: string; sealed: Buffer }>(
    'SELECT name, kind, mode, key_id AS keyId, secret_sealed AS sealed FROM partners WHERE code = ?',
    [code],
  );
  const same = stored?.name === name && stored.kind === kind && stored.mode === mode && stored.keyId === keyId;
  if (same && opens(sealingSecret, stored.sealed, code, secret)) return 'unchanged';
  const sealed = seal(sealingSecret, secret, code);
  // Never ON DUPLICATE KEY here: a key id that another partner has must fail, and not overwrite that partner.
  if (stored) {
    await tx.write('UPDATE partners SET name = ?, kind = ?, mode = ?, key_id = ?, secret_sealed = ? WHERE code = ?', [
      name,
      kind,
      mode,
      keyId,
      sealed,
      code,
    ]);
  } else {
    await tx.write('INSERT INTO partners (id, code, name, kind, mode, key_id, secret_sealed, created_at) VALUES (?)', [
      [idToBytes(newId(by.at)), code, name, kind, mode, keyId, sealed, new Date(by.at)],
    ]);
  }
  return changed(tx, stored !== undefined, 'partner-changed', `partner:${code}`, by);
}

/** False too when it was sealed under another secret, say of a lost secrets file: then it is sealed anew. */
function opens(sealingSecret: Buffer, sealed: Buffer, code: string, secret: Buffer): boolean {
  try {
    return unseal(sealingSecret, sealed, code).equals(secret);
  } catch {
    return false;
  }
}

async function changed(
  tx: Tx,
  existed: boolean,
  action: AuditAction,
  subject: string,
  by: ChangedBy,
): Promise<Upserted> {
  const outcome = existed ? 'updated' : 'inserted';
  await recordAudit(tx, { actor: by.actor, action, subject, detail: { outcome }, at: by.at });
  return outcome;
}
