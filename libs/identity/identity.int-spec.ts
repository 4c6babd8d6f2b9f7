// Proves on a real database who may log in and whose signature counts, what a stranger can learn (nothing), and
// what the audit trail keeps.
import { randomBytes } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { JwtService } from '@nestjs/jwt';
import { Global, Module } from '@nestjs/common';
import { Database } from '@vend/platform';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { recordAudit } from './audit';
import type { PartnerKind } from './identity';
import { IdentityModule } from './identity.module';
import { PartnersService } from './partners.service';
import { Logins } from './sessions/logins';
import { ACCESS_SECONDS, SessionsService } from './sessions/sessions.service';
import { requestSignature } from './signatures';
import { upsertPartner, upsertStation, upsertUser, type PartnerSeed, type UserSeed } from './store/seeding';

const NOW = Date.UTC(2026, 10, 21, 6);
const BY = { actor: 'cli:test', at: NOW };
const STATION = { code: 'NESCO-RAJ-01', name: 'Rajshahi counter 1', office: 'Rajshahi S&D 1' };
const USER: UserSeed = {
  username: 'rahima',
  password: 'correct horse',
  name: 'রহিমা খাতুন',
  role: 'clerk',
  station: STATION.code,
};
const PARTNER: PartnerSeed = {
  code: 'demo-bkash',
  name: 'Demo mobile money',
  kind: 'mobile-money',
  keyId: 'key-1',
  secret: randomBytes(32),
};
const JWT_SECRET = randomBytes(32);
const SEALING_SECRET = randomBytes(32);

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, STATION, BY);
    await upsertUser(tx, USER, BY);
    await upsertPartner(tx, SEALING_SECRET, PARTNER, BY);
  });
});
afterAll(() => fresh.drop());

const sessionsAt = (nowMs: number, secret = JWT_SECRET) =>
  new SessionsService(
    fresh.database,
    new JwtService({ secret }),
    new Logins(fresh.database, SEALING_SECRET, () => nowMs),
    () => nowMs,
  );
const login = (username: string, password: string, secret = JWT_SECRET) =>
  sessionsAt(NOW, secret).login({ username, password });

async function trail(): Promise<string[]> {
  const rows = await fresh.database.read('SELECT actor, action, subject FROM audit_events ORDER BY at, id');
  return rows.map((row) => `${row['actor'] as string} ${row['action'] as string} ${row['subject'] as string}`);
}

describe('a login', () => {
  it('opens a session that names the person, with an access token of ten minutes', async () => {
    const session = await login('Rahima', USER.password);
    expect(session).toEqual({
      sessionId: expect.any(String) as string,
      accessToken: expect.any(String) as string,
      expiresAt: NOW + ACCESS_SECONDS * 1_000,
      refreshToken: expect.stringMatching(/^[\w-]{43}$/) as string,
      refreshExpiresAt: NOW + 2 * 3_600_000,
      user: {
        userId: expect.any(String) as string,
        username: 'rahima',
        name: 'রহিমা খাতুন',
        role: 'clerk',
        station: STATION.code,
      },
    });
    const live = { user: session.user, sessionId: session.sessionId };
    expect(await sessionsAt(NOW).authenticate(session.accessToken)).toEqual(live);
    expect(await sessionsAt(session.expiresAt - 1_000).authenticate(session.accessToken)).toEqual(live);
    await expect(sessionsAt(session.expiresAt).authenticate(session.accessToken)).rejects.toMatchObject({
      code: 'session-expired',
    });
    expect(await trail()).toContain('user:rahima session-opened user:rahima');
  });

  it.each([
    ['a wrong password', 'rahima', 'wrong', 'user:rahima'],
    ['an empty password', 'rahima', '', 'user:rahima'],
    ['a password beyond the limit', 'rahima', 'x'.repeat(100_000), 'user:rahima'],
    ['an unknown user', 'nobody', USER.password, 'user:unknown'],
    ['a password typed as the name', 'correct horse', '', 'user:unknown'],
  ])('with %s is refused alike, and audited', async (_, username, password, subject) => {
    const before = (await trail()).length;
    await expect(login(username, password)).rejects.toMatchObject({ code: 'login-refused', facts: {} });
    const after = await trail();
    expect(after).toHaveLength(before + 1);
    expect(after).toContain(`anonymous session-refused ${subject}`);
    expect(after.join()).not.toContain('correct horse');
  });

  it('of a closed account is refused, and seeding it again does not open it', async () => {
    await fresh.database.transaction((tx) => upsertUser(tx, { ...USER, username: 'left' }, BY));
    await fresh.database.read(`UPDATE users SET active = FALSE WHERE username = 'left'`);
    await fresh.database.transaction((tx) => upsertUser(tx, { ...USER, username: 'left', name: 'Left' }, BY));
    await expect(login('left', USER.password)).rejects.toMatchObject({ code: 'login-refused' });
  });
});

