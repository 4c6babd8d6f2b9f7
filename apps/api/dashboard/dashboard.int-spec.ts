/*
 * Proves on a real database and token server that the dashboard's figures are those of the payments: sold, waiting and
 * cancelled, by hour, station and channel, of one's own offices; that two counts at once agree and a count heals what was
 * wrong; that what failed is counted with its oldest; that a company was heard last when it was, in any
 * time zone; and that an hour is read as a range of the primary key.
 */
import { randomBytes } from 'node:crypto';
import { dhakaDay, newId, startOfDay } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import { ATTENTION_KINDS, Health, Sales } from '@vend/reports';
import { ApiWorld } from '../../../test/support/api';
import { seedProvider } from '../../../test/support/providers';

const HOUR_MS = 3_600_000;
/** A Date's own text begins with its day's name. */
const DATE_AS_TEXT = /^\d{4}-\d\d-\d\d/;
const hourOf = (at: number): number => at - (at % HOUR_MS);
const began = Date.now();
let world: ApiWorld;
let sales: Sales;
let meterNo: string;
beforeAll(async () => {
  world = await ApiWorld.create();
  sales = new Sales(world.fresh.database);
  const found = await world.as('clerk', 'POST', '/v1/meters/search', { by: 'customer-no', value: '61000001' });
  meterNo = found.body.items[0].meterNo as string;
  await world.fresh.admin.read(`UPDATE customers SET office = 'Elsewhere'`);
}, 120_000);
afterAll(() => world?.destroy());

interface Item {
  readonly kind: string;
  readonly count: number;
  readonly oldest: string | null;
  readonly amount: { readonly value: string } | null;
}

async function sell(by: string, amount: string): Promise<{ receiptNo: string; vendId: string }> {
  const quote = await world.as(by, 'POST', '/v1/quotes', { meterNo, amount });
  const { quoteId } = quote.body as { quoteId: string };
  const sold = await world.as(by, 'POST', '/v1/recharges', { quoteId }, { 'idempotency-key': newId() });
  expect(sold.status).toBe(201);
  return sold.body as { receiptNo: string; vendId: string };
}

/** Every hour since the test began: the clock may strike while it runs. */
async function count(): Promise<void> {
  for (let hour = hourOf(began); hour <= Date.now(); hour += HOUR_MS) await sales.countHour(hour);
}

type Figures = Record<'sold' | 'waiting' | 'returned', { count: number; amount: { value: string } }>;
interface Day {
  readonly countedAt: string | null;
  readonly total: Figures;
  readonly sources: readonly ({ source: string } & Figures)[];
  readonly channels: readonly ({ channel: string } & Figures)[];
  readonly hours: readonly ({ hour: number } & Figures)[];
}

/** What was sold since the test began, over the days that it touched: Dhaka's midnight may be among them. */
async function soldSince(who: string) {
  const days = await Promise.all(
    [...new Set([dhakaDay(began), dhakaDay(Date.now())])].map(async (day) => {
      const answer = await world.as(who, 'GET', `/v1/dashboard/sales?day=${day}`);
      expect(answer).toMatchObject({ status: 200, body: { day } });
      return answer.body as Day;
    }),
  );
  const by = <Row extends Figures>(rows: readonly Row[], nameOf: (row: Row) => string) => {
    const counts: Record<string, number> = {};
    for (const row of rows) counts[nameOf(row)] = (counts[nameOf(row)] ?? 0) + row.sold.count;
    return counts;
  };
  const sum = (what: keyof Figures) => [
    days.reduce((all, { total }) => all + total[what].count, 0),
    days.reduce((all, { total }) => all + Number(total[what].amount.value), 0),
  ];
  return {
    counted: days.some(({ countedAt }) => countedAt !== null),
    ...{ sold: sum('sold'), waiting: sum('waiting'), returned: sum('returned') },
    sources: by(
      days.flatMap(({ sources }) => sources),
      ({ source }) => source,
    ),
    channels: by(
      days.flatMap(({ channels }) => channels),
      ({ channel }) => channel,
    ),
    inHours: days.flatMap(({ hours }) => hours).reduce((all, { sold }) => all + sold.count, 0),
  };
}

const attention = async (who: string): Promise<Map<string, Item>> => {
  const answer = await world.as(who, 'GET', '/v1/dashboard/attention');
  expect(answer.status).toBe(200);
  return new Map((answer.body.items as Item[]).map((item) => [item.kind, item]));
};

