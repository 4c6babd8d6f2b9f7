/* Proves accounts and sessions over HTTP: made, enrolled, refreshed, locked out, unlocked, changed, ended, closed; each change on record with before, after and from where; and offices and the trail as an administrator sees them. */
import { totpCode } from '@vend/identity';
import { ApiWorld, type Answer } from '../../../test/support/api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const PASSWORD = 'seven small boats at dawn';
const TILL = { 'user-agent': 'till/1.0' };
let made = 0;
const manage = (path: string, body?: object): Promise<Answer> =>
  world.as('administrator', 'POST', `/v1/people${path}`, body, TILL);
async function person(role: string): Promise<string> {
  const username = `new-${++made}`;
  const body = { username, name: 'নতুন মানুষ', role, station: 'NESCO-RAJ-01', password: PASSWORD };
  expect(await manage('', body)).toMatchObject({
    status: 201,
    body: { username, role, active: true, secondFactor: false },
  });
  return username;
}
const login = (username: string, more: object = {}): Promise<Answer> =>
  world.request('POST', '/v1/sessions', { username, password: PASSWORD, ...more }, TILL);
const bearer = ({ body }: Answer) => ({ authorization: `Bearer ${body.accessToken as string}` });
const mySessions = (session: Answer) => world.request('GET', '/v1/sessions', undefined, bearer(session));
/** Another process would see it within three seconds; this one must see an administrator's word too. */
async function endsSoon(session: Answer): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    const answer = await mySessions(session);
    if (answer.status === 401) return expect(answer.body).toMatchObject({ code: 'session-expired' });
    if (Date.now() > until) throw new Error('a session that was ended is still good');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

it('makes somebody, who logs in, refreshes, sees the session and logs out', async () => {
  const username = await person('clerk');
  expect(
    await manage('', { username, name: 'x', role: 'clerk', station: 'NESCO-RAJ-01', password: PASSWORD }),
  ).toMatchObject({
    status: 409,
    body: { code: 'person-exists' },
  });
  const first = await login(username);
  expect(first.status).toBe(201);
  const refresh = (refreshToken: unknown) => world.request('POST', '/v1/sessions/refresh', { refreshToken });
  const second = await refresh(first.body.refreshToken);
  expect(second).toMatchObject({ status: 200, body: { user: { username, role: 'clerk', station: 'NESCO-RAJ-01' } } });
  expect((await mySessions(second)).body.items).toMatchObject([
    { current: true, station: 'NESCO-RAJ-01', address: '127.0.0.1', agent: 'till/1.0' },
  ]);
  expect(await world.request('POST', '/v1/sessions/logout', undefined, bearer(second))).toMatchObject({
    status: 200,
    body: { ended: 1 },
  });
  expect(await mySessions(first)).toMatchObject({ status: 401, body: { code: 'session-expired' } });
  expect(await refresh(second.body.refreshToken)).toMatchObject({ status: 401, body: { code: 'refresh-refused' } });
  for (const secret of [first.body.refreshToken, second.body.refreshToken, PASSWORD] as string[]) {
    expect(world.logged).not.toContain(secret);
  }
});

it('gives a supervisor no session before the second factor is there', async () => {
  const username = await person('supervisor');
  expect(await login(username)).toMatchObject({ status: 401, body: { code: 'second-factor-enrolment-needed' } });
  const enrolled = await world.request('POST', '/v1/sessions/second-factor', { username, password: PASSWORD });
  expect(enrolled).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^[A-Z2-7]{32}$/) as string } });
  const code = totpCode(enrolled.body.secret as string, Date.now());
  const first = await login(username, { code });
  expect(first).toMatchObject({ status: 201 });
  expect(first.body.recoveryCodes).toHaveLength(10);
  expect(await login(username, { code })).toMatchObject({ status: 401, body: { code: 'second-factor-refused' } });
  expect(await login(username)).toMatchObject({ status: 401, body: { code: 'second-factor-needed' } });
  expect((await login(username, { code: first.body.recoveryCodes[3] as string })).status).toBe(201);
  expect(await manage(`/${username}/second-factor/remove`)).toMatchObject({
    status: 200,
    body: { secondFactor: false },
  });
  expect(await login(username)).toMatchObject({ status: 401, body: { code: 'second-factor-enrolment-needed' } });
});

it('locks out who guesses, says how long, and an administrator unlocks', async () => {
  const username = await person('clerk');
  for (let i = 0; i < 5; i++) expect((await login(username, { password: 'wrong' })).status).toBe(401);
  const locked = await login(username);
  expect(locked).toMatchObject({ status: 429, body: { code: 'login-locked', retryable: true } });
  expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(locked.headers['retry-after'])).toBe(locked.body.retryAfterSeconds);
  const card = await world.as('administrator', 'GET', `/v1/people/${username}`);
  expect(card.body.lockedUntil).toMatch(/\+06:00$/);
  expect(await manage(`/${username}/unlock`)).toMatchObject({ status: 200, body: { lockedUntil: null } });
  expect((await login(username)).status).toBe(201);
});

