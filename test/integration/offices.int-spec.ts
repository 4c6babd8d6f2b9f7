// Proves on a real database how offices become a tree, what a move changes of what people see, that no race makes a
// ring, and that the migration takes in the names that were there.
import { newId } from '@vend/kernel';
import { OFFICES } from '../../libs/platform/migrations/people/offices';
import { freshDatabase, type FreshDatabase } from '../support/database';
import type { PersonRole, SessionUser } from '@vend/identity';
import { upsertStation } from '@vend/identity';
import { officesOf } from '@vend/identity';
import { Offices, type OfficeNode } from '@vend/identity';

const NOW = Date.UTC(2026, 10, 22, 4);
let fresh: FreshDatabase;
let offices: Offices;
beforeAll(async () => {
  fresh = await freshDatabase();
  offices = new Offices(fresh.database, () => NOW);
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  await fresh.admin.read('DELETE FROM stations');
  await fresh.admin.read('UPDATE offices SET parent = NULL');
  await fresh.admin.read('DELETE FROM offices');
  for (const [code, kind, name, parent] of [
    ['NORTH', 'zone', 'North zone', undefined],
    ['SOUTH', 'zone', 'South zone', undefined],
    ['RAJ', 'division', 'Rajshahi', 'NORTH'],
    ['RAJ-1', 'division', 'Rajshahi S&D 1', 'RAJ'],
    ['BOG', 'division', 'Bogura', 'NORTH'],
    ['KHU', 'division', 'Khulna', 'SOUTH'],
    ['ST-R1', 'station', 'Counter 1', 'RAJ-1'],
    ['ST-N', 'station', 'Zone desk', 'NORTH'],
    ['ST-K', 'station', 'Khulna counter', 'KHU'],
  ] as const) {
    await offices.create({ code, kind, name, parent }, amina);
  }
});

const person = (role: PersonRole, station: string): SessionUser => ({
  userId: newId(),
  username: role,
  name: role,
  role,
  station,
});
const amina = person('administrator', 'ST-N');
const seen = async (role: PersonRole, station: string) => {
  const found = await officesOf(fresh.database, person(role, station));
  return found === 'all' ? found : [...found].sort();
};
const outline = (nodes: readonly OfficeNode[], depth = 0): string[] =>
  nodes.flatMap(({ code, children }) => [`${' '.repeat(depth)}${code}`, ...outline(children, depth + 1)]);

it('shows zones, divisions and stations as they hang', async () => {
  expect(outline(await offices.tree())).toEqual([
    'NORTH',
    ' BOG',
    ' RAJ',
    '  RAJ-1',
    '   ST-R1',
    ' ST-N',
    'SOUTH',
    ' KHU',
    '  ST-K',
  ]);
});

it('shows people their own office and what is below it; some roles everything', async () => {
  expect(await seen('clerk', 'ST-R1')).toEqual(['Rajshahi S&D 1']);
  expect(await seen('supervisor', 'ST-N')).toEqual(['Bogura', 'North zone', 'Rajshahi', 'Rajshahi S&D 1']);
  expect(await seen('accounts', 'ST-K')).toEqual(['Khulna']);
  for (const role of ['administrator', 'auditor', 'call-centre', 'tariff-officer', 'key-officer'] as const) {
    expect(await seen(role, 'ST-R1')).toBe('all');
  }
  expect(await seen('clerk', 'ST-NOWHERE')).toEqual([]);
});

it('moves an office with all below it, and the people above see it', async () => {
  await offices.move('RAJ', 'SOUTH', amina);
  expect(await seen('supervisor', 'ST-N')).toEqual(['Bogura', 'North zone']);
  await offices.move('ST-R1', 'KHU', amina);
  expect(await seen('clerk', 'ST-R1')).toEqual(['Khulna']);
  await offices.move('RAJ', null, amina);
  expect(outline(await offices.tree())).toContain('RAJ');
  const trail = await fresh.admin.read(
    `SELECT JSON_VALUE(was, '$.parent') AS was, JSON_VALUE(became, '$.parent') AS became FROM audit_events
     WHERE subject = 'office:RAJ' AND was IS NOT NULL ORDER BY id`,
  );
  expect(trail).toContainEqual({ was: 'NORTH', became: 'SOUTH' });
});

