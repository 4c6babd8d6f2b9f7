/*
 * Proves that a database from before there were cases, with money owed back and an event that nobody could work in it,
 * comes up to date with a wake-up for each, so that the worker opens their cases like any other's.
 */
import { dhakaDay, idToBytes, newId } from '@vend/kernel';
import { createDataSource, Database } from '@vend/platform';
import { MIGRATIONS } from '../../libs/platform/migrations';
import { Cases1700000000011 } from '../../libs/platform/migrations/0011-cases';
import { createTestDatabase, type TestDatabase } from '../support/servers';

let empty: TestDatabase;
let owner: Database | undefined;
beforeAll(async () => {
  empty = await createTestDatabase();
});
afterAll(async () => {
  await owner?.dataSource.destroy();
  await empty?.drop();
});

it('wakes somebody for money that was owed back before', async () => {
  const source = await createDataSource({ url: empty.migrationUrl, poolSize: 2, withMigrations: true }).initialize();
  owner = new Database(source);
  const runner = source.createQueryRunner();
  const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(Cases1700000000011));
  for (const Migration of before) await new Migration().up(runner);
  const now = new Date();
  const [owed, vended, unworkable, done] = [newId(), newId(), newId(), newId()];
  const recharge = (id: string, state: string) =>
    runner.query(
      `INSERT INTO recharges (id, source, source_ref, body_hash, channel, gross_paisa, state, actor, received_at, business_day)
       VALUES (?)`,
      [
        [
          idToBytes(id),
          'provider:demo',
          id,
          Buffer.alloc(32),
          'callback',
          5_000,
          state,
          'x',
          now,
          dhakaDay(now.getTime()),
        ],
      ],
    );
  await recharge(owed, 'REFUND_DUE');
  await recharge(vended, 'REFUNDED');
  for (const [id, state, rechargeId] of [
    [unworkable, 'CASE', null],
    [done, 'CASE', idToBytes(owed)],
  ] as const) {
    await runner.query(
      'INSERT INTO inbox (id, partner_code, event_key, raw_body, received_at, state, recharge_id) VALUES (?)',
      [[idToBytes(id), 'demo', id, Buffer.from('{}'), now, state, rechargeId]],
    );
  }
  await new Cases1700000000011().up(runner);
  const rows: { topic: string; ref_id: Buffer }[] = await runner.query(
    'SELECT topic, ref_id FROM outbox ORDER BY ref_id',
  );
  await runner.release();
  expect(rows.map(({ topic, ref_id: ref }) => [topic, ref.toString('hex')])).toEqual(
    [owed, unworkable].map((id) => ['case', id.replaceAll('-', '')]).sort(),
  );
});
