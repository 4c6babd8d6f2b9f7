/*
 * Proves on a real database full of customers that a trace reads by keys alone: every statement of every kind of question
 * is explained by the server, walks an index and meets few rows; and that the list of a till's day reads the rows that it
 * shows and no others. TRACE_CUSTOMERS says how many customers there are, TILL_VENDS what one till has sold.
 */
import { CASE_NAMES } from '@vend/cases';
import { Trace, type TraceQuestion } from '@vend/reports';
import { startOfDay } from '@vend/kernel';
import type { Database, Reader } from '@vend/platform';
import { readTillDay } from '@vend/vending';
import { freshDatabase, type FreshDatabase } from '../support/database';

const CUSTOMERS = Number(process.env['TRACE_CUSTOMERS'] ?? 20_000);
const CHUNK = 100_000;
const TILL_VENDS = Number(process.env['TILL_VENDS'] ?? 20_000);

/** What a row of each table is made of, from its number. Two payments of each customer are vended. */
const id = (kind: number, seq: string) => `UNHEX(CONCAT('0000000${kind}00007000800000000', LPAD(HEX(${seq}), 7, '0')))`;
const TABLES: readonly [insert: string, times: number][] = [
  [
    `INSERT INTO customers (id, customer_no, name, mobile, address, office, created_at, updated_at)
     SELECT ${id(1, 'seq')}, CONCAT('P', seq), 'X', CONCAT('88017', LPAD(seq, 8, '0')), 'A', CONCAT('Office ', seq % 50),
       NOW(3), NOW(3)`,
    1,
  ],
  [
    `INSERT INTO connections (id, customer_id, tariff_class, phase, sanctioned_w, created_at, updated_at)
     SELECT ${id(2, 'seq')}, ${id(1, 'seq')}, 'LT-A', 1, 2000, NOW(3), NOW(3)`,
    1,
  ],
  [
    `INSERT INTO meters (id, connection_id, pan, drn, owner, crediting, installed_on, ea, sgc, krn, ti, kt, ken, base_date,
       created_at, updated_at)
     SELECT ${id(3, 'seq')}, ${id(2, 'seq')}, LPAD(seq, 18, '0'), LPAD(seq, 11, '0'), 'utility', 'energy', '2026-01-01', '07',
       '123456', 1, '01', 2, 255, 2014, NOW(3), NOW(3)`,
    1,
  ],
  [`INSERT INTO meter_states (meter_id) SELECT ${id(3, 'seq')}`, 1],
  [
    `INSERT INTO recharges (id, source, source_ref, body_hash, channel, meter_id, gross_paisa, state, actor, received_at,
       business_day)
     SELECT ${id(4, 'seq')}, CONCAT('provider:p', seq % 12), CONCAT('T', seq), REPEAT('x', 32), 'mobile-money',
       ${id(3, `1 + seq % ${CUSTOMERS}`)}, 100, 'APPLIED', 'partner:p', NOW(3) - INTERVAL seq SECOND, '2026-11-21'`,
    2,
  ],
  [
    `INSERT INTO vends (id, recharge_id, meter_id, receipt_no, state, issued_at, business_day, gross_paisa, vat_paisa,
       rent_paisa, demand_paisa, arrears_paisa, pfc_paisa, penalty_paisa, rebate_paisa, energy_paisa, remainder_in_paisa,
       remainder_out_paisa, tariff_book, price_revision, tariff_version, rebate_profile, pricing_input)
     SELECT ${id(5, 'seq')}, ${id(4, 'seq')}, ${id(3, `1 + seq % ${CUSTOMERS}`)}, CONCAT('R', seq), 'ISSUED', NOW(3),
       '2026-11-21', 100, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 'b', 1, 'v', 'r', '{}'`,
    2,
  ],
  [
    `INSERT INTO vend_tokens (vend_id, sequence, of_count, kind, subclass, meter_id, base_date, tid, rnd, digits,
       amount_units, credited_units, sample_tables)
     SELECT ${id(5, 'seq')}, 1, 1, 'credit', 0, ${id(3, `1 + seq % ${CUSTOMERS}`)}, 2014, seq, 1, LPAD(seq, 20, '0'), 1, 1, 1`,
    2,
  ],
];

let fresh: FreshDatabase;
let statements: [string, readonly unknown[]][] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  for (const [insert, times] of TABLES) {
    for (let from = 1; from <= CUSTOMERS * times; from += CHUNK) {
      const to = Math.min(from + CHUNK - 1, CUSTOMERS * times);
      await fresh.admin.read(`${insert} FROM seq_${from}_to_${to}`);
    }
  }
  await fresh.admin.read(
    `INSERT INTO partners (id, code, name, kind, key_id, secret_sealed, created_at)
     SELECT ${id(6, 'seq')}, CONCAT('p', seq), 'P', 'mobile-money', CONCAT('k', seq), '', NOW(3) FROM seq_0_to_11`,
  );
  for (const table of ['customers', 'connections', 'meters', 'recharges', 'vends', 'vend_tokens']) {
    await fresh.admin.read(`ANALYZE TABLE ${table}`);
  }
}, 600_000);
afterAll(() => fresh?.drop());

