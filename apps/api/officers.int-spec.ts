/*
 * Proves over HTTP what tariff and key officers do: a version is compared, calculated, drafted and put into force by two
 * people and once however often it is asked for, nothing published changes, a quote of before and one of after have
 * their own price; and that keys and campaigns are shown with their figures and without a key.
 */
import { GrpcKeySetIssuer } from '@vend/issuer';
import { dhakaDay, newId } from '@vend/kernel';
import { Campaigns, MetersUnderKeys } from '@vend/meters';
import { ApiWorld, type Answer } from '../../test/support/api';

jest.setTimeout(120_000);
const TODAY = dhakaDay(Date.now());
const STANDING = 'bd-retail-2020-03';
let world: ApiWorld;
let meterNo: string;
let released: { classes: { code: string; energy: { kind: string; slabs: { rate: string }[] } }[] };
beforeAll(async () => {
  world = await ApiWorld.create();
  const [row] = await world.fresh.admin.read(
    `SELECT m.pan FROM meters m JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id
     WHERE c.customer_no = '61000001'`,
  );
  meterNo = String(row?.['pan']);
  released = JSON.parse((await officer('GET', `/v1/tariffs/${STANDING}`)).body.document as string) as typeof released;
}, 120_000);
afterAll(() => world?.destroy());

const officer = (method: 'GET' | 'POST', path: string, body?: object, key?: string) =>
  world.as('tariff-officer', method, path, body, key === undefined ? {} : { 'idempotency-key': key });
/** The released version with every slab a Taka dearer. */
function dearer(id: string, changes: object = {}): string {
  const classes = released.classes.map((row) =>
    row.energy.kind !== 'slab'
      ? row
      : {
          ...row,
          energy: {
            ...row.energy,
            slabs: row.energy.slabs.map(({ rate, ...slab }) => ({ ...slab, rate: (Number(rate) + 1).toFixed(2) })),
          },
        },
  );
  return JSON.stringify({
    ...released,
    id,
    publishedOn: null,
    effectiveFrom: TODAY,
    endsOn: null,
    classes,
    ...changes,
  });
}
const draft = (document: string) => officer('POST', '/v1/tariffs', { document });
const publish = (code: string, key: string, who = 'tariff-officer') =>
  world.as(who, 'POST', `/v1/tariffs/${code}/publish`, { reason: 'order 2026/11' }, { 'idempotency-key': key });
const approve = (who: string, { body }: Answer) =>
  world.as(who, 'POST', `/v1/approvals/${body.approval.id as string}/approve`, {});
const quote = () => world.as('clerk', 'POST', '/v1/quotes', { meterNo, amount: '500.00' });

it('shows the book, one version whole, and two side by side', async () => {
  const list = await officer('GET', '/v1/tariffs');
  expect(list.body).toMatchObject({
    soldBy: 'first-light',
    books: expect.arrayContaining(['first-light', 'nesco-history']) as unknown,
  });
  expect(list.body.items).toContainEqual(expect.objectContaining({ code: STANDING, state: 'published', madeBy: null }));
  const whole = await officer('GET', `/v1/tariffs/${STANDING}`);
  expect(whole.body.findings).toContainEqual(
    expect.objectContaining({ severity: 'warning', problemBn: expect.stringMatching(/[\u0980-\u09ff]/) as unknown }),
  );
  const pair = await officer('GET', '/v1/tariffs/bd-retail-2020-03/beside/bd-retail-2024-02?book=nesco-history');
  expect(pair.body.rows).toContainEqual(
    expect.objectContaining({ tariffClass: 'LT-A', item: 'demand', left: '30.00', right: '42.00', differs: true }),
  );
  expect((await officer('GET', '/v1/tariffs/nothing-such')).body).toMatchObject({ code: 'price-document-unknown' });
  expect((await officer('GET', '/v1/tariffs?book=nowhere')).body).toMatchObject({ code: 'price-book-unknown' });
  expect((await world.as('clerk', 'GET', '/v1/tariffs')).body).toMatchObject({ code: 'role-not-allowed' });
});