it('counts what tills and companies took, each once, however many count at a time', async () => {
  expect(await soldSince('auditor')).toMatchObject({ counted: false, sold: [0, 0] });
  await sell('clerk', '3000.00');
  await sell('clerk', '500.00');
  await sell('other-clerk', '700.00');
  const order = { transactionId: 'DASH0001', reference: '61000001', amount: '900.00' };
  expect((await world.signed('/v1/biller/pay', order)).status).toBe(200);
  await Promise.all([count(), count(), count()]);

  expect(await soldSince('auditor')).toEqual({
    counted: true,
    ...{ sold: [4, 5_100], waiting: [0, 0], returned: [0, 0] },
    sources: { 'till:NESCO-RAJ-01': 2, 'provider:demo-partner': 1, 'till:NESCO-RAJ-02': 1 },
    channels: { counter: 3, 'mobile-money': 1 },
    inHours: 4,
  });
});

it('shows a supervisor the tills of the own office, and not what customers of another paid elsewhere', async () => {
  expect((await soldSince('supervisor')).sold).toEqual([3, 4_200]);
  await world.fresh.admin.read(`UPDATE customers SET office = 'Rajshahi'`);
  await count();
  expect((await soldSince('supervisor')).sold).toEqual([4, 5_100]);
});

it('sees what changed later, and heals a count that was wrong', async () => {
  await world.fresh.admin.read(`UPDATE vends SET state = 'CANCELLED' WHERE gross_paisa = 50000`);
  await world.fresh.admin.read(`UPDATE sales_hours SET sold_count = 77`);
  await count();
  expect(await soldSince('auditor')).toMatchObject({ sold: [3, 4_600], waiting: [0, 0], returned: [1, 500] });
});

it('counts what waits and what failed, with its oldest, for who may read it', async () => {
  const { admin } = world.fresh;
  const none = await attention('supervisor');
  expect(none.get('failed-sms')).toMatchObject({ count: 0, oldest: null });
  expect(none.has('settlement-break')).toBe(false);
  expect((await attention('accounts')).has('settlement-break')).toBe(true);

  await admin.read(
    `INSERT INTO notices (id, template, class, subject_kind, subject_id, recipient_kind, recipient_id, state, outcome, queued_at, updated_at)
     SELECT ?, 'receipt', 'token', 'vend', v.id, 'customer', c.id, 'FAILED', 'gateway-unreachable', ?, UTC_TIMESTAMP(3)
     FROM vends v JOIN meters m ON m.id = v.meter_id JOIN connections k ON k.id = m.connection_id
     JOIN customers c ON c.id = k.customer_id LIMIT 1`,
    [Buffer.from(newId().replaceAll('-', ''), 'hex'), new Date(startOfDay('2026-11-01'))],
  );
  await admin.read(
    `INSERT INTO outbox (id, topic, ref_id, created_at, due_at, attempts)
     SELECT id, 'pending-vend', id, received_at, received_at, 21 FROM recharges WHERE source = 'provider:demo-partner'`,
  );
  const some = await attention('supervisor');
  expect(some.get('failed-sms')).toMatchObject({ count: 1, oldest: '2026-11-01T00:00:00.000+06:00' });
  expect(some.get('pending-vend')).toMatchObject({ count: 1, amount: { value: '900.00' } });
  expect(some.get('stuck-work')).toMatchObject({ count: 1 });
  await admin.read(`UPDATE customers SET office = 'Elsewhere'`);
  const others = await attention('supervisor');
  expect([others.get('failed-sms')?.count, others.get('pending-vend')?.count]).toEqual([0, 0]);
});

it('says how SMS and companies are', async () => {
  const answer = await world.as('accounts', 'GET', '/v1/dashboard/health');
  expect(answer.status).toBe(200);
  // Since midnight it is another day, of which nothing has failed yet.
  const isSameDay = dhakaDay(began) === dhakaDay(Date.now());
  expect(answer.body.sms.today.failed).toBe(isSameDay ? 1 : answer.body.sms.today.failed);
  expect((await world.as('clerk', 'GET', '/v1/dashboard/health')).status).toBe(403);
});