/** Somebody to ask, with everything that is asked written down. */
const overhear = (reader: Reader): Reader => ({
  read: (sql, parameters = []) => {
    statements.push([sql, parameters]);
    return reader.read(sql, parameters);
  },
});

/** The database as the trace knows it. */
const overheard = () =>
  ({
    reads: <T>(work: (reader: Reader) => Promise<T>) => fresh.database.reads((reader) => work(overhear(reader))),
  }) as unknown as Database;

const middle = Math.floor(CUSTOMERS / 2);
const token = String(middle).padStart(20, '0');
const QUESTIONS: readonly [string, Partial<TraceQuestion>][] = [
  ['meter', { meter: String(middle).padStart(18, '0') }],
  ['DRN', { meter: String(middle).padStart(11, '0') }],
  ['customer', { meter: `P${middle}` }],
  ['phone', { phone: `88017${String(middle).padStart(8, '0')}` }],
  ['transaction', { transactionId: `T${middle}` }],
  ['receipt', { receiptNo: `R${middle}` }],
  ['token', { token }],
];

it.each(QUESTIONS)('by %s: every statement walks an index and meets few rows', async (name, question) => {
  const trace = new Trace(overheard(), CASE_NAMES);
  const ask = () => trace.ask({ limit: 10, offices: 'all', ...question });
  await ask();
  statements = [];
  const times: number[] = [];
  for (let n = 0; n < 20; n++) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  const median = times.sort((a, b) => a - b)[10]!;
  if (process.env['TRACE_CUSTOMERS']) {
    console.info(`by ${name}, ${CUSTOMERS}: median ${median.toFixed(1)} ms, slowest ${times.at(-1)!.toFixed(1)} ms`);
  }
  expect((await ask()).events).toHaveLength(2);
  const asked = new Map(statements);
  expect(asked.size).toBeGreaterThan(6);
  for (const [sql, parameters] of asked) {
    // A token in a statement would stand in the log of slow ones.
    expect(JSON.stringify(parameters)).not.toContain(token);
    const plan = await fresh.database.read<{ type: string | null; table: string; rows: string | null }>(
      `EXPLAIN ${sql}`,
      parameters,
    );
    const scans = plan.filter(({ type, table, rows }) => (type === 'ALL' || type === 'index') && isLarge(table, rows));
    expect([sql, scans]).toEqual([sql, []]);
  }
});

/** The optimizer may read a handful of rows whole: the partners, or what an inner query has found. */
function isLarge(table: string, rows: string | null): boolean {
  return !table?.startsWith('<') && Number(rows ?? 0) > 100;
}

describe('the day of a till', () => {
  const LIMIT = 51;
  const source = 'till:NESCO-RAJ-01';
  const at = startOfDay('2026-11-21');
  const idAt = (seq: number) => `00000007-0000-7000-8000-00000${seq.toString(16).padStart(7, '0')}`;

  beforeAll(async () => {
    await fresh.admin.read(
      `INSERT INTO recharges (id, source, source_ref, body_hash, channel, meter_id, gross_paisa, state, actor, received_at,
         business_day)
       SELECT ${id(7, 'seq')}, '${source}', CONCAT('K', seq), REPEAT('x', 32), 'counter',
         ${id(3, `1 + seq % ${CUSTOMERS}`)}, 100, 'APPLIED', 'user:clerk', NOW(3), '2026-11-21' FROM seq_1_to_${TILL_VENDS}`,
    );
    await fresh.admin.read('ANALYZE TABLE recharges');
  }, 600_000);

  it.each([
    ['first', undefined],
    ['middle', TILL_VENDS / 2],
    ['last', LIMIT + 1],
  ])('its %s page is a piece of an index, and no more rows are met than it shows', async (name, seq) => {
    const before = seq === undefined ? undefined : idAt(seq);
    const ask = () =>
      fresh.database.reads((reader) => readTillDay(overhear(reader), { source, at, before, limit: LIMIT }));
    statements = [];
    const from = (seq ?? TILL_VENDS + 1) - 1;
    const wanted = Array.from({ length: LIMIT }, (_, nth) => idAt(from - nth));
    expect((await ask()).map(({ rechargeId }) => rechargeId)).toEqual(wanted);
    const [sql, parameters] = statements[0]!;
    const plan = await fresh.database.read(`ANALYZE ${sql}`, parameters);
    const till = plan.find(({ key }) => key === 'ix_recharges_till');
    expect([name, till?.['type'], till?.['Extra']]).toEqual([name, seq ? 'range' : 'ref', 'Using where; Using index']);
    expect(plan.filter(({ r_rows: rows }) => Number(rows) > LIMIT)).toEqual([]);
    if (process.env['TILL_VENDS']) console.info(`${name} page of ${TILL_VENDS}: median ${await medianMs(ask)} ms`);
  });
});

async function medianMs(ask: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let n = 0; n < 20; n++) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[10]!.toFixed(1);
}
