// Proves on a real database, with a hand-moved clock, what becomes of guessers, of second factors, of refresh tokens
// that are stolen, lost or raced for, and of sessions that are ended.
import { randomBytes } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import type { PersonRole } from '../identity';
import { upsertStation, upsertUser } from '../store/seeding';
import { Logins, type Credentials } from './logins';
import { totpCode } from './second-factor';
import { ACCESS_SECONDS, REFRESH_GRACE_MS, REVOCATION_SEEN_MS, SessionsService } from './sessions.service';

const PASSWORD = 'correct horse battery';
const SEALING_SECRET = randomBytes(32);
let now = Date.UTC(2026, 10, 22, 4);
let fresh: FreshDatabase;
let logins: Logins;
let sessions: SessionsService;
const signer = new JwtService({ secret: randomBytes(32) });
let made = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  logins = new Logins(fresh.database, SEALING_SECRET, () => now);
  sessions = new SessionsService(fresh.database, signer, logins, () => now);
  const by = { actor: 'cli:test', at: now };
  await fresh.database.transaction((tx) => upsertStation(tx, { code: 'S-1', name: 'S-1', office: 'Rajshahi' }, by));
});
afterAll(() => fresh.drop());
// Each test begins on another day: no lock of the one before is left.
beforeEach(() => (now += 48 * 3_600_000));

async function person(role: PersonRole = 'clerk'): Promise<string> {
  const username = `person-${++made}`;
  const seed = { username, password: PASSWORD, name: username, role, station: 'S-1' };
  await fresh.database.transaction((tx) => upsertUser(tx, seed, { actor: 'cli:test', at: now }));
  return username;
}
const origin = (address: string) => ({ address, agentHash: null, station: null, requestId: null });
const login = (username: string, more: Partial<Credentials> = {}) =>
  sessions.login({ username, password: PASSWORD, ...more });
const fail = (username: string, more: Partial<Credentials> = {}) =>
  login(username, { password: 'wrong', ...more }).then(
    () => 'in',
    (error: { code: string }) => error.code,
  );
const codeOf = (result: Promise<unknown>) =>
  result.then(
    () => 'in',
    (error: { code: string }) => error.code,
  );
const actionsOn = async (subject: string) => {
  const rows = await fresh.admin.read<{ action: string }>(
    'SELECT action FROM audit_events WHERE subject = ? ORDER BY id',
    [subject],
  );
  return rows.map(({ action }) => action);
};

