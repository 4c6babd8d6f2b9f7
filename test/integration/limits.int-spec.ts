/*
 * Proves on a real database that nothing is sold beyond a limit, whoever sells at once: the sum of a meter's or a person's
 * day never passes it, a provider's payment is refused or kept and owed back but never lost, and a repeat is answered.
 */
import type { Id } from '@vend/kernel';
import { upsertStation, upsertUser } from '@vend/identity';
import { insertLimit, type LimitScope, type Channel } from '@vend/vending';
import { brokenLaws } from '../support/books';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, payment, VendingBench } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let serial = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh, { laneGroupMax: 4, laneWriters: 4 });
  const by = { actor: 'test', at: bench.now };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'NESCO-RAJ-01', name: 'RAJ-01', office: 'Rajshahi' }, by);
    for (const username of ['rahima', 'karim']) {
      const person = { username, name: username, role: 'clerk', station: 'NESCO-RAJ-01' } as const;
      await upsertUser(tx, { ...person, password: 'a demo password of a test' }, by);
    }
  });
});
beforeEach(() => fresh.admin.read('DELETE FROM vend_limits'));
afterEach(async () => expect(await brokenLaws(fresh.admin)).toEqual([]));
afterAll(() => fresh?.drop());

async function newMeter(): Promise<Id> {
  const [meterId] = await bench.install({ serial: ++serial, chargedThrough: '2026-11' });
  return meterId!;
}
const limit = (scope: LimitScope, limitPaisa: bigint | null, channel: Channel | null = null, from = bench.now) =>
  fresh.database.transaction((tx) =>
    insertLimit(tx, {
      ...{ scope, channel, limitPaisa, effectiveFrom: from },
      ...{ reason: 'test', setBy: 'user:farida', setAt: bench.now },
    }),
  );
const sell = (meterId: Id, grossPaisa: bigint, actor = 'user:rahima') =>
  bench.vending.recharge(counterSale(meterId, { grossPaisa, actor }));
const settled = (all: readonly Promise<unknown>[]) =>
  Promise.allSettled(all).then((each) => ({
    sold: each.filter(({ status }) => status === 'fulfilled').length,
    refused: each.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : [])),
  }));

it('refuses one sale above the limit, names it, and takes the next one below it', async () => {
  await limit('transaction', 100_000n);
  const meterId = await newMeter();
  await expect(sell(meterId, 100_001n)).rejects.toMatchObject({
    code: 'limit-exceeded',
    facts: { limit: 'transaction', limitTaka: '1000.00', leftTaka: '1000.00' },
  });
  await expect(sell(meterId, 100_000n)).resolves.toMatchObject({ replayed: false });
});

it("never passes a meter's day, twenty tills at once, and begins again with the next day", async () => {
  await limit('meter-day', 250_000n);
  const meterId = await newMeter();
  const day = await settled(Array.from({ length: 20 }, () => sell(meterId, 50_000n)));
  expect(day).toEqual({ sold: 5, refused: Array(15).fill('limit-exceeded') });
  await expect(sell(meterId, 1n)).rejects.toMatchObject({ facts: { limit: 'meter-day', leftTaka: '0.00' } });
  bench.now += 86_400_000;
  await expect(sell(meterId, 50_000n)).resolves.toMatchObject({ replayed: false });
});

it("never passes a person's day over many meters at once, and leaves others alone", async () => {
  bench.now += 86_400_000;
  await limit('person-day', 250_000n);
  const meters = await Promise.all(Array.from({ length: 12 }, newMeter));
  const own = await settled(meters.map((meterId) => sell(meterId, 50_000n)));
  expect(own).toEqual({ sold: 5, refused: Array(7).fill('limit-exceeded') });
  await expect(sell(meters[0]!, 50_000n, 'user:karim')).resolves.toMatchObject({ replayed: false });
  await expect(bench.vending.recharge(payment(meters[1]!))).resolves.toMatchObject({ replayed: false });
});

it('counts a channel by itself, and follows the last limit in force', async () => {
  const meterId = await newMeter();
  await limit('meter-day', 60_000n, 'mobile-money');
  await sell(meterId, 50_000n);
  const pay = () => bench.vending.recharge(payment(meterId, { grossPaisa: 50_000n }));
  await expect(pay()).resolves.toMatchObject({ replayed: false });
  await expect(pay()).rejects.toMatchObject({ facts: { channel: 'mobile-money', leftTaka: '100.00' } });
  await limit('meter-day', null, 'mobile-money', bench.now + 1_000);
  await expect(pay()).rejects.toMatchObject({ code: 'limit-exceeded' });
  bench.now += 1_000;
  await expect(pay()).resolves.toMatchObject({ replayed: false });
});

it('keeps money that a gateway has collected, owed back; and answers a repeat whatever the limit is by then', async () => {
  const meterId = await newMeter();
  const before = payment(meterId, { grossPaisa: 90_000n });
  const first = await bench.vending.recharge(before);
  await limit('transaction', 80_000n);
  await expect(bench.vending.recharge(before)).resolves.toMatchObject({
    replayed: true,
    record: { rechargeId: first.record.rechargeId },
  });
  const collected = payment(meterId, { channel: 'callback', grossPaisa: 90_000n, keepWhenRefused: true });
  const { record } = await bench.vending.recharge(collected);
  expect(record).toMatchObject({ state: 'REFUND_DUE', refusalCode: 'limit-exceeded' });
});

it('vends what was kept before the limit came', async () => {
  const meterId = await newMeter();
  bench.issuer.down = true;
  const { record } = await bench.vending.recharge(payment(meterId, { grossPaisa: 90_000n }));
  bench.issuer.down = false;
  expect(record.state).toBe('RECEIVED');
  await limit('transaction', 80_000n);
  await expect(bench.vending.complete(record.rechargeId)).resolves.toMatchObject({ state: 'APPLIED' });
});

it('leaves limits as they were set: the application can add one, and change none', async () => {
  await limit('transaction', 80_000n);
  await expect(fresh.database.read('UPDATE vend_limits SET limit_paisa = 1')).rejects.toMatchObject({ errno: 1142 });
  await expect(fresh.database.read('DELETE FROM vend_limits')).rejects.toMatchObject({ errno: 1142 });
});