it('ends the sessions of somebody whose role, password or account changes, and keeps before and after', async () => {
  const username = await person('clerk');
  const asClerk = await login(username);
  expect(await manage(`/${username}/change`, { role: 'auditor' })).toMatchObject({
    status: 200,
    body: { role: 'auditor' },
  });
  await endsSoon(asClerk);
  const asAuditor = await login(username);
  expect(asAuditor.body.user.role).toBe('auditor');
  expect((await manage(`/${username}/password`, { password: 'another long password' })).status).toBe(200);
  await endsSoon(asAuditor);
  expect(await login(username)).toMatchObject({ status: 401, body: { code: 'login-refused' } });
  const renewed = await login(username, { password: 'another long password' });
  expect(await manage(`/${username}/sessions/end`)).toMatchObject({ status: 200, body: { ended: 1 } });
  await endsSoon(renewed);
  expect(await manage(`/${username}/close`)).toMatchObject({ status: 200, body: { active: false } });
  expect(await login(username, { password: 'another long password' })).toMatchObject({ status: 401 });
  expect(await manage(`/${username}/reopen`)).toMatchObject({ status: 200, body: { active: true } });
  const trail = await world.as('auditor', 'POST', '/v1/audit/search', {
    subject: `user:${username}`,
    actor: 'user:administrator',
    action: 'user-changed',
  });
  const change = {
    before: { role: 'clerk' },
    after: { role: 'auditor' },
    address: '127.0.0.1',
    station: 'NESCO-RAJ-02',
  };
  expect(trail.body.items).toContainEqual(
    expect.objectContaining({
      ...change,
      before: expect.objectContaining(change.before) as object,
      after: expect.objectContaining(change.after) as object,
      agentHash: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    }),
  );
  expect(trail.body.items).toHaveLength(4);
}, 120_000);

it('lets people change their own password, by the old one, and ends their other sessions', async () => {
  const username = await person('clerk');
  const [mine, other] = [await login(username), await login(username)];
  const change = (password: string, newPassword: string) =>
    world.request('POST', '/v1/sessions/password', { password, newPassword }, bearer(mine));
  expect(await change('wrong', 'a new long password')).toMatchObject({ status: 401, body: { code: 'login-refused' } });
  expect(await change(PASSWORD, 'short')).toMatchObject({ status: 400, body: { code: 'field-invalid' } });
  expect(await change(PASSWORD, 'a new long password')).toMatchObject({ status: 200, body: { ended: 1 } });
  expect((await mySessions(mine)).status).toBe(200);
  await endsSoon(other);
});

it.each([
  ['/administrator/change', { role: 'supervisor' }, 403, 'person-own'],
  ['/administrator/second-factor/remove', undefined, 403, 'person-own'],
  ['/administrator/close', undefined, 403, 'person-own'],
  ['/nobody-here/unlock', undefined, 404, 'person-not-found'],
  ['/clerk/change', { station: 'NOWHERE' }, 422, 'station-not-found'],
  ['/clerk/change', { role: 'partner' }, 400, 'field-invalid'],
  [
    '',
    { username: 'X Y', name: 'x', role: 'clerk', station: 'NESCO-RAJ-01', password: PASSWORD },
    400,
    'field-invalid',
  ],
])('refuses %s with %j', async (path, body, status, code) => {
  expect(await manage(path, body)).toMatchObject({ status, body: { code } });
});

it('lists people by pages', async () => {
  const first = await world.as('auditor', 'GET', '/v1/people?limit=3');
  expect(first.body.items).toHaveLength(3);
  const next = await world.as('auditor', 'GET', `/v1/people?limit=100&cursor=${first.body.nextCursor as string}`);
  const names = [...first.body.items, ...next.body.items].map(({ username }: { username: string }) => username);
  expect(names).toEqual([...new Set(names)].sort());
  expect(names).toEqual(expect.arrayContaining(['clerk', 'supervisor', 'administrator']));
});

it('makes offices, moves them, and refuses a ring', async () => {
  const make = (body: object) => world.as('administrator', 'POST', '/v1/offices', body);
  expect(await make({ code: 'NORTH', kind: 'zone', name: 'North zone', nameBn: 'উত্তর জোন' })).toMatchObject({
    status: 201,
  });
  const tree = await make({ code: 'RAJ-9', kind: 'division', name: 'Rajshahi 9', parent: 'NORTH' });
  expect(tree.body.items).toContainEqual(
    expect.objectContaining({
      code: 'NORTH',
      children: [expect.objectContaining({ code: 'RAJ-9', kind: 'division' })],
    }),
  );
  const move = (code: string, parent: string | null) =>
    world.as('administrator', 'POST', `/v1/offices/${code}/move`, { parent });
  expect(await move('NORTH', 'RAJ-9')).toMatchObject({ status: 409, body: { code: 'office-cycle' } });
  expect((await move('RAJ-9', null)).status).toBe(200);
  expect((await world.as('clerk', 'GET', '/v1/offices')).body.items).toContainEqual(
    expect.objectContaining({ code: 'RAJ-9', name: 'Rajshahi 9' }),
  );
});