describe('who guesses', () => {
  it('is locked out after five failures, longer each time, and the right password does not help', async () => {
    const username = await person();
    const answers: string[] = [];
    for (let i = 0; i < 6; i++) answers.push(await fail(username));
    expect(answers).toEqual([...Array<string>(5).fill('login-refused'), 'login-locked']);
    await expect(login(username)).rejects.toMatchObject({ code: 'login-locked', facts: { retryAfterSeconds: 30 } });
    now += 30_000;
    expect(await fail(username)).toBe('login-refused');
    await expect(login(username)).rejects.toMatchObject({ code: 'login-locked', facts: { retryAfterSeconds: 60 } });
    now += 60_000;
    await login(username);
    expect(await fail(username)).toBe('login-refused');
    await login(username);
    expect(await actionsOn(`user:${username}`)).toContain('login-locked');
  });

  it('learns nothing: a name that nobody has is counted, delayed and locked alike', async () => {
    const username = await person();
    const story = async (name: string) => {
      const told: unknown[] = [];
      for (let i = 0; i < 7; i++) {
        told.push(
          await login(name, { password: 'wrong' }).catch(({ code, facts }: Record<string, unknown>) => [code, facts]),
        );
      }
      return told;
    };
    expect(await story(`nobody-${randomBytes(4).toString('hex')}`)).toEqual(await story(username));
    const kept = await fresh.admin.read<{ subject: string }>(
      `SELECT subject FROM login_failures WHERE subject LIKE 'unk%'`,
    );
    expect(kept.length).toBeGreaterThan(0);
    for (const { subject } of kept) expect(subject).toMatch(/^unknown:[0-9a-f]{4}$/);
  });

  it('gains nothing by forty guesses at once', async () => {
    const username = await person();
    const answers = await Promise.all(Array.from({ length: 40 }, () => fail(username)));
    expect(answers.filter((code) => code === 'login-refused')).toHaveLength(5);
    expect(answers.filter((code) => code === 'login-locked')).toHaveLength(35);
  });

  it('is stopped by address too, when trying one password on many names', async () => {
    const known = await person();
    const answers: string[] = [];
    for (let i = 0; i < 22; i++) answers.push(await fail(`spray-${i}`, { origin: origin('203.0.113.9') }));
    expect(answers.slice(0, 20)).toEqual(Array<string>(20).fill('login-refused'));
    expect(answers.slice(20)).toEqual(['login-locked', 'login-locked']);
    expect(await codeOf(login(known, { origin: origin('203.0.113.9') }))).toBe('login-locked');
    expect(await codeOf(login(known, { origin: origin('203.0.113.10') }))).toBe('in');
  });

  it('has one address in a whole IPv6 network', async () => {
    for (let i = 0; i < 20; i++) await fail(`spray6-${i}`, { origin: origin(`2001:db8:1:2::${i.toString(16)}`) });
    expect(await fail('spray6-x', { origin: origin('2001:db8:1:2:ffff::1') })).toBe('login-locked');
    expect(await fail('spray6-x', { origin: origin('2001:db8:1:3::1') })).toBe('login-refused');
  });
});

describe('a second factor', () => {
  it('is enrolled at the first login, shows its recovery codes once, and is asked for ever after', async () => {
    const username = await person('supervisor');
    expect(await codeOf(login(username))).toBe('second-factor-enrolment-needed');
    const { secret, uri } = await logins.enrol({ username, password: PASSWORD });
    expect(uri).toBe(
      `otpauth://totp/Prepaid%20vending:${username}?secret=${secret}&period=30&digits=6&algorithm=SHA1&issuer=Prepaid%20vending`,
    );
    expect(await codeOf(login(username, { code: '000000' }))).toBe('second-factor-refused');
    const first = await login(username, { code: totpCode(secret, now) });
    expect(first.recoveryCodes).toHaveLength(10);
    expect(await codeOf(logins.enrol({ username, password: PASSWORD }))).toBe('second-factor-enrolled');
    now += 30_000;
    expect(await codeOf(login(username))).toBe('second-factor-needed');
    const second = await login(username, { code: totpCode(secret, now) });
    expect(second.recoveryCodes).toBeUndefined();
    const [row] = await fresh.admin.read<{ sealed: Buffer }>(
      'SELECT totp_sealed AS sealed FROM users WHERE username = ?',
      [username],
    );
    expect(row!.sealed.toString('latin1')).not.toContain(secret);
    expect(await actionsOn(`user:${username}`)).toEqual(
      expect.arrayContaining([
        'second-factor-made',
        'second-factor-enrolled',
        'second-factor-refused',
        'session-opened',
      ]),
    );
  });

  it('has codes that count once, also for ten at once, one step early or late, and never older ones', async () => {
    const username = await person('accounts');
    const { secret } = await logins.enrol({ username, password: PASSWORD });
    const code = totpCode(secret, now);
    const answers = await Promise.all(Array.from({ length: 4 }, () => codeOf(login(username, { code }))));
    expect(answers.sort()).toEqual(['in', ...Array<string>(3).fill('second-factor-refused')]);
    expect(await codeOf(login(username, { code: totpCode(secret, now - 30_000) }))).toBe('second-factor-refused');
    await login(username, { code: totpCode(secret, now + 30_000) });
    expect(await codeOf(login(username, { code: totpCode(secret, now + 60_000) }))).toBe('second-factor-refused');
  });

  it('can be replaced by a recovery code, each once', async () => {
    const username = await person('key-officer');
    const { secret } = await logins.enrol({ username, password: PASSWORD });
    const { recoveryCodes } = await login(username, { code: totpCode(secret, now) });
    const [code, other] = recoveryCodes as [string, string];
    const answers = await Promise.all([1, 2, 3].map(() => codeOf(login(username, { code }))));
    expect(answers.sort()).toEqual(['in', 'second-factor-refused', 'second-factor-refused']);
    expect(await codeOf(login(username, { code: other.toLowerCase() }))).toBe('in');
    const stored = await fresh.admin.read<{ hash: Buffer }>('SELECT code_sha256 AS hash FROM recovery_codes');
    expect(stored.map(({ hash }) => hash.toString('latin1')).join()).not.toContain(code.replaceAll('-', ''));
  });

  it('cannot be guessed: wrong codes lock the account like wrong passwords, and a right password in between does not help', async () => {
    const username = await person('tariff-officer');
    const { secret } = await logins.enrol({ username, password: PASSWORD });
    await login(username, { code: totpCode(secret, now) });
    for (let i = 0; i < 5; i++) {
      expect(await codeOf(login(username, { code: '123456' }))).toBe('second-factor-refused');
      if (i < 4) expect(await codeOf(login(username))).toBe('second-factor-needed');
    }
    now += 20_000;
    expect(await codeOf(login(username, { code: totpCode(secret, now) }))).toBe('login-locked');
  });
});