it('says what is wrong with a document before it is entered, and enters none of that', async () => {
  const lint = (document: string) => officer('POST', '/v1/tariffs/lint', { document });
  expect((await lint(dearer('good-1'))).body).toMatchObject({ code: 'good-1', good: true });
  const [household] = released.classes;
  const falling = { ...household, energy: { kind: 'slab', slabs: [{ toKwh: 75, rate: '-1.00' }] } };
  const wrong = dearer('wrong-1', { classes: [falling] });
  expect((await lint(wrong)).body).toMatchObject({
    good: false,
    findings: [{ severity: 'error' }, { severity: 'error' }],
  });
  const clash = dearer('clash-1', { effectiveFrom: '2020-03-01' });
  const { body } = await lint(clash);
  expect(body).toMatchObject({ good: false });
  expect(body.findings.at(-1)).toMatchObject({ severity: 'error', problem: `begins on the same day as ${STANDING}` });
  expect((await lint('{ ')).body).toMatchObject({ code: 'price-document-invalid', where: 'document' });
  for (const document of [wrong, clash]) {
    expect((await draft(document)).body).toMatchObject({ status: 422, code: 'tariff-book-invalid' });
  }
  expect((await officer('GET', '/v1/tariffs')).text).not.toMatch(/wrong-1|clash-1|good-1/);
});

it('calculates with any version for any meter, as the till would', async () => {
  const calculate = (body: object) => officer('POST', '/v1/tariffs/calculations', body);
  expect((await draft(dearer('try-1'))).status).toBe(201);
  const now = await calculate({ meterNo, amount: '500.00' });
  const till = (await quote()).body as { lines: unknown; energy: unknown };
  expect(till.lines).toBeDefined();
  expect([now.body.lines, now.body.energy]).toEqual([till.lines, till.energy]);
  const then = await calculate({ meterNo, amount: '500.00', version: 'try-1' });
  expect(then.body.tariffVersion).toBe('try-1');
  expect(Number(then.body.energy.kwh)).toBeLessThan(Number(now.body.energy.kwh));
  const invented = { book: 'nesco-history', at: '2021-06-15', amount: '1000.00', crediting: 'currency' };
  expect((await calculate(invented)).body).toMatchObject({ credit: { value: '861.41' }, months: ['2021-06'] });
  expect((await calculate({ kwh: '100', monthsDue: 0 })).body).toMatchObject({ energy: { kwh: '100.0' } });
  for (const [body, code] of [
    [{ amount: '5.00', kwh: '1' }, 'quote-ambiguous'],
    [{}, 'field-invalid'],
    [{ amount: '5.00', at: '2026-02-30' }, 'field-invalid'],
    [{ amount: '500.00', monthsDue: null }, 'field-invalid'],
    [{ amount: '500.00', tariffClass: 'LT-Q' }, 'tariff-class-unknown'],
    [{ amount: '500.00', version: 'nothing-such' }, 'price-document-unknown'],
    [{ amount: '0.50' }, 'below-minimum-recharge'],
  ] as const) {
    expect([body, (await calculate(body)).body.code]).toEqual([body, code]);
  }
});

