/*
 * Proves that a database from before there were cases, with money owed back and an event that nobody could work in it,
 * comes up to date with a wake-up for each, so that the worker opens their cases like any other's.
 */
import { dhakaDay, idToBytes, newId } from '@vend/kernel';
import { Cases1700000000011 } from '../../libs/platform/migrations/0011-cases';
import { databaseBefore, type EarlierDatabase } from '../support/upgrade';

let earlier: EarlierDatabase;
beforeAll(async () => {
  earlier = await databaseBefore(Cases1700000000011);
});
afterAll(() => earlier?.drop());

it('wakes somebody for money that was owed back before', async () => {
  const { runner } = earlier;
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
  await earlier.upgrade('alone');
  const rows: { topic: string; ref_id: Buffer }[] = await runner.query(
    'SELECT topic, ref_id FROM outbox ORDER BY ref_id',
  );
  expect(rows.map(({ topic, ref_id: ref }) => [topic, ref.toString('hex')])).toEqual(
    [owed, unworkable].map((id) => ['case', id.replaceAll('-', '')]).sort(),
  );
});