describe('a refresh token', () => {
  it('gives the next pair, with the person as she is now', async () => {
    const username = await person();
    const first = await login(username);
    now += ACCESS_SECONDS * 1000;
    await fresh.admin.read(`UPDATE users SET role = 'auditor' WHERE username = ?`, [username]);
    const second = await sessions.refresh(first.refreshToken);
    expect(second).toMatchObject({ sessionId: first.sessionId, user: { username, role: 'auditor' } });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await sessions.authenticate(second.accessToken)).user.role).toBe('auditor');
  });

  it('that was stolen ends the session for both, whoever comes first', async () => {
    const first = await login(await person());
    now += 600_000;
    const thief = await sessions.refresh(first.refreshToken);
    now += REFRESH_GRACE_MS + 1;
    expect(await codeOf(sessions.refresh(first.refreshToken))).toBe('refresh-refused');
    expect(await codeOf(sessions.refresh(thief.refreshToken))).toBe('refresh-refused');
    expect(await codeOf(sessions.authenticate(thief.accessToken))).toBe('session-expired');
    const trail = await fresh.admin.read(
      `SELECT actor, JSON_VALUE(detail, '$.reason') AS reason FROM audit_events WHERE action = 'session-ended' AND JSON_VALUE(detail, '$.session') = ?`,
      [first.sessionId],
    );
    expect(trail).toEqual([{ actor: 'system:reuse', reason: 'reuse' }]);
  });

  it('whose answer was lost can be shown again for half a minute, and the lost answer is then worth nothing', async () => {
    const first = await login(await person());
    const lost = await sessions.refresh(first.refreshToken);
    now += REFRESH_GRACE_MS;
    const again = await sessions.refresh(first.refreshToken);
    expect(again.refreshToken).not.toBe(lost.refreshToken);
    const next = await sessions.refresh(again.refreshToken);
    expect(await codeOf(sessions.authenticate(next.accessToken))).toBe('in');
  });

  it('in the hands of a thief within that half minute still ends the session at the next move', async () => {
    const first = await login(await person());
    const thief = await sessions.refresh(first.refreshToken);
    const owner = await sessions.refresh(first.refreshToken);
    expect(await codeOf(sessions.refresh(thief.refreshToken))).toBe('refresh-refused');
    expect(await codeOf(sessions.refresh(owner.refreshToken))).toBe('refresh-refused');
  });

  it('whose answer was used is not given again, not even at once', async () => {
    const first = await login(await person());
    const second = await sessions.refresh(first.refreshToken);
    await sessions.refresh(second.refreshToken);
    expect(await codeOf(sessions.refresh(first.refreshToken))).toBe('refresh-refused');
  });

  it('used by ten at once leaves one good token', async () => {
    const first = await login(await person());
    const answers = await Promise.all(Array.from({ length: 10 }, () => sessions.refresh(first.refreshToken)));
    const alive = await fresh.admin.read<{ n: string }>(
      `SELECT COUNT(*) AS n FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
       WHERE t.used_at IS NULL AND t.superseded_at IS NULL AND s.ended_at IS NULL AND HEX(s.id) = ?`,
      [first.sessionId.replaceAll('-', '').toUpperCase()],
    );
    expect(answers).toHaveLength(10);
    expect(Number(alive[0]!.n)).toBe(1);
  });

  it('is of no use after two silent hours, after twelve hours, to a closed account, and when made up', async () => {
    const silent = await login(await person());
    now += 2 * 3_600_000;
    expect(await codeOf(sessions.refresh(silent.refreshToken))).toBe('refresh-refused');
    let long = await login(await person());
    for (let hours = 0; hours < 12; hours++) {
      now += 3_600_000;
      if (hours < 11) long = await sessions.refresh(long.refreshToken);
    }
    expect(await codeOf(sessions.refresh(long.refreshToken))).toBe('refresh-refused');
    const username = await person();
    const closed = await login(username);
    await fresh.admin.read('UPDATE users SET active = FALSE WHERE username = ?', [username]);
    expect(await codeOf(sessions.refresh(closed.refreshToken))).toBe('refresh-refused');
    expect(await codeOf(sessions.refresh('x'.repeat(43)))).toBe('refresh-refused');
  });

  it('is stored as a hash only', async () => {
    const { refreshToken } = await login(await person());
    const rows = await fresh.admin.read<{ hash: Buffer }>('SELECT token_sha256 AS hash FROM refresh_tokens');
    expect(rows.some(({ hash }) => hash.equals(Buffer.from(refreshToken, 'base64url')))).toBe(false);
    expect(rows.map(({ hash }) => hash.toString('latin1')).join()).not.toContain(refreshToken);
  });
});