it('puts a version into force by two people, once, and never changes it', async () => {
  const code = 'bd-retail-test-1';
  const before = await quote();
  expect(before.body.tariffVersion).toBe(STANDING);
  const entered = await draft(dearer(code));
  expect([entered.status, entered.body.state]).toEqual([201, 'draft']);
  expect((await draft(dearer(code))).body).toMatchObject({ existed: true });
  expect((await draft(dearer(code, { vatPercent: 6 }))).body).toMatchObject({ code: 'price-document-exists' });

  const key = newId();
  const waiting = await publish(code, key);
  expect([waiting.status, waiting.body.approval.state]).toEqual([202, 'PENDING']);
  expect((await approve('tariff-officer', waiting)).body).toMatchObject({ code: 'approval-own' });
  expect((await approve('supervisor', waiting)).body).toMatchObject({ code: 'role-not-allowed' });
  expect((await publish(code, key)).status).toBe(202);
  expect((await quote()).body.tariffVersion).toBe(STANDING);
  const seen = await world.as('accounts', 'GET', `/v1/approvals/${waiting.body.approval.id as string}`);
  expect(seen.body).toMatchObject({
    kind: 'tariff',
    content: { document: code, sha256: entered.body.sha256 as string },
  });
  expect((await approve('accounts', waiting)).status).toBe(200);

  const done = await Promise.all(Array.from({ length: 5 }, () => publish(code, key)));
  expect(done.map(({ status, body }) => [status, body.state, body.revision, body.publishedBy])).toEqual(
    Array(5).fill([200, 'published', done[0]!.body.revision, 'accounts']),
  );
  const trail = await world.fresh.admin.read(
    `SELECT action, actor FROM audit_events WHERE subject = ? ORDER BY at, id`,
    [`price:${code}`],
  );
  expect(trail).toEqual([
    { action: 'price-drafted', actor: 'user:tariff-officer' },
    { action: 'price-published', actor: 'user:tariff-officer' },
  ]);

  const after = await quote();
  expect(after.body.tariffVersion).toBe(code);
  expect(Number(after.body.energy.kwh)).toBeLessThan(Number(before.body.energy.kwh));
  // The quote of before keeps nothing: what it binds is another price, and the clerk is told so.
  const quoteId = before.body.quoteId as string;
  const sold = await world.as('clerk', 'POST', '/v1/recharges', { quoteId }, { 'idempotency-key': newId() });
  expect(sold.body.code).toBe('quote-changed');
  expect((await draft(dearer(code, { vatPercent: 6 }))).body).toMatchObject({ code: 'price-document-exists' });
  expect((await draft(dearer('bd-retail-test-2'))).body).toMatchObject({ code: 'tariff-book-invalid' });
});

it('does not take the word of who entered it, whoever asks', async () => {
  const code = 'bd-retail-test-3';
  await draft(dearer(code, { effectiveFrom: '2099-01-01' }));
  const waiting = await publish(code, newId(), 'administrator');
  expect((await approve('tariff-officer', waiting)).status).toBe(200);
  const key = newId();
  expect((await publish(code, key, 'administrator')).status).toBe(202);
  const [row] = await world.fresh.admin.read(`SELECT HEX(request_key) AS k FROM approvals WHERE id = UNHEX(?)`, [
    (waiting.body.approval.id as string).replaceAll('-', ''),
  ]);
  const first = String(row?.['k'])
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  expect((await publish(code, first, 'administrator')).body).toMatchObject({ code: 'second-person-needed' });
  expect((await officer('GET', `/v1/tariffs/${code}`)).body).toMatchObject({ state: 'draft', revision: null });
});

it('withdraws a version by two people, and prices by the one before it', async () => {
  const code = 'bd-retail-test-1';
  const key = newId();
  const ask = () => officer('POST', `/v1/tariffs/${code}/revoke`, { reason: 'order withdrawn' }, key);
  const waiting = await ask();
  expect(waiting.status).toBe(202);
  await approve('accounts', waiting);
  const done = await Promise.all([ask(), ask()]);
  expect(done.map(({ status, body }) => [status, body.state, body.revokedBy])).toEqual(
    Array(2).fill([200, 'revoked', 'accounts']),
  );
  expect((await quote()).body.tariffVersion).toBe(STANDING);
  expect((await publish(code, newId())).body).toMatchObject({ code: 'price-proposal-missing' });
  const other = await officer('POST', '/v1/tariffs/try-1/revoke', { reason: 'never published' }, newId());
  expect(other.body).toMatchObject({ code: 'price-document-unknown' });
});

