/* Proves on a real database, as the application's user, that the night forgets old refresh tokens and failed logins in batches, and nothing that still counts. */
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { forgetOldLogins } from './forgetting';
import { upsertStation, upsertUser } from './seeding';

const NOW = Date.UTC(2026, 10, 22, 20);
const DAY = 86_400_000;
let fresh: FreshDatabase;
let session: Buffer;

beforeAll(async () => {
  fresh = await freshDatabase();
  const by = { actor: 'test', at: NOW };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'S1', name: 'S1', office: 'Rajshahi' }, by);
    await upsertUser(
      tx,
      { username: 'rahima', name: 'Rahima', role: 'clerk', station: 'S1', password: 'a word of a test' },
      by,
    );
  });
  session = Buffer.from(newId().replaceAll('-', ''), 'hex');
  await fresh.admin.read(
    `INSERT INTO sessions (id, user_id, station, opened_at, refreshed_at, expires_at)
     SELECT ?, id, 'S1', ?, ?, ? FROM users WHERE username = 'rahima'`,
    [session, new Date(NOW), new Date(NOW), new Date(NOW + DAY / 2)],
  );
}, 60_000);
afterAll(() => fresh?.drop());

/** Refresh tokens that expired, or will, so many days before now. */
async function tokens(...daysAgo: number[]): Promise<void> {
  for (const [index, days] of daysAgo.entries()) {
    await fresh.admin.read('INSERT INTO refresh_tokens (token_sha256, session_id, issued_at, expires_at) VALUES (?)', [
      [Buffer.alloc(32, index + 1), session, new Date(NOW - days * DAY - DAY), new Date(NOW - days * DAY)],
    ]);
  }
}
const left = async (table: string, column: string) =>
  (await fresh.admin.read(`SELECT ${column} AS it FROM ${table} ORDER BY 1`)).map((row) => row['it']);

it('forgets what is a month old, batch by batch, and again nothing', async () => {
  await tokens(60, 50, 40, 31, 31, 29, 1, -1);
  const failures = [
    ['address:old', 60, null],
    ['user:old', 31, 31],
    ['user:locked', 31, -1],
    ['user:new', 29, null],
  ] as const;
  for (const [subject, failed, locked] of failures) {
    await fresh.admin.read('INSERT INTO login_failures (subject, failures, failed_at, locked_until) VALUES (?)', [
      [subject, 3, new Date(NOW - failed * DAY), locked === null ? null : new Date(NOW - locked * DAY)],
    ]);
  }
  const done = await forgetOldLogins(fresh.database, NOW, { batch: 2, batchesMax: 10 });
  expect(done).toEqual({ refreshTokens: 5, loginFailures: 2 });
  expect(await left('refresh_tokens', 'HEX(LEFT(token_sha256, 1))')).toEqual(['06', '07', '08']);
  expect(await left('login_failures', 'subject')).toEqual(['user:locked', 'user:new']);
  expect(await forgetOldLogins(fresh.database, NOW)).toEqual({ refreshTokens: 0, loginFailures: 0 });
  expect(await left('sessions', 'COUNT(*)')).toEqual(['1']);
});

it('is bounded: what one night does not get to is left to the next', async () => {
  await fresh.admin.read('DELETE FROM refresh_tokens');
  await tokens(60, 50, 40, 31, 31);
  expect(await forgetOldLogins(fresh.database, NOW, { batch: 2, batchesMax: 1 })).toMatchObject({ refreshTokens: 2 });
  expect(await left('refresh_tokens', 'HEX(LEFT(token_sha256, 1))')).toEqual(['03', '04', '05']);
});

it('by two workers at once forgets each row once', async () => {
  await fresh.admin.read('DELETE FROM refresh_tokens');
  await tokens(60, 50, 40, 39, 38, 37, 36);
  const done = await Promise.all(Array.from({ length: 4 }, () => forgetOldLogins(fresh.database, NOW, { batch: 2 })));
  expect(done.reduce((sum, { refreshTokens }) => sum + refreshTokens, 0)).toBe(7);
  expect(await left('refresh_tokens', 'COUNT(*)')).toEqual(['0']);
});
