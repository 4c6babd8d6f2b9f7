/*
 * Proves on a real Redis that processes share one pace, counted against Redis's own clock, that one more process sends
 * no more, and that a process without Redis keeps the pace for itself.
 */
import { Redis } from 'ioredis';
import { createTestRedis, type TestRedis } from '../../../test/support/servers';
import { CLASS_POLICY } from './class-policy';
import { RedisPace } from './redis-pace';

let testRedis: TestRedis;
const clients: Redis[] = [];
beforeAll(async () => {
  testRedis = await createTestRedis();
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await testRedis?.clear();
});

async function connected(): Promise<Redis> {
  const client = new Redis(testRedis.url, { maxRetriesPerRequest: null });
  clients.push(client);
  await client.ping();
  return client;
}
async function redisMs(client: Redis): Promise<number> {
  const [seconds, microseconds] = await client.time();
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
}

it.each(['token', 'notice'] as const)('five processes together send no more %ss than one may', async (messageClass) => {
  const redis = await connected();
  const processes = await Promise.all(Array.from({ length: 5 }, async () => new RedisPace(await connected())));
  const limits = { gateway: `shared-${messageClass}`, maxPerSecond: 200 };
  const beganMs = await redisMs(redis);
  let granted = 0;
  for (let round = 0; round < 40; round++) {
    const leaves = await Promise.all(processes.map((pace) => pace.take(limits, messageClass, 50)));
    granted += leaves.reduce((sum, leave) => sum + leave.granted, 0);
    for (const leave of leaves) expect(leave.granted === 50 ? leave.waitMs === 0 : leave.waitMs > 0).toBe(true);
  }
  const seconds = ((await redisMs(redis)) - beganMs) / 1_000;
  const { share, headroom } = CLASS_POLICY[messageClass];
  expect(granted).toBeGreaterThan(0);
  expect(granted).toBeLessThanOrEqual(200 * share * (seconds + headroom) + 1);
});

it('leaves room for tokens when notices have had all of theirs, whichever process asks', async () => {
  const [one, other] = [new RedisPace(await connected()), new RedisPace(await connected())];
  const limits = { gateway: 'reserved', maxPerSecond: 1 };
  const leave = await one.take(limits, 'notice', 10);
  expect(leave.granted).toBe(1);
  const slow = { gateway: 'slow', maxPerSecond: 100 };
  while ((await one.take(slow, 'notice', 100)).granted > 0);
  expect((await other.take(slow, 'token', 30)).granted).toBe(30);
});

it('forgets with Redis, and goes on', async () => {
  const client = await connected();
  const pace = new RedisPace(client);
  const limits = { gateway: 'flushed', maxPerSecond: 0.001 };
  expect((await pace.take(limits, 'token', 5)).granted).toBe(1);
  expect((await pace.take(limits, 'token', 5)).granted).toBe(0);
  await client.flushdb();
  expect((await pace.take(limits, 'token', 5)).granted).toBe(1);
  client.disconnect();
  const alone = [await pace.take(limits, 'token', 5), await pace.take(limits, 'token', 5)];
  expect(alone.map(({ granted }) => granted)).toEqual([1, 0]);
});
