/*
 * Proves on running processes that an import of customers comes to its end whatever dies meanwhile: its worker is killed in
 * the middle of a group, Redis is emptied, then killed; every row is stored once, counted once and, if refused, reported once.
 */
import { newId } from '@vend/kernel';
import { meterCells, meterCsv } from '../builders/meters';
import { Clerk } from '../support/callers';
import { installedMeters } from '../support/installed-meters';
import { eventually, System } from '../support/system';

jest.setTimeout(420_000);

const ROWS = 6_000;
const FIRST = 500_000;
const refused = (index: number) => index % 500 === 7;
const cellsOf = (index: number) => meterCells(FIRST + index, refused(index) ? { phase: '2' } : {});
const REFUSED = Array.from({ length: ROWS }, (_, i) => i).filter(refused);

let system: System;
let officer: Clerk;
beforeAll(async () => {
  system = await System.start({ name: 'import-deaths', meters: installedMeters(4) });
  officer = await Clerk.login(
    system.apiUrl,
    system.logins.find(({ role }) => role === 'administrator')!,
  );
}, 240_000);
afterAll(() => system?.stop(), 120_000);

const progressOf = async (id: string) => (await officer.get(`/v1/imports/${id}`)).body;

/** Sends the file and says what its import is called. */
async function send(): Promise<string> {
  const id = newId();
  const answer = await fetch(`${system.apiUrl}/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${officer.accessToken}`, 'content-type': 'text/csv', 'idempotency-key': id },
    body: meterCsv(Array.from({ length: ROWS }, (_, i) => cellsOf(i))),
  });
  expect([answer.status, await answer.text()]).toEqual([202, expect.stringContaining(id)]);
  return id;
}

/** Somebody else is just storing this customer, and takes all the time in the world: whoever comes to it waits. */
async function holdUpAt(index: number): Promise<() => Promise<void>> {
  let begun!: () => void;
  let release!: () => void;
  const [holding, released] = [
    new Promise<void>((done) => (begun = done)),
    new Promise<void>((done) => (release = done)),
  ];
  const over = system.admin
    .transaction(async (tx) => {
      await tx.write(
        `INSERT INTO customers (id, customer_no, name, address, office, created_at, updated_at)
         VALUES (UNHEX(REPEAT('0', 32)), ?, 'x', 'x', 'x', NOW(3), NOW(3))`,
        [cellsOf(index).customerNo],
      );
      begun();
      await released;
      throw new Error('rolled back');
    })
    .catch((error: Error) => expect(error.message).toBe('rolled back'));
  await holding;
  return async () => {
    release();
    await over;
  };
}

/** The database waits for the held customer with a group of the import in hand. */
async function isHeldUp(): Promise<boolean> {
  const waiting = await system.admin.read(
    `SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE '%INTO customers%'`,
  );
  return waiting.length > 0;
}

it('goes on after each death, and ends as if there had been none', async () => {
  const deaths = [
    { at: 1_900, also: async () => void (await withRedis((redis) => redis.flushall())) },
    {
      at: 4_100,
      also: async () => {
        await system.kill('redis');
        await system.startAgain('redis');
      },
    },
  ];
  let letGo = await holdUpAt(deaths[0]!.at);
  const id = await send();
  let before = -1;
  for (const [turn, { at, also }] of deaths.entries()) {
    await eventually(`the import has come to row ${at}`, isHeldUp, 180_000);
    const { state, rows } = await progressOf(id);
    expect(state).toBe('RUNNING');
    expect(rows).toBeGreaterThan(before);
    expect(rows).toBeLessThanOrEqual(at);
    before = rows;
    await system.kill('worker');
    await also();
    await letGo();
    expect((await progressOf(id)).rows).toBe(rows);
    if (turn + 1 < deaths.length) letGo = await holdUpAt(deaths[turn + 1]!.at);
    await system.startAgain('worker');
  }
  await eventually('the import has ended', async () => (await progressOf(id)).state === 'DONE', 180_000);

  const good = ROWS - REFUSED.length;
  expect(await progressOf(id)).toMatchObject({
    rows: ROWS,
    inserted: good,
    updated: 0,
    unchanged: 0,
    rejected: REFUSED.length,
    faults: REFUSED.length,
    percent: 100,
  });
  const stored = await system.admin.read(
    `SELECT COUNT(*) AS n, COUNT(DISTINCT c.customer_no) AS customers, COUNT(DISTINCT m.pan) AS meters,
       COUNT(s.meter_id) AS states
     FROM customers c JOIN connections n ON n.customer_id = c.id JOIN meters m ON m.connection_id = n.id
       LEFT JOIN meter_states s ON s.meter_id = m.id
     WHERE c.customer_no BETWEEN ? AND ?`,
    [cellsOf(0).customerNo, cellsOf(ROWS - 1).customerNo],
  );
  expect(Object.values(stored[0]!).map(Number)).toEqual([good, good, good, good]);
  const [{ n: named }] = (await system.admin.read(
    'SELECT COUNT(DISTINCT w.customer_id) AS n FROM customer_words w JOIN customers c ON c.id = w.customer_id WHERE c.customer_no LIKE ?',
    ['T50%'],
  )) as [{ n: string }];
  expect(Number(named)).toBe(good);

  const report = (await officer.get(`/v1/imports/${id}/report`)).text.trimEnd().split('\r\n');
  expect(report.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(REFUSED.map((index) => index + 2));
  const ends = await system.admin.read(`SELECT 1 FROM audit_events WHERE action = 'meters-imported' AND subject = ?`, [
    `import:${id}`,
  ]);
  expect(ends).toHaveLength(1);
  const left = await system.admin.read(`SELECT 1 FROM outbox WHERE topic = 'import'`);
  expect(left).toEqual([]);
});

async function withRedis<T>(work: (redis: ReturnType<System['redis']>) => Promise<T>): Promise<T> {
  const redis = system.redis();
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
