// Proves, on a real database and Redis, that what waits for a slow worker is not handed to its queue over and over, that other
// topics go on meanwhile, and that the rest follows when the queue has room; nobody works, so that all of it is slow.
import { newId, type Id } from '@vend/kernel';
import { dueTopics, leaveToWorker, queueName, QUEUE_PREFIX, TOPICS, type Topic, type WakeJob } from '@vend/platform';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { createTestRedis } from '../../../test/support/servers';
import { OutboxRelay } from './outbox-relay';

jest.setTimeout(60_000);
let fresh: FreshDatabase;
let testRedis: Awaited<ReturnType<typeof createTestRedis>>;
let redis: Redis;
let relaysOwn: Redis;
let relay: OutboxRelay;
beforeAll(async () => {
  [fresh, testRedis] = await Promise.all([freshDatabase(), createTestRedis()]);
  redis = new Redis(testRedis.url, { maxRetriesPerRequest: null });
  // A lease that is over at once: every look finds all rows due again.
  const settings = { pollMs: 10, leaseMs: 0 };
  relaysOwn = redis.duplicate();
  relay = new OutboxRelay(fresh.database, relaysOwn, settings, pino({ level: 'silent' }));
});
afterAll(async () => {
  await relay?.stop();
  for (const client of [redis, relaysOwn]) client?.disconnect();
  await testRedis?.clear();
  await fresh?.drop();
});

const leave = (topic: Topic, count: number): Promise<void> => {
  const items = Array.from({ length: count }, () => ({ topic, refId: newId() }));
  return fresh.database.transaction((tx) => leaveToWorker(tx, items, new Date()));
};

it('hands over as much of a backlog as its queue has room for, and more of it when that is worked down', async () => {
  const connection = redis.duplicate();
  const queue = new Queue<WakeJob>(queueName('checkout'), { connection, prefix: QUEUE_PREFIX });
  const refsWaiting = async (): Promise<Id[]> => (await queue.getWaiting()).flatMap(({ data }) => data.refIds as Id[]);
  await leave('checkout', 100);
  // Eight jobs of four.
  expect(await relay.relayOnce()).toBe(32);
  for (let looks = 0; looks < 20; looks++) expect(await relay.relayOnce()).toBe(0);
  expect(new Set(await refsWaiting()).size).toBe(32);
  // Another topic's work does not wait for it.
  await leave('receipt', 3);
  expect(await relay.relayOnce()).toBe(3);
  // One job is worked: there is room for one.
  await (await queue.getWaiting())[0]!.remove();
  await relay.relayOnce();
  expect(await queue.getWaitingCount()).toBe(8);
  // Redis loses everything: the rows are there, and are handed over again.
  await queue.obliterate({ force: true });
  expect(await relay.relayOnce()).toBeGreaterThanOrEqual(32);
  expect(new Set(await refsWaiting()).size).toBe(32);
  await queue.close();
  connection.disconnect();
});

it('asks for nothing but what is due, and leaves what is due later alone', async () => {
  const now = Date.now();
  const due = { topic: 'case', refId: newId() } as const;
  const later = { topic: 'import', refId: newId(), dueAt: new Date(now + 60_000) } as const;
  await fresh.database.transaction((tx) => leaveToWorker(tx, [due, later], new Date(now)));
  expect(await dueTopics(fresh.database, new Date(now))).toContain('case');
  expect(await dueTopics(fresh.database, new Date(now))).not.toContain('import');
  // The most urgent first, whatever the order of the table.
  const afterwards = await dueTopics(fresh.database, new Date(now + 60_000));
  expect(afterwards).toContain('import');
  expect(afterwards).toEqual(TOPICS.filter((topic) => afterwards.includes(topic)));
});
