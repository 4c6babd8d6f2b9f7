/*
 * npm run bench:broadcast: how long it takes to write down the recipients of a notice to BENCH_CUSTOMERS=500000 customers
 * of 50 offices, and how much memory: recipients a second, and the process's resident memory at the start, half-way and
 * at the end. Then how fast its chunks can be taken up and concluded when the gateway answers at once: what the database
 * allows. On a MariaDB of its own, or on a database at TEST_DATABASE_ADMIN_URL that is dropped at the end. The last line
 * is JSON.
 */
import { BroadcastSender, prepareBatch, totalOf } from '@vend/broadcasts';
import { optedOut, optedOutBetween } from '@vend/inbound';
import type { SmsGateway } from '@vend/sms';
import { BroadcastBench, storeCustomers } from '../support/broadcasts';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { inventedName, mobileOf, OFFICES } from './customers';
import { withOwnServer } from './own-server';
import { hmacMicroseconds } from './yardstick';

const CUSTOMERS = Number(process.env['BENCH_CUSTOMERS'] ?? '500000');
const SENT = Number(process.env['BENCH_SENT'] ?? '20000');
const BATCH = 2_000;

/** Takes everything at once and keeps nothing. */
const TAKES_ALL: SmsGateway = {
  sendMany: (messages) =>
    Promise.resolve(messages.map(({ csmsId }) => ({ csmsId, kind: 'accepted', referenceId: null }))),
  close: () => Promise.resolve(),
};

const residentMb = () => Math.round(process.memoryUsage.rss() / 1_048_576);

async function main(): Promise<void> {
  const fresh = await freshDatabase({ poolSize: 4 });
  try {
    await store(fresh);
    const bench = new BroadcastBench(fresh.database, () => Date.now());
    await bench.open();
    const id = await bench.compose({ ratePerSecond: 65_000 });
    const prepared = await prepare(fresh, id);
    await bench.launch(id);
    const recipients = totalOf(await bench.broadcasts.byId(id));
    const sending = await send(fresh, id, Math.min(SENT, recipients));
    const hmacUs = Number(hmacMicroseconds().toFixed(2));
    const result = { customers: CUSTOMERS, recipients, ...prepared, ...sending, hmacUs };
    console.log(JSON.stringify({ benchmark: 'broadcast', ...result }));
  } finally {
    await fresh.drop();
  }
}

async function store({ admin }: FreshDatabase): Promise<void> {
  const startedMs = performance.now();
  for (let from = 0; from < CUSTOMERS; from += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, CUSTOMERS - from) }, (_, i) => from + i);
    await storeCustomers(
      admin,
      indexes.map((index) => ({
        ...{ index, name: inventedName(index), mobile: mobileOf(index), office: OFFICES[index % OFFICES.length]! },
        language: index % 20 === 0 ? 'en' : 'bn',
      })),
    );
  }
  console.log(`${CUSTOMERS} customers stored in ${seconds(startedMs)} s`);
}

async function prepare({ database }: FreshDatabase, id: string) {
  const rssMb = { start: residentMb(), half: 0, end: 0 };
  let highestMb = rssMb.start;
  let batches = 0;
  const half = Math.floor(CUSTOMERS / 5_000 / 2);
  const startedMs = performance.now();
  while (await prepareBatch(database, optedOutBetween, id, Date.now())) {
    batches += 1;
    if (batches === half) rssMb.half = residentMb();
    highestMb = Math.max(highestMb, residentMb());
  }
  const prepareSeconds = seconds(startedMs);
  rssMb.end = residentMb();
  const perSecond = Math.round(CUSTOMERS / prepareSeconds);
  console.log(`${CUSTOMERS} customers prepared in ${prepareSeconds} s, ${perSecond} a second, in ${batches} batches`);
  console.log(
    `memory: ${rssMb.start} MB at the start, ${rssMb.half} half-way, ${rssMb.end} at the end, never above ${highestMb}`,
  );
  return { prepareSeconds, preparedPerSecond: perSecond, rssMb: { ...rssMb, highest: highestMb } };
}

async function send({ database }: FreshDatabase, id: string, count: number) {
  // A minute further with each chunk, so that the notice's own rate holds nothing back.
  let now = Date.now();
  const sender = new BroadcastSender(database, { gateway: TAKES_ALL, optedOut, leaseMs: 60_000, now: () => now });
  const startedMs = performance.now();
  for (let sent = 0; sent < count; sent += 100) {
    await sender.sendChunk(id);
    now += 1_000;
  }
  const sentPerSecond = Math.round(count / seconds(startedMs));
  console.log(`${count} sent in ${seconds(startedMs)} s by one worker, ${sentPerSecond} a second`);
  return { sentPerSecond };
}

const seconds = (sinceMs: number) => Number(((performance.now() - sinceMs) / 1_000).toFixed(1));

withOwnServer('broadcast', main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
