/*
 * npm run bench:dashboard: milliseconds of counting the busiest hour of a day of BENCH_VENDS=100000 payments by
 * BENCH_CUSTOMERS=50000 customers in 50 offices, half of them over the counter of 200 stations, and of each answer of the
 * dashboard: p50, p95 of BENCH_TIMES=50. On a MariaDB of its own, or on a database at TEST_DATABASE_ADMIN_URL that is
 * dropped at the end. The last line is JSON.
 */
import { dhakaDay, idToBytes, newId, startOfDay } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { ATTENTION_KINDS, Health, Sales } from '@vend/reports';
import { meterNo } from '../builders/meters';
import { freshDatabase } from '../support/database';
import { OFFICES } from './customers';
import { withOwnServer } from './own-server';

const VENDS = Number(process.env['BENCH_VENDS'] ?? '100000');
const CUSTOMERS = Number(process.env['BENCH_CUSTOMERS'] ?? '50000');
const TIMES = Number(process.env['BENCH_TIMES'] ?? '50');
const BATCH = 1_000;
const STATIONS = 200;
const HOUR_MS = 3_600_000;
/** Of a hundred payments of a day so many are made in each hour, from midnight; the evening before a holiday is worse. */
const SHARES = [0, 0, 0, 0, 0, 1, 2, 3, 5, 7, 8, 7, 6, 5, 5, 5, 6, 8, 11, 9, 6, 4, 2, 0];
const BUSIEST = SHARES.indexOf(Math.max(...SHARES));
const DAY = '2026-11-22';
const FROM = startOfDay(DAY);
const AT = new Date(FROM);

/** The hour that a payment is made in. */
const hours = SHARES.flatMap((share, hour) => Array.from({ length: share }, () => hour));

async function main(): Promise<void> {
  const fresh = await freshDatabase({ poolSize: 4 });
  try {
    await storeAll(fresh.admin);
    const night = FROM + 23 * HOUR_MS;
    const sales = new Sales(fresh.database, () => night);
    const health = new Health(fresh.database, () => night);
    for (let hour = 0; hour < 24; hour++) await sales.countHour(FROM + hour * HOUR_MS);
    const { total } = await sales.day(DAY, 'all');
    if (total.sold.count !== VENDS) throw new Error(`${total.sold.count} were counted of ${VENDS}`);
    const results = {
      'count of the busiest hour': await measured(() => sales.countHour(FROM + BUSIEST * HOUR_MS)),
      'the day of everybody': await measured(() => sales.day(DAY, 'all')),
      'the day of one office': await measured(() => sales.day(DAY, [OFFICES[0]!])),
      'what waits, of everybody': await measured(() => health.attention(ATTENTION_KINDS, 'all')),
      'what waits, of one office': await measured(() => health.attention(ATTENTION_KINDS, [OFFICES[0]!])),
      'health of companies': await measured(() => health.payments()),
    };
    console.log(JSON.stringify({ benchmark: 'dashboard', day: dhakaDay(night), vends: VENDS, results }));
  } finally {
    await fresh.drop();
  }
}

async function measured(work: () => Promise<unknown>): Promise<{ p50Ms: number; p95Ms: number }> {
  const times: number[] = [];
  for (let turn = 0; turn < TIMES; turn++) {
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => Number(times[Math.min(TIMES - 1, Math.floor(TIMES * part))]!.toFixed(1));
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

async function storeAll(admin: Database): Promise<void> {
  const stations = Array.from({ length: STATIONS }, (_, i) => [`S-${i}`, `Counter ${i}`, OFFICES[i % OFFICES.length]]);
  await admin.transaction((tx) => tx.write('INSERT INTO stations (code, name, office) VALUES ?', [stations]));
  const ids = Array.from({ length: CUSTOMERS }, () => idToBytes(newId()));
  for (let from = 0; from < CUSTOMERS; from += BATCH) await storeCustomers(admin, ids.slice(from, from + BATCH), from);
  for (let from = 0; from < VENDS; from += BATCH) await storeVends(admin, ids, from, Math.min(BATCH, VENDS - from));
  await admin.read('ANALYZE TABLE recharges, vends, meters, connections, customers');
}

/** Without the import's checks: they are measured elsewhere. */
async function storeCustomers(admin: Database, ids: readonly Buffer[], from: number): Promise<void> {
  const office = (index: number) => OFFICES[index % OFFICES.length];
  const key = ['07', '123456', 1, '01', 2, 255, 2014];
  await admin.transaction((tx) =>
    Promise.all([
      tx.write(
        'INSERT INTO customers (id, customer_no, name, address, office, language, created_at, updated_at) VALUES ?',
        [ids.map((id, i) => [id, `T${from + i}`, 'বেঞ্চ', 'রাজশাহী', office(from + i), 'bn', AT, AT])],
      ),
      tx.write(
        'INSERT INTO connections (id, customer_id, tariff_class, phase, sanctioned_w, created_at, updated_at) VALUES ?',
        [ids.map((id) => [id, id, 'LT-A', 1, 2_000, AT, AT])],
      ),
      tx.write(
        `INSERT INTO meters (id, connection_id, pan, drn, owner, crediting, installed_on, ea, sgc, krn, ti, kt, ken,
           base_date, created_at, updated_at) VALUES ?`,
        [
          ids.map((id, i) => {
            const { pan, drn } = meterNo(from + i);
            return [id, id, pan, drn, 'utility', 'currency', '2026-01-01', ...key, AT, AT];
          }),
        ],
      ),
    ]),
  );
}

async function storeVends(admin: Database, meters: readonly Buffer[], from: number, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => {
    const index = from + i;
    const at = FROM + hours[index % hours.length]! * HOUR_MS + ((index * 37) % HOUR_MS);
    const id = idToBytes(newId(at));
    return { index, at: new Date(at), id, meter: meters[(index * 31) % meters.length]! };
  });
  const sourceOf = (index: number) => (index % 2 === 0 ? `till:S-${(index / 2) % STATIONS}` : 'provider:bench');
  const channelOf = (index: number) => (index % 2 === 0 ? 'counter' : 'mobile-money');
  await admin.transaction((tx) =>
    Promise.all([
      tx.write(
        `INSERT INTO recharges (id, source, source_ref, body_hash, channel, meter_id, gross_paisa, state, actor, received_at,
           business_day) VALUES ?`,
        [
          rows.map(({ index, at, id, meter }) => [
            ...[id, sourceOf(index), `B${index}`, Buffer.alloc(32), channelOf(index), meter, 50_000, 'APPLIED'],
            ...['bench', at, DAY],
          ]),
        ],
      ),
      tx.write(
        `INSERT INTO vends (id, recharge_id, meter_id, kind, receipt_no, state, issued_at, business_day, gross_paisa,
           vat_paisa, rent_paisa, demand_paisa, arrears_paisa, pfc_paisa, penalty_paisa, rebate_paisa, energy_paisa,
           remainder_in_paisa, remainder_out_paisa, fee_paisa) VALUES ?`,
        [
          rows.map(({ index, at, id, meter }) => [
            ...[id, id, meter, 'fee', `BN-${index}`, 'ISSUED', at, DAY, 50_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50_000],
          ]),
        ],
      ),
    ]),
  );
}

withOwnServer('dashboard', main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
