/*
 * Proves over HTTP that a file is received whole or not at all, is imported by whoever works, can be watched and its
 * faults fetched; and that a search by name and by phone shows a person the customers of that person's offices.
 */
import { newId } from '@vend/kernel';
import { ImportJobs } from '@vend/meters';
import { meterCells, meterCsv, meterNo } from '../../../test/builders/meters';
import { ApiWorld } from '../../../test/support/api';

jest.setTimeout(120_000);
let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 120_000);
afterAll(() => world?.destroy());

const FILE = meterCsv([
  meterCells(1, { name: 'মোঃ জহির উদ্দিন', office: 'Rajshahi', mobile: '01711000001' }),
  meterCells(2, { name: 'Zahir Raihan', office: 'Natore S&D', mobile: '01711000001' }),
  meterCells(3, { phase: '2' }),
]);
const send = (key: string | undefined, body: string, headers: Record<string, string> = {}, user = 'administrator') =>
  world.as(user, 'POST', '/v1/imports', body, {
    'content-type': 'text/csv; charset=utf-8',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...headers,
  });

it('takes a file, tells how far it is, and gives its faults to be mended', async () => {
  const key = newId();
  const sent = await send(key, FILE, { 'x-file-name': encodeURIComponent('../নাটোর.csv') });
  expect([sent.status, sent.body]).toEqual([
    202,
    expect.objectContaining({
      id: key,
      state: 'QUEUED',
      fileName: 'নাটোর.csv',
      rows: 0,
      percent: 0,
      secondsLeft: null,
    }),
  ]);
  expect((await send(key, FILE)).body).toMatchObject({ id: key, sha256: sent.body.sha256 as string });
  expect((await send(key, `${FILE}\n`)).body).toMatchObject({ status: 409, code: 'import-differs' });
  expect(await world.app.get(ImportJobs).work(key)).toBe('done');
  const progress = await world.as('supervisor', 'GET', `/v1/imports/${key}`);
  expect(progress.body).toMatchObject({ state: 'DONE', rows: 3, inserted: 2, rejected: 1, faults: 1, percent: 100 });
  const report = await world.as('supervisor', 'GET', `/v1/imports/${key}/report`);
  expect(report.headers['content-type']).toContain('text/csv');
  expect(report.text.split('\r\n')[1]).toMatch(/^4,phase,phase-invalid,/);
  const trail = await world.fresh.admin.read(`SELECT action FROM audit_events WHERE subject = ? ORDER BY at`, [
    `import:${key}`,
  ]);
  expect(trail.map(({ action }) => action)).toEqual(['import-ordered', 'import-report-read']);
});

it('lists imports, the latest first, page by page', async () => {
  const keys = [newId(), newId()];
  for (const key of keys) await send(key, `${FILE}\n${key}`);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const at: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { body } = await world.as('auditor', 'GET', `/v1/imports?limit=1${at}`);
    seen.push(...(body.items as { id: string; madeBy: string }[]).map(({ id, madeBy }) => `${id} ${madeBy}`));
    cursor = body.nextCursor as string | null;
  } while (cursor !== null);
  // Two in the same millisecond stand by their ids.
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.slice(0, 2).sort()).toEqual(keys.map((key) => `${key} administrator`).sort());
  expect((await world.as('clerk', 'GET', '/v1/imports')).body).toMatchObject({ code: 'role-not-allowed' });
});

it.each<[string, number, string, () => ReturnType<typeof send>]>([
  ['without a key', 400, 'idempotency-key-missing', () => send(undefined, FILE)],
  ['of another type', 415, 'content-type-unsupported', () => send(newId(), FILE, { 'content-type': 'text/plain' })],
  ['in JSON', 415, 'content-type-unsupported', () => send(newId(), '{}', { 'content-type': 'application/json' })],
  ['above the limit', 413, 'import-too-large', () => send(newId(), 'x'.repeat(1_200_000))],
  ['by a clerk', 403, 'role-not-allowed', () => send(newId(), FILE, {}, 'clerk')],
  [
    'to another route',
    415,
    'content-type-unsupported',
    () => world.as('clerk', 'POST', '/v1/meters/search', FILE, { 'content-type': 'text/csv' }),
  ],
])('a file %s is refused', async (_, status, code, request) => {
  const answer = await request();
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

it('knows no import that is not there', async () => {
  for (const path of [newId(), 'x', `${newId()}/report`]) {
    expect((await world.as('supervisor', 'GET', `/v1/imports/${path}`)).body).toMatchObject({
      code: 'import-not-found',
    });
  }
});

it('finds by name and by phone within the offices of the person, and by number everywhere', async () => {
  const search = async (user: string, by: string, value: string) => {
    const { status, body } = await world.as(user, 'POST', '/v1/meters/search', { by, value });
    expect(status).toBe(200);
    return (body.items as { customerNo: string }[]).map(({ customerNo }) => customerNo).sort();
  };
  // The stations of this world belong to the office "Rajshahi".
  expect(await search('clerk', 'name', 'জহী উদ')).toEqual(['T000001']);
  expect(await search('clerk', 'name', 'zahir rai')).toEqual([]);
  expect(await search('administrator', 'name', 'rai zah')).toEqual(['T000002']);
  expect(await search('clerk', 'phone', '01711000001')).toEqual(['T000001']);
  expect(await search('administrator', 'phone', '01711000001')).toEqual(['T000001', 'T000002']);
  expect(await search('clerk', 'meter-no', meterNo(2).pan)).toEqual(['T000002']);
  expect(await search('clerk', 'customer-no', 'T000002')).toEqual(['T000002']);
});

it('gives the names of the sample page by page', async () => {
  const numbers: string[] = [];
  let cursor: string | null = null;
  do {
    const asked = { by: 'name', value: 'ম', ...(cursor === null ? {} : { cursor }) };
    const { body } = await world.as('administrator', 'POST', '/v1/meters/search', asked);
    numbers.push(...(body.items as { customerNo: string }[]).map(({ customerNo }) => customerNo));
    cursor = body.nextCursor as string | null;
  } while (cursor !== null);
  expect(numbers.length).toBeGreaterThan(20);
  expect(new Set(numbers).size).toBe(numbers.length);
  const odd = await world.as('administrator', 'POST', '/v1/meters/search', { by: 'name', value: 'ম', cursor: '%%' });
  expect(odd.body).toMatchObject({ status: 400, code: 'field-invalid' });
});
