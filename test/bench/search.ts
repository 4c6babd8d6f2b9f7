/*
 * npm run bench:search: milliseconds of each kind of search among BENCH_CUSTOMERS=500000 invented customers in 50 offices,
 * p50, p95 and p99 of BENCH_TIMES=200 searches each, the worst that was thought of included. On a MariaDB
 * of its own, or on a database at TEST_DATABASE_ADMIN_URL that is dropped at the end. The last line is JSON.
 */
import { idToBytes, newId } from '@vend/kernel';
import { indexCustomers, MetersService, searchNames, type SeenOffices } from '@vend/meters';
import type { Database } from '@vend/platform';
import { meterNo } from '../builders/meters';
import { freshDatabase } from '../support/database';
import { inventedName, mobileOf, OFFICES } from './customers';
import { withOwnServer } from './own-server';
import { hmacMicroseconds } from './yardstick';

const CUSTOMERS = Number(process.env['BENCH_CUSTOMERS'] ?? '500000');
const TIMES = Number(process.env['BENCH_TIMES'] ?? '200');
const BATCH = 1_000;
const DAY = new Date(Date.UTC(2026, 0, 1));

async function main(): Promise<void> {
  const fresh = await freshDatabase({ poolSize: 4 });
  try {
    const startedMs = performance.now();
    for (let from = 0; from < CUSTOMERS; from += BATCH)
      await store(fresh.admin, from, Math.min(BATCH, CUSTOMERS - from));
    const perSecond = Math.round((CUSTOMERS / (performance.now() - startedMs)) * 1_000);
    console.log(`${CUSTOMERS} customers stored, ${perSecond} a second`);
    await fresh.admin.read('ANALYZE TABLE customer_words, customers, connections, meters');
    const results: Record<string, object> = {};
    for (const [what, search] of Object.entries(searches(fresh.database))) {
      results[what] = await measured(what, search);
    }
    const hmacUs = Number(hmacMicroseconds().toFixed(2));
    console.log(JSON.stringify({ benchmark: 'search', customers: CUSTOMERS, times: TIMES, results, hmacUs }));
  } finally {
    await fresh.drop();
  }
}

function searches(database: Database): Record<string, (turn: number) => Promise<unknown[]>> {
  const meters = new MetersService(database);
  const any = (turn: number) => (Math.imul(turn + 7, 2_654_435_761) >>> 0) % CUSTOMERS;
  const names = (typed: (turn: number) => string, offices: SeenOffices) => async (turn: number) =>
    (await searchNames(database, typed(turn), { offices, limit: 20 })).customers as unknown[];
  const whole = (turn: number) => inventedName(any(turn));
  const oneOffice = (turn: number) => names(() => 'মোঃ দাস', [OFFICES[turn % OFFICES.length]!])(turn);
  return {
    'meter number': (turn) => meters.find('meter-no', meterNo(any(turn)).pan),
    'customer number': (turn) => meters.find('customer-no', customerNo(any(turn))),
    phone: (turn) => meters.find('phone', mobileOf(any(turn))),
    "a helper's phone, given by hundreds": (turn) => meters.find('phone', mobileOf((turn % 50) * 100)),
    'whole name': names(whole, 'all'),
    'rare word': names((turn) => whole(turn).split(' ').at(-2)!, 'all'),
    'one letter': names((turn) => [...'আমশকজ'][turn % 5]!, 'all'),
    'word of 100,000 names': names(() => 'আব্দুল', 'all'),
    'common word and rare word': names((turn) => `আব্দুল ${whole(turn).split(' ').at(-2)!}`, 'all'),
    'two common words': names(() => 'মোঃ রহমান', 'all'),
    'two common words that no name has together': names(() => 'মোছাঃ শ্রী', 'all'),
    'the same in one office': (turn) => names(() => 'মোছাঃ শ্রী', [OFFICES[turn % OFFICES.length]!])(turn),
    'two common words in one office': oneOffice,
    nobody: names(() => 'qqqq', 'all'),
  };
}

async function measured(what: string, search: (turn: number) => Promise<unknown[]>) {
  for (let turn = 0; turn < 5; turn++) await search(turn);
  const times: number[] = [];
  let found = 0;
  for (let turn = 0; turn < TIMES; turn++) {
    const startedMs = performance.now();
    found += (await search(turn)).length;
    times.push(performance.now() - startedMs);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => Number(times[Math.min(TIMES - 1, Math.floor(TIMES * part))]!.toFixed(1));
  const result = { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), found: Number((found / TIMES).toFixed(1)) };
  console.log(`${what}: p50 ${result.p50Ms} ms, p95 ${result.p95Ms} ms, p99 ${result.p99Ms} ms, ${result.found} found`);
  return result;
}

const customerNo = (index: number) => `T${String(index).padStart(6, '0')}`;

/** A customer, its connection and its meter, without the import's checks: they are measured elsewhere. */
async function store(admin: Database, from: number, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => ({ index: from + i, id: newId() }));
  await admin.transaction((tx) =>
    Promise.all([
      tx.write(
        'INSERT INTO customers (id, customer_no, name, mobile, address, office, language, created_at, updated_at) VALUES ?',
        [rows.map(({ index, id }) => customerValues(index, id))],
      ),
      indexCustomers(
        tx,
        rows.map(({ index, id }) => ({ id, name: inventedName(index), office: officeOf(index) })),
      ),
      tx.write(
        'INSERT INTO connections (id, customer_id, tariff_class, phase, sanctioned_w, created_at, updated_at) VALUES ?',
        [rows.map(({ id }) => [idToBytes(id), idToBytes(id), 'LT-A', 1, 2_000, DAY, DAY])],
      ),
      tx.write(
        `INSERT INTO meters (id, connection_id, pan, drn, owner, crediting, installed_on, ea, sgc, krn, ti, kt, ken,
           base_date, created_at, updated_at) VALUES ?`,
        [rows.map(({ index, id }) => meterValues(index, id))],
      ),
    ]),
  );
}

const officeOf = (index: number) => OFFICES[index % OFFICES.length]!;

function customerValues(index: number, id: string): unknown[] {
  const [name, mobile, address] = [inventedName(index), mobileOf(index), `বাড়ি ${index % 400}, রাজশাহী`];
  return [idToBytes(id), customerNo(index), name, mobile, address, officeOf(index), 'bn', DAY, DAY];
}

function meterValues(index: number, id: string): unknown[] {
  const { pan, drn } = meterNo(index);
  const key = ['07', '123456', 1, '01', 2, 255, 2014];
  return [idToBytes(id), idToBytes(id), pan, drn, 'utility', 'currency', '2026-01-01', ...key, DAY, DAY];
}

withOwnServer('search', main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
