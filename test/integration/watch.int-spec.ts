/*
 * Proves on a real database that what is unusual is listed once: by many workers at once, after a worker that died, again
 * at night, in whatever pages it is read; and that a person's decision stands until more is seen.
 */
import { newId, type Id } from '@vend/kernel';
import { upsertStation, upsertUser, type SessionUser } from '@vend/identity';
import { createOrders, engineeringOrder, VendCancellation } from '@vend/vending';
import { PriceBooks } from '@vend/pricebook';
import { Watch } from '@vend/watch';
import { meterNo } from '../builders/meters';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { counterSale, VendingBench } from '../support/vending';

let fresh: FreshDatabase;
let bench: VendingBench;
let serial = 0;
const later = (ms: number) => () => bench.now + ms;
const supervisor: SessionUser = {
  ...{ userId: newId(), username: 'selim', name: 'Selim', role: 'supervisor', station: 'NESCO-RAJ-01' },
};

beforeAll(async () => {
  fresh = await freshDatabase();
  bench = new VendingBench(fresh);
  const by = { actor: 'test', at: bench.now };
  await fresh.database.transaction(async (tx) => {
    await upsertStation(tx, { code: 'NESCO-RAJ-01', name: 'RAJ-01', office: 'Rajshahi S&D 1' }, by);
    const person = { username: 'rahima', name: 'Rahima', role: 'clerk', station: 'NESCO-RAJ-01' } as const;
    await upsertUser(tx, { ...person, password: 'a demo password of a test' }, by);
  });
});
afterAll(() => fresh?.drop());

async function newMeter(): Promise<{ meterId: Id; subject: string }> {
  const [meterId] = await bench.install({ serial: ++serial, chargedThrough: '2026-11' });
  return { meterId: meterId!, subject: `meter:${meterNo(serial).pan}` };
}
const sell = (meterId: Id, over = {}) =>
  bench.vending.recharge(counterSale(meterId, { actor: `user:u${serial}`, grossPaisa: 20_000n, ...over }));
const items = (watch: Watch, subject: string) => watch.reviews({ subject, offices: 'all', limit: 50 });

it('lists a burst on a meter once, with what was seen, however many look and however often', async () => {
  const { meterId, subject } = await newMeter();
  for (let i = 0; i < 5; i++) {
    bench.now += 1_000;
    await sell(meterId);
  }
  const watches = Array.from({ length: 6 }, () => new Watch(fresh.database, later(60_000)));
  await Promise.all(watches.map((watch) => watch.look()));
  const [item, ...more] = await items(watches[0]!, subject);
  expect(more).toEqual([]);
  expect(item).toMatchObject({ rule: 'many-vends-meter', events: 5, state: 'OPEN', office: 'Rajshahi S&D 1' });
  expect(item!.facts).toMatchObject({ threshold: 3, windowSeconds: 60 });
  expect(item!.facts.vends).toHaveLength(5);
  await watches[0]!.lookAgain('2026-11-21');
  expect(await items(watches[0]!, subject)).toEqual([item]);
});

it('goes on where a worker died, and forgets nothing that was committed meanwhile', async () => {
  bench.now += 600_000;
  const { meterId, subject } = await newMeter();
  await sell(meterId);
  await sell(meterId);
  const dies = new Watch(
    Object.assign(Object.create(fresh.database) as typeof fresh.database, {
      transaction: (work: Parameters<typeof fresh.database.transaction>[0]) =>
        fresh.database.transaction(async (tx) => {
          const result = await work(tx);
          if (typeof result !== 'number') throw new Error('killed before the commit');
          return result;
        }),
    }),
    later(60_000),
  );
  await sell(meterId);
  await sell(meterId);
  await expect(dies.look()).rejects.toThrow('killed');
  const watch = new Watch(fresh.database, later(60_000));
  expect(await items(watch, subject)).toEqual([]);
  await watch.look();
  expect(await items(watch, subject)).toMatchObject([{ events: 4, state: 'OPEN' }]);
  expect(await watch.look()).toBe(0);
});

it('finds late commits at night', async () => {
  bench.now += 600_000;
  const { meterId, subject } = await newMeter();
  const watch = new Watch(fresh.database, later(600_000));
  await watch.look();
  for (let i = 0; i < 4; i++) await sell(meterId);
  await watch.look();
  expect(await items(watch, subject)).toEqual([]);
  await watch.lookAgain('2026-11-21');
  expect(await items(watch, subject)).toMatchObject([{ events: 4 }]);
});