describe('an access token', () => {
  it.each<[string, (token: string) => string | Promise<string>]>([
    ['nothing', () => ''],
    [
      'a changed claim',
      (token) => token.replace(/\.[^.]+\./, `.${Buffer.from('{"role":"administrator"}').toString('base64url')}.`),
    ],
    ['no signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
    [
      'algorithm none',
      (token) => `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${token.split('.')[1]}.`,
    ],
    ['another secret', async () => (await login('rahima', USER.password, randomBytes(32))).accessToken],
    [
      'another audience',
      () => new JwtService({ secret: JWT_SECRET }).sign({ role: 'clerk' }, { audience: 'elsewhere' }),
    ],
  ])('with %s is invalid', async (_, change) => {
    const { accessToken } = await login('rahima', USER.password);
    const changed = await change(accessToken);
    await expect(sessionsAt(NOW).authenticate(changed)).rejects.toMatchObject({ code: 'session-invalid' });
  });

  it('with a role that does not exist is invalid, and so is one of a role that never logs in', async () => {
    const { sessionId: sid } = await login('rahima', USER.password);
    const claims = { sub: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42', sid, username: 'x', name: 'x', station: 'x' };
    const token = (role: string) =>
      new JwtService({ secret: JWT_SECRET }).sign(
        { ...claims, role },
        { issuer: 'prepaid-vending', audience: 'prepaid-vending/api', algorithm: 'HS256' },
      );
    const sessions = sessionsAt(NOW);
    expect(await sessions.authenticate(token('auditor'))).toMatchObject({ user: { role: 'auditor' } });
    for (const role of ['root', 'partner']) {
      await expect(sessions.authenticate(token(role))).rejects.toMatchObject({ code: 'session-invalid' });
    }
  });
});

describe("a partner's request", () => {
  const body = Buffer.from('{"amount":"500.00"}');
  const timestamp = String(NOW / 1_000);
  const signed = (changes: object = {}) => ({
    keyId: PARTNER.keyId,
    timestamp,
    signature: requestSignature(PARTNER.secret, timestamp, body),
    rawBody: body,
    ...changes,
  });
  const verify = (changes: object = {}, nowMs = NOW) =>
    new PartnersService(fresh.database, SEALING_SECRET).verifySignedRequest(signed(changes), nowMs);

  it('is known by its signature', async () => {
    const { secret, code, name, kind } = PARTNER;
    expect(await verify()).toEqual({ code, name, kind, mode: 'live', secret });
  });

  it.each([
    ['no key id', { keyId: undefined }, 'signature-missing'],
    ['no timestamp', { timestamp: '' }, 'signature-missing'],
    ['no signature', { signature: undefined }, 'signature-missing'],
    ['an unknown key id', { keyId: 'key-2' }, 'signature-invalid'],
    ['a key id in other case', { keyId: 'KEY-1' }, 'signature-invalid'],
    ['a key id that is no key id', { keyId: "' OR ''='" }, 'signature-invalid'],
    ['another body', { rawBody: Buffer.from('{"amount":"5000.00"}') }, 'signature-invalid'],
    ['another time than was signed', { timestamp: String(NOW / 1_000 + 1) }, 'signature-invalid'],
    ['a signature of nothing', { signature: '0'.repeat(64) }, 'signature-invalid'],
  ])('with %s is refused', async (_, changes, code) => {
    await expect(verify(changes)).rejects.toMatchObject({ code, facts: {} });
  });

  it('is refused 301 seconds later, but only when its signature held', async () => {
    await expect(verify({}, NOW + 300_000)).resolves.toMatchObject({ code: PARTNER.code });
    await expect(verify({}, NOW + 301_000)).rejects.toMatchObject({ code: 'timestamp-stale' });
    await expect(verify({ signature: '0'.repeat(64) }, NOW + 301_000)).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  });

  it('asks the database again after 30 seconds, and then sees that the partner was closed', async () => {
    let nowMs = NOW;
    const partners = new PartnersService(fresh.database, SEALING_SECRET, () => nowMs);
    expect(await partners.byKeyId(PARTNER.keyId)).toBeDefined();
    await fresh.database.read('UPDATE partners SET active = FALSE WHERE code = ?', [PARTNER.code]);
    expect(await partners.byKeyId(PARTNER.keyId)).toBeDefined();
    nowMs += 30_000;
    expect(await partners.byKeyId(PARTNER.keyId)).toBeUndefined();
    await fresh.database.read('UPDATE partners SET active = TRUE WHERE code = ?', [PARTNER.code]);
  });

  it('keeps its secret sealed, and cannot be opened with another sealing secret', async () => {
    const [row] = await fresh.database.read<{ secret_sealed: Buffer }>('SELECT secret_sealed FROM partners');
    expect(row!.secret_sealed.includes(PARTNER.secret)).toBe(false);
    await expect(new PartnersService(fresh.database, randomBytes(32)).byKeyId(PARTNER.keyId)).rejects.toThrow();
  });
});

describe('seeding', () => {
  it('again changes nothing and audits nothing', async () => {
    const before = await trail();
    const outcomes = await fresh.database.transaction(async (tx) => [
      await upsertStation(tx, STATION, BY),
      await upsertUser(tx, USER, BY),
      await upsertPartner(tx, SEALING_SECRET, PARTNER, BY),
    ]);
    expect(outcomes).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(await trail()).toEqual(before);
  });

  it('with other data updates in place', async () => {
    const kind: PartnerKind = 'gateway';
    const outcomes = await fresh.database.transaction(async (tx) => [
      await upsertStation(tx, { ...STATION, name: 'Counter one' }, BY),
      await upsertUser(tx, { ...USER, password: 'another one' }, BY),
      await upsertPartner(tx, SEALING_SECRET, { ...PARTNER, kind }, BY),
    ]);
    expect(outcomes).toEqual(['updated', 'updated', 'updated']);
    await expect(login('rahima', USER.password)).rejects.toMatchObject({ code: 'login-refused' });
    await expect(login('rahima', 'another one')).resolves.toMatchObject({
      user: { username: 'rahima' },
    });
  });

  it('does not let a partner take the key id of another', async () => {
    const thief = { ...PARTNER, code: 'other', secret: randomBytes(32) };
    await expect(
      fresh.database.transaction((tx) => upsertPartner(tx, SEALING_SECRET, thief, BY)),
    ).rejects.toMatchObject({ errno: 1062 });
  });
});

it('keeps the audit trail as it was written', async () => {
  await fresh.database.transaction((tx) =>
    recordAudit(tx, {
      actor: 'user:x',
      action: 'recharge-reprinted',
      subject: 'recharge:1',
      detail: { copy: 2 },
      at: NOW,
    }),
  );
  const [row] = await fresh.database.read<{ detail: unknown; at: Date }>(
    `SELECT at, detail FROM audit_events WHERE subject = 'recharge:1'`,
  );
  expect(row!.at).toEqual(new Date(NOW));
  expect(typeof row!.detail === 'string' ? JSON.parse(row!.detail) : row!.detail).toEqual({ copy: 2 });
  await expect(fresh.database.read('DELETE FROM audit_events')).rejects.toMatchObject({ errno: 1142 });
  await expect(fresh.database.read(`UPDATE audit_events SET actor = 'nobody'`)).rejects.toMatchObject({ errno: 1142 });
});

it('is wired by its module', async () => {
  @Global()
  @Module({ providers: [{ provide: Database, useFactory: () => fresh.database }], exports: [Database] })
  class DatabaseModule {}
  const secrets = { jwtSecret: JWT_SECRET, sealingSecret: SEALING_SECRET };
  const module = await Test.createTestingModule({
    imports: [DatabaseModule, IdentityModule.forRoot(secrets)],
  }).compile();
  expect(await module.get(PartnersService).byKeyId(PARTNER.keyId)).toMatchObject({ code: PARTNER.code });
  await expect(module.get(SessionsService).authenticate('')).rejects.toMatchObject({ code: 'session-invalid' });
});