it.each([
  ['below itself', () => offices.move('NORTH', 'NORTH', amina), 'office-cycle'],
  ['below its own child', () => offices.move('RAJ', 'RAJ-1', amina), 'office-cycle'],
  ['a zone below a division', () => offices.move('SOUTH', 'BOG', amina), 'office-misplaced'],
  ['a station below nothing', () => offices.move('ST-K', null, amina), 'office-misplaced'],
  ['what is not there', () => offices.move('NONE', 'NORTH', amina), 'office-not-found'],
  ['below what is not there', () => offices.move('RAJ', 'NONE', amina), 'office-not-found'],
  ['a used code', () => offices.create({ code: 'RAJ', kind: 'division', name: 'New' }, amina), 'office-exists'],
  ['a used name', () => offices.create({ code: 'NEW', kind: 'division', name: 'Rajshahi' }, amina), 'office-exists'],
  ['a station alone', () => offices.create({ code: 'NEW', kind: 'station', name: 'New' }, amina), 'office-misplaced'],
])('refuses %s', async (_, attempt, code) => {
  const before = outline(await offices.tree());
  await expect(attempt()).rejects.toMatchObject({ code });
  expect(outline(await offices.tree())).toEqual(before);
});

it('refuses a ring that two make at once', async () => {
  for (let round = 0; round < 5; round++) {
    const [a, b] = await Promise.allSettled([offices.move('RAJ', 'BOG', amina), offices.move('BOG', 'RAJ', amina)]);
    expect([a.status, b.status].sort()).toEqual(['fulfilled', 'rejected']);
    const lost = a.status === 'rejected' ? a : (b as PromiseRejectedResult);
    expect(lost.reason).toMatchObject({ code: 'office-cycle' });
    await offices.move('RAJ', 'NORTH', amina);
    await offices.move('BOG', 'NORTH', amina);
    await offices.move('RAJ', 'NORTH', amina);
  }
  expect(outline(await offices.tree())).toHaveLength(9);
});

it('goes eight levels deep and no deeper', async () => {
  let parent = 'RAJ-1';
  for (let level = 4; level <= 8; level++) {
    await offices.create({ code: `L${level}`, kind: 'division', name: `Level ${level}`, parent }, amina);
    parent = `L${level}`;
  }
  await expect(offices.create({ code: 'L9', kind: 'division', name: 'Level 9', parent }, amina)).rejects.toMatchObject({
    code: 'office-misplaced',
  });
  await expect(offices.move('NORTH', 'SOUTH', amina)).rejects.toMatchObject({ code: 'office-misplaced' });
});

it('takes in an office that a station comes with, once', async () => {
  const by = { actor: 'cli:test', at: NOW };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'ST-P1', name: 'Pabna 1', office: 'Pabna' }, by);
    await upsertStation(tx, { code: 'ST-P2', name: 'Pabna 2', office: 'Pabna' }, by);
  });
  const pabna = (await offices.tree()).filter(({ name }) => name === 'Pabna');
  expect(pabna).toMatchObject([{ kind: 'division', children: [{ code: 'ST-P1' }, { code: 'ST-P2' }] }]);
});

it('is made by the migration from the names that were there', async () => {
  await fresh.admin.read('DROP TABLE offices');
  await fresh.admin.read(`UPDATE stations SET office = 'Naogaon'`);
  await fresh.admin.read(
    `INSERT INTO customers (id, customer_no, name, address, office, created_at, updated_at) VALUES
     (UNHEX('${'01'.repeat(16)}'), 'C-1', 'A', '-', 'Naogaon', NOW(), NOW())`,
  );
  await fresh.admin.read(
    `INSERT INTO customers (id, customer_no, name, address, office, created_at, updated_at) VALUES
     (UNHEX('${'02'.repeat(16)}'), 'C-2', 'B', '-', 'পাবনা', NOW(), NOW())`,
  );
  for (const statement of OFFICES) await fresh.admin.read(statement);
  const rows = await fresh.admin.read('SELECT name, kind, parent FROM offices ORDER BY name');
  expect(rows).toEqual([
    { name: 'Naogaon', kind: 'division', parent: null },
    { name: 'পাবনা', kind: 'division', parent: null },
  ]);
});
