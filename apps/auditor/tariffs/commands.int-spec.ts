/*
 * Proves the tariff commands on a real database: who may run them, what they say, that each change is in the audit trail,
 * and that a document with a contradiction is neither stored nor half stored.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { newTotpSecret, seedSecondFactor, totpCode, upsertStation, upsertUser } from '@vend/identity';
import { reviewedDocuments } from '@vend/tariff';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { authenticate } from '../people';
import { lint, TariffCommands } from './commands';

let fresh: FreshDatabase;
let folder: string;
const PASSWORD = 'not-a-real-one-1';
const SEALING_SECRET = randomBytes(32);
const FACTOR = newTotpSecret();
const said: string[] = [];
const say = (line: string) => void said.push(line);
let now = Date.UTC(2026, 10, 21, 6);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffs-'));
  fresh = await freshDatabase();
  const by = { actor: 'cli:test', at: now };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'NESCO-RAJ-01', name: 'Station', office: 'Rajshahi' }, by);
    for (const [username, role] of [
      ['selim', 'tariff-officer'],
      ['amina', 'administrator'],
      ['rahima', 'clerk'],
    ] as const) {
      await upsertUser(tx, { username, password: PASSWORD, name: username, role, station: 'NESCO-RAJ-01' }, by);
      if (role !== 'clerk') await seedSecondFactor(tx, SEALING_SECRET, { username, secret: FACTOR }, by);
    }
  });
});
beforeEach(() => said.splice(0));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh?.drop();
});

function file(name: string, changes: object): string {
  const path = join(folder, name);
  const document = { ...reviewedDocuments[0]!.document, publishedOn: null, ...changes };
  writeFileSync(path, JSON.stringify(document, null, 2));
  return path;
}
const commands = () => new TariffCommands(fresh.database, say, () => now++);
const trail = async () => {
  const rows = await fresh.admin.read<{ actor: string; action: string; subject: string }>(
    `SELECT actor, action, subject FROM audit_events WHERE action LIKE 'price-%' ORDER BY id`,
  );
  return rows.map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);
};

it('knows its people by password and code, and lets only some of them', async () => {
  const as = (username: string, password: string, code?: string) =>
    authenticate(fresh.database, SEALING_SECRET, { username, password, code }, 'tariff.change');
  const code = totpCode(FACTOR, Date.now());
  await expect(as('selim', PASSWORD)).rejects.toMatchObject({ code: 'second-factor-needed' });
  await expect(as('selim', PASSWORD, code)).resolves.toMatchObject({ username: 'selim' });
  await expect(as('selim', PASSWORD, code)).rejects.toMatchObject({ code: 'second-factor-refused' });
  await expect(as('selim', 'wrong')).rejects.toMatchObject({ code: 'login-refused' });
  await expect(as('rahima', PASSWORD)).rejects.toMatchObject({ code: 'role-not-allowed' });
});

it('loads, lists, publishes and revokes, and each step is on record', async () => {
  const path = file('new.json', { id: 'new-2027', effectiveFrom: '2027-01-01' });
  await commands().load(path, ['first-light', 'nesco-history'], 'selim');
  expect(said).toContainEqual(expect.stringMatching(/^new-2027: draft of first-light; sha256 [0-9a-f]{64}$/));
  await expect(commands().publish('new-2027', ['first-light'], 'selim')).rejects.toMatchObject({
    code: 'second-person-needed',
  });
  await commands().publish('new-2027', ['first-light'], 'amina');
  await commands().proposeRevocation('new-2027', ['first-light'], 'selim', 'withdrawn');
  await commands().revoke('new-2027', ['first-light'], 'amina');
  said.splice(0);
  await commands().list('first-light', true);
  const listed = said.map((line) => JSON.parse(line) as { code: string; state: string; madeBy: string | null });
  expect(listed.find(({ code }) => code === 'new-2027')).toMatchObject({ state: 'revoked', madeBy: 'selim' });
  expect(listed.find(({ code }) => code === 'bd-retail-2020-03')).toMatchObject({ state: 'published', madeBy: null });
  expect(await trail()).toEqual([
    'user:selim price-drafted price:new-2027',
    'user:selim price-drafted price:new-2027',
    'user:amina price-published price:new-2027',
    'user:selim price-revocation-proposed price:new-2027',
    'user:amina price-revoked price:new-2027',
  ]);
});

it('stores nothing of a document that one of its books refuses', async () => {
  const path = file('twin.json', { id: 'twin', effectiveFrom: '2023-02-01' });
  // first-light has no version of that day, nesco-history has.
  await expect(commands().load(path, ['first-light', 'nesco-history'], 'selim')).rejects.toMatchObject({
    code: 'tariff-book-invalid',
    facts: { reason: expect.stringMatching(/^begins on the same day as/) },
  });
  const rows = await fresh.admin.read(`SELECT 1 FROM price_documents WHERE code = 'twin'`);
  expect(rows).toEqual([]);
});

it('lints without a database: warnings pass, contradictions do not', async () => {
  expect(await lint([file('good.json', { id: 'good' })], say)).toBe(true);
  expect(said).toContain('warning: good/HT-4: no demand charge: the class cannot be priced');
  expect(await lint([file('bad.json', { id: 'bad', vatPercent: 105 })], say)).toBe(false);
  expect(said).toContain('error: bad: VAT outside 0 to 100 %');
});