describe('a session', () => {
  it('is listed, ended by its owner alone, and lets nobody in some seconds later', async () => {
    const [mine, other] = [await login(await person()), await login(await person())];
    await sessions.authenticate(mine.accessToken);
    // Another process, which knows the session as open.
    const elsewhere = new SessionsService(fresh.database, signer, logins, () => now);
    await elsewhere.authenticate(mine.accessToken);
    expect((await sessions.sessionsOf(mine.user.userId)).map(({ sessionId }) => sessionId)).toEqual([mine.sessionId]);
    await expect(sessions.end(other.user, mine.sessionId, 'revoked')).rejects.toMatchObject({
      code: 'session-not-found',
    });
    await sessions.end(mine.user, mine.sessionId, 'logout');
    expect(await codeOf(sessions.authenticate(mine.accessToken))).toBe('session-expired');
    expect(await codeOf(elsewhere.authenticate(mine.accessToken))).toBe('in');
    now += REVOCATION_SEEN_MS;
    expect(await codeOf(elsewhere.authenticate(mine.accessToken))).toBe('session-expired');
    expect(await codeOf(sessions.refresh(mine.refreshToken))).toBe('refresh-refused');
    expect(await sessions.sessionsOf(mine.user.userId)).toEqual([]);
    await expect(sessions.end(mine.user, mine.sessionId, 'logout')).rejects.toMatchObject({
      code: 'session-not-found',
    });
    expect(await codeOf(sessions.authenticate(other.accessToken))).toBe('in');
  });
});
