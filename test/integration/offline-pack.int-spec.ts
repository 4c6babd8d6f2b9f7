/*
 * Proves over HTTP on a real database and token server an outage from end to end: a second person approves, the sealed
 * file opens at the counter's tool, its journal is booked once from two stations, the rest is withdrawn.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@vend/kernel';
import { openPackFile, readJournal } from '@vend/packfile';
import { brokenLaws } from '../support/books';
import { ApiWorld } from '../support/api';
import { Counter } from '../../apps/pack/counter';

jest.setTimeout(60_000);
let world: ApiWorld;
let folder: string;
beforeAll(async () => {
  world = await ApiWorld.create();
  folder = mkdtempSync(join(tmpdir(), 'pack-test-'));
}, 60_000);
afterEach(async () => expect(await brokenLaws(world.fresh.admin)).toEqual([]));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world?.destroy();
});

const PASSPHRASE = 'river mango seven lamp';
const post = (who: string, url: string, body: object, key = newId()) =>
  world.as(who, 'POST', url, body, { 'idempotency-key': key });
async function meterNo(customerNo: string): Promise<string> {
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: customerNo });
  return found.body.items[0].meterNo as string;
}
async function prepare(lines: object[], key = newId()) {
  const body = { lines, reason: 'Cyclone signal 7, order 40/2026' };
  const asked = await post('supervisor', '/v1/packs', body, key);
  expect(asked).toMatchObject({ status: 202, body: { approval: { state: 'PENDING' } } });
  const own = await world.as('supervisor', 'POST', `/v1/approvals/${asked.body.approval.id}/approve`, {});
  expect(own.status).toBeGreaterThanOrEqual(400);
  const second = await world.as('accounts', 'POST', `/v1/approvals/${asked.body.approval.id}/approve`, {});
  expect(second).toMatchObject({ status: 200 });
  return Promise.all(Array.from({ length: 5 }, () => post('supervisor', '/v1/packs', body, key)));
}

it('goes from the approval to the books, each item once', async () => {
  const [one, two] = [await meterNo('61000001'), await meterNo('61000002')];
  const made = await prepare([
    { meterNo: one, amount: '3000.00', items: 2 },
    { meterNo: two, amount: '3000.00', items: 1 },
  ]);
  expect(made.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
  const { packId } = made[0]!.body;
  expect(made[0]!.body).toMatchObject({ state: 'OPEN', total: { value: '9000.00' }, station: 'NESCO-RAJ-02' });
  expect(made[0]!.text).not.toMatch(/\b\d{20}\b/);

  const url = `/v1/packs/${packId}`;
  expect(await world.as('clerk', 'POST', `${url}/export`, { passphrase: PASSPHRASE })).toMatchObject({
    status: 404,
    body: { code: 'pack-not-found' },
  });
  const file = await world.as('other-clerk', 'POST', `${url}/export`, { passphrase: PASSPHRASE });
  expect(file.status).toBe(200);
  const pack = await openPackFile(file.body.file as string, PASSPHRASE);
  expect(pack.items).toHaveLength(3);

  const path = join(folder, 'pack.json');
  writeFileSync(path, file.body.file as string);
  const said: string[] = [];
  const open = () => {
    const counter = new Counter(pack, `${path}.journal`, { say: (line) => said.push(line), now: Date.now });
    counter.begin();
    return counter;
  };
  expect(open().answer(one)).toBe(true);
  // The counter was closed and opened again: the next item is the second one.
  const again = open();
  again.answer(one);
  again.answer(one);
  again.answer(`again ${one}`);
  const text = said.join('\n');
  expect(text).toContain('2 of 3 items left');
  expect(text).toContain('has no item left');
  expect(text).toContain('COPY of item 2');
  expect(text).toContain('stay due with the next normal recharge');
  const journal = readFileSync(`${path}.journal`, 'utf8');
  for (const { digits, meterNo: meter } of pack.items) {
    expect(journal).not.toContain(digits);
    expect(journal).not.toContain(meter);
    expect(world.logged).not.toContain(digits);
  }

  const used = readJournal(journal);
  const uploads = await Promise.all(
    ['supervisor', 'accounts', 'supervisor', 'accounts'].map((who) =>
      world.as(who, 'POST', `${url}/reconcile`, { used, withdraw: false }),
    ),
  );
  expect(uploads.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const closed = await world.as('supervisor', 'POST', `${url}/reconcile`, { used, withdraw: true });
  expect(closed.body.items.map(({ state }: { state: string }) => state).sort()).toEqual(['USED', 'USED', 'WITHDRAWN']);
  expect(closed.body.notice).toContain('cannot be recalled');
  const [row] = await world.fresh.admin.read<{ n: string; paisa: string }>(
    `SELECT COUNT(*) AS n, SUM(gross_paisa) AS paisa FROM vends WHERE kind = 'offline-pack'`,
  );
  expect(row).toEqual({ n: '2', paisa: '600000' });
  const trail = await world.fresh.admin.read<{ action: string }>(
    `SELECT action FROM audit_events WHERE subject = ? ORDER BY id`,
    [`pack:${packId}`],
  );
  expect(trail.map(({ action }) => action)).toEqual([
    'pack-prepared',
    'pack-exported',
    'pack-item-booked',
    'pack-item-booked',
    'pack-withdrawn',
  ]);
});

it.each<[string, object, number, string]>([
  ['no meters', { lines: [] }, 400, 'field-invalid'],
  [
    'too many for a meter',
    { lines: [{ meterNo: '600727000000000009', amount: '10.00', items: 6 }] },
    400,
    'field-invalid',
  ],
  [
    'a number for an amount',
    { lines: [{ meterNo: '600727000000000009', amount: 10, items: 1 }] },
    400,
    'field-invalid',
  ],
  [
    'something else',
    { lines: [{ meterNo: '600727000000000009', amount: '10.00', items: 1, x: 1 }] },
    400,
    'field-invalid',
  ],
])('refuses %s', async (_, body, status, code) => {
  const answer = await post('supervisor', '/v1/packs', { reason: 'Cyclone signal 7', ...body });
  expect(answer).toMatchObject({ status, body: { code } });
});

it('refuses a meter that cannot be in a pack, by name, and a short passphrase', async () => {
  const [twice] = [await meterNo('61000003')];
  const line = { meterNo: twice, amount: '3000.00', items: 1 };
  const made = await prepare([line, line]);
  expect(made[0]).toMatchObject({
    status: 422,
    body: { code: 'pack-meter-refused', meterNo: twice, reason: 'meter-listed-twice' },
  });
  expect(await world.as('supervisor', 'POST', `/v1/packs/${newId()}/export`, { passphrase: 'short' })).toMatchObject({
    status: 400,
    body: { code: 'field-invalid' },
  });
});