it('finds the same sale at two stations, tamper tokens over days, and cancellations by one person', async () => {
  bench.now += 1_200_000;
  const [twin, tamper] = [await newMeter(), await newMeter()];
  await sell(twin.meterId, { source: 'till:NESCO-RAJ-01' });
  bench.now += 300_000;
  await sell(twin.meterId, { source: 'till:NESCO-RAJ-02' });
  const settings = {
    ...{ book: 'first-light', quoteSecret: Buffer.alloc(32), quoteTtlMs: 1, tokenDeadlineMs: 1_000 },
    ...{ laneGroupMax: 1, laneWriters: 1, laneBacklogMax: 1, now: () => bench.now },
  };
  const orders = createOrders(fresh.database, bench.ledger, bench.issuer, settings);
  const by = { source: 'till:NESCO-RAJ-01', channel: 'counter', actor: 'user:rahima' } as const;
  for (let i = 0; i < 2; i++) {
    const order = { ...by, sourceRef: newId(), meterId: tamper.meterId };
    await orders.run(engineeringOrder(order, { what: 'clear-tamper' }, 'cover opened'));
    bench.now += 86_400_000;
  }
  const cancellation = new VendCancellation(
    fresh.database,
    bench.ledger,
    new PriceBooks(fresh.database),
    () => bench.now,
  );
  for (let i = 0; i < 6; i++) {
    const { meterId } = await newMeter();
    const { record } = await sell(meterId);
    await cancellation.cancel({ rechargeId: record.rechargeId, actor: 'user:rahima', reason: 'printer failed' });
  }
  const watch = new Watch(fresh.database, later(60_000));
  await watch.look();
  expect(await items(watch, twin.subject)).toMatchObject([{ rule: 'twin-vends-meter', events: 2 }]);
  expect(await items(watch, tamper.subject)).toMatchObject([{ rule: 'tamper-tokens-meter', events: 2 }]);
  expect(await items(watch, 'person:rahima')).toMatchObject([
    { rule: 'cancellations-person', events: 6, office: 'Rajshahi S&D 1' },
  ]);
});

it('is decided once, by one of two at once, is on record, and opens again when more is seen', async () => {
  bench.now += 600_000;
  const { meterId, subject } = await newMeter();
  for (let i = 0; i < 4; i++) await sell(meterId);
  const watch = new Watch(fresh.database, later(60_000));
  await watch.look();
  const { reviewId } = (await items(watch, subject))[0]!;
  const explained = { state: 'EXPLAINED', note: 'a wedding, seen' } as const;
  await expect(watch.decide(supervisor, reviewId, explained, ['Bogura'])).rejects.toMatchObject({
    code: 'review-not-found',
  });
  const answers = await Promise.allSettled([
    watch.decide(supervisor, reviewId, explained, 'all'),
    watch.decide(supervisor, reviewId, explained, 'all'),
    watch.decide({ ...supervisor, username: 'farida' }, reviewId, { state: 'ESCALATED', note: 'odd' }, 'all'),
  ]);
  const decided = (await items(watch, subject))[0]!;
  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(decided.state === 'EXPLAINED' ? 1 : 2);
  const trail = await fresh.admin.read(
    `SELECT actor FROM audit_events WHERE action = 'review-decided' AND subject = ?`,
    [`review:${reviewId}`],
  );
  expect(trail).toEqual([{ actor: decided.decidedBy }]);
  await sell(meterId);
  await watch.lookAgain('2026-11-23');
  expect((await items(watch, subject))[0]).toMatchObject({
    events: 5,
    state: decided.state === 'EXPLAINED' ? 'OPEN' : 'ESCALATED',
  });
});

it('holds one item for a rule, subject and window in the database itself', async () => {
  await expect(
    fresh.admin.read(
      `INSERT INTO review_items (id, rule, subject, window_start, facts, first_seen, last_seen, events)
       SELECT UNHEX(REPLACE(UUID(), '-', '')), rule, subject, window_start, facts, first_seen, last_seen, events
       FROM review_items LIMIT 1`,
    ),
  ).rejects.toMatchObject({ errno: 1062 });
});