it('shows keys with their meters, and campaigns as they go on; no key, and nobody else', async () => {
  const ask = (path: string, who = 'key-officer') => world.as(who, 'GET', path);
  const { body, text } = await ask('/v1/keys');
  expect(body.tokenServer).toMatchObject({ staTables: 'iec-sample', modules: ['software'] });
  expect(body.tokenServer.keys).toContainEqual(
    expect.objectContaining({ sgc: '123456', krn: 1, baseDate: 2014, ken: 255, state: 'active' }),
  );
  expect(text).not.toMatch(/abababababababab|0123456789abcdef/i);
  const meters = (body.meters as { meters: number }[]).reduce((sum, group) => sum + group.meters, 0);
  const [row] = await world.fresh.admin.read(`SELECT COUNT(*) AS n FROM meters WHERE status = 'active'`);
  expect(meters).toBe(Number(row?.['n']));

  const issuer = new GrpcKeySetIssuer(world.keyOfficer);
  try {
    const campaigns = new Campaigns(world.fresh.database, { pageRows: 20, groupRequests: 10 });
    for (const name of ['revision-1', 'revision-2']) {
      const keys = name === 'revision-1' ? ['123456', '123456'] : ['201457', '201457'];
      const order = {
        name,
        kind: 'key-revision',
        from: { sgc: keys[0]!, krn: 1 },
        to: { sgc: keys[1]!, krn: 2 },
      } as const;
      await campaigns.create(
        { ...order, ti: null, office: null, listHash: null },
        await issuer.vendingKeys(),
        'officer:anwar',
      );
    }
    const first = await ask('/v1/campaigns?limit=1');
    const rest = await ask(`/v1/campaigns?limit=1&cursor=${first.body.nextCursor as string}`);
    expect([first, rest].map((page) => page.body.items[0].name as string)).toEqual(['revision-2', 'revision-1']);
    const figures = async () => (await ask('/v1/campaigns/revision-1')).body.figures as Record<string, number>;
    const { meters: all } = await figures();
    expect(all).toBeGreaterThan(0);
    expect(await figures()).toMatchObject({ due: all, toMake: all, issued: 0 });
    await campaigns.make('revision-1', issuer);
    expect(await figures()).toMatchObject({ due: all, toMake: 0, refused: [] });
  } finally {
    issuer.close();
  }
  expect((await ask('/v1/campaigns/none')).body).toMatchObject({ status: 404, code: 'campaign-not-found' });
  for (const who of ['clerk', 'tariff-officer']) {
    expect((await ask('/v1/keys', who)).body).toMatchObject({ code: 'role-not-allowed' });
  }
});

it('counts the meters under keys once a minute, however many look, and again at once when a count failed', async () => {
  const { database } = world.fresh;
  let counts = 0;
  const watched = new Proxy(database, {
    get: (target, name) => {
      if (name !== 'read') return Reflect.get(target, name) as unknown;
      return (sql: string) => (++counts === 1 ? Promise.reject(new Error('gone')) : database.read(sql));
    },
  });
  let now = Date.now();
  const keys = new MetersUnderKeys(watched, () => now);
  await expect(keys.all([])).rejects.toThrow('gone');
  const [first, second] = await Promise.all([keys.all([]), keys.all([])]);
  expect(first.length).toBeGreaterThan(0);
  expect(second).toEqual(first);
  now += 59_000;
  await keys.all([]);
  expect(counts).toBe(2);
  now += 1_000;
  await keys.all([]);
  expect(counts).toBe(3);
});

it('shows the keys of meters while the token server is away', async () => {
  await world.stopTokenServer();
  const { status, body } = await world.as('key-officer', 'GET', '/v1/keys');
  expect([status, body.tokenServer]).toEqual([200, null]);
  expect(body.meters.length).toBeGreaterThan(0);
});