it('says when each company was heard last, to the millisecond, from values that carry their instant', async () => {
  const { admin, database } = world.fresh;
  for (const code of ['heard-gateway', 'refused-gateway', 'heard-biller', 'silent']) {
    await seedProvider(database, world.sealingSecret, { code, profile: 'biller-json-v1' });
  }
  const message = async (provider: string, verdict: 'ACCEPTED' | 'REFUSED', at: number) => {
    const [key, refusal, claims] = verdict === 'ACCEPTED' ? [randomBytes(32), null, 'paid'] : [null, 'invented', null];
    await admin.read(
      `INSERT INTO gateway_messages (id, provider, way, event_key, raw_sealed, received_at, verdict, refusal, claims, state)
       VALUES (?)`,
      [[randomBytes(16), provider, 'notice', key, randomBytes(8), new Date(at), verdict, refusal, claims, 'DONE']],
    );
  };
  // Within six hours of Dhaka's and of Greenwich's midnight: another time zone makes it another day.
  const at = Date.parse('2026-10-31T20:15:00.123Z');
  await message('heard-gateway', 'REFUSED', at - 2_000);
  await message('heard-gateway', 'ACCEPTED', at - 1_000);
  await message('refused-gateway', 'ACCEPTED', at - 1_000);
  await message('refused-gateway', 'REFUSED', at);
  await admin.read(
    `INSERT INTO biller_commits (provider, trx_id, request_sha256, quote_id, state, accepted_at, taken_by) VALUES (?)`,
    [['heard-biller', 'HEARD1', randomBytes(32), 'invented', 'BOOKED', new Date(at + 1), randomBytes(8)]],
  );

  // An instant that comes as text has lost its time zone: whoever reads it takes the machine's, and on one that runs in
  // Greenwich's nobody sees it. So no text of a date may come out of the database at all.
  const texts: unknown[] = [];
  const listened = new Proxy(database, {
    get: (target, name) => {
      if (name !== 'reads') return Reflect.get(target, name) as unknown;
      return (work: (reader: Reader) => Promise<unknown>) =>
        database.reads((reader) => {
          const read = async <R extends Row>(sql: string, values?: readonly unknown[]) => {
            const rows = await reader.read<R>(sql, values);
            texts.push(
              ...rows.flatMap((row) => Object.values(row)).filter((value) => DATE_AS_TEXT.test(String(value))),
            );
            return rows;
          };
          return work({ read });
        });
    },
  });
  const health = new Health(listened);
  const last = new Map((await health.payments()).map((company) => [company.code, company.lastMessageAt]));
  await health.attention(ATTENTION_KINDS, 'all');
  expect(texts).toEqual([]);
  expect(['heard-gateway', 'refused-gateway', 'heard-biller', 'silent'].map((code) => last.get(code))).toEqual([
    ...[at - 1_000, at, at + 1, null],
  ]);
});

it('refuses a day that is none', async () => {
  for (const day of ['2026-02-30', 'today'])
    expect(await world.as('auditor', 'GET', `/v1/dashboard/sales?day=${day}`)).toMatchObject({ status: 400 });
});

it('reads an hour as a range of the primary key, and everything beside it by a key', async () => {
  const asked: [sql: string, values: readonly unknown[]][] = [];
  const { database } = world.fresh;
  const listening = (tx: Tx): Tx => ({
    write: (sql, values) => tx.write(sql, values),
    query: (sql, values = []) => {
      asked.push([sql, values]);
      return tx.query(sql, values);
    },
  });
  const listened = new Proxy(database, {
    get: (target, name) => {
      if (name !== 'transaction') return Reflect.get(target, name) as unknown;
      return (work: (tx: Tx) => Promise<unknown>) => database.transaction((tx) => work(listening(tx)));
    },
  });
  await new Sales(listened).countHour(hourOf(Date.now()));
  const [sql, values] = asked.find(([text]) => text.includes('FROM recharges'))!;
  const plan = await world.fresh.admin.read(`EXPLAIN ${sql}`, [...values]);
  const used = plan.map((row) => [row['table'], row['type'], row['key']]);
  expect(used[0]).toEqual(['r', 'range', 'PRIMARY']);
  // The stations are few; everything that grows is found by a key.
  const growing = used.filter(([table]) => ['v', 'm', 'k', 'c'].includes(table as string));
  expect(growing.map(([, type]) => type)).toEqual(['eq_ref', 'eq_ref', 'eq_ref', 'eq_ref']);
});
