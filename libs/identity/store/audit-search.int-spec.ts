// Proves on a trail of 200,000 lines that every question is answered rightly, page by page, and that a page reads what is
// on it and no more: so it holds for millions. And that nobody changes or deletes a line.
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { searchAudit, type AuditQuestion } from './audit-search';

const LINES = 200_000;
const START = Date.UTC(2026, 0, 1);
const STEP_MS = 1_000;
let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
  // Line n: a second after the one before; 1,000 people, ten actions, 5,000 subjects; one person acted once, long ago.
  await fresh.admin.read(
    `INSERT INTO audit_events (id, at, actor, action, subject, detail, was, became, origin_address, origin_station)
     SELECT UNHEX(CONCAT(LPAD(HEX(? + seq * ?), 12, '0'), '7000', LPAD(HEX(seq), 16, '8'))),
       FROM_UNIXTIME((? + seq * ?) / 1000), IF(seq = 7, 'user:once', CONCAT('user:u', seq MOD 1000)),
       CONCAT('action-', seq MOD 10), CONCAT('meter:', seq MOD 5000), '{"n":1}', NULL, '{"state":"X"}', '10.0.0.1', 'S-1'
     FROM seq_1_to_${LINES}`,
    [START, STEP_MS, START, STEP_MS],
  );
  await fresh.admin.read('ANALYZE TABLE audit_events');
}, 120_000);
afterAll(() => fresh.drop());

/** How many rows the server handled for a question. */
async function rowsHandled(question: AuditQuestion): Promise<number> {
  return fresh.database.reads(async (reader) => {
    const count = async () => {
      const rows = await reader.read<{ Value: string }>(`SHOW SESSION STATUS LIKE 'Handler_read%'`);
      return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
    };
    const before = await count();
    await searchAudit(reader, question);
    return (await count()) - before;
  });
}

const day = (n: number) => START + n * 1_000 * STEP_MS;
const QUESTIONS: [string, Omit<AuditQuestion, 'limit'>, number][] = [
  ['nothing', {}, LINES],
  ['one person', { actor: 'user:u42' }, LINES / 1000],
  ['a person who acted once', { actor: 'user:once' }, 1],
  ['one subject', { subject: 'meter:42' }, LINES / 5000],
  ['one action', { action: 'action-3' }, LINES / 10],
  ['what one person did of one kind', { actor: 'user:u43', action: 'action-3' }, LINES / 1000],
  ['what one person never did', { actor: 'user:u43', action: 'action-4' }, 0],
  ['a person and a subject', { actor: 'user:u42', subject: 'meter:42' }, LINES / 5000],
  ['a time', { from: day(100), until: day(101) }, 1000],
  ['a person in a time', { actor: 'user:u42', from: day(100), until: day(110) }, 10],
  ['an action long ago', { action: 'action-3', until: day(1) }, 100],
];

it.each(QUESTIONS)('answers %s fully, newest first, by pages', async (_, question, expected) => {
  const limit = Math.max(1, Math.ceil(Math.min(expected, 2_000) / 3));
  const seen: string[] = [];
  let before: string | undefined;
  for (let page = 0; page < 4; page++) {
    const rows = await searchAudit(fresh.database, { ...question, before, limit });
    for (const { actor, subject, action, at } of rows) {
      expect({ actor, subject, action }).toMatchObject({
        ...(question.actor && { actor: question.actor }),
        ...(question.subject && { subject: question.subject }),
        ...(question.action && { action: question.action }),
      });
      expect(at).toBeGreaterThanOrEqual(question.from ?? 0);
      expect(at).toBeLessThan(question.until ?? Number.MAX_SAFE_INTEGER);
    }
    seen.push(...rows.map(({ eventId }) => eventId));
    before = seen.at(-1);
  }
  expect(seen).toEqual([...seen].sort().reverse());
  expect(new Set(seen).size).toBe(seen.length);
  if (expected <= 2_000) expect(seen).toHaveLength(expected);
});

it.each(QUESTIONS)('reads for %s what is on the page', async (_, question) => {
  // What has the filters' index reads a row for each line; a few more to find the place.
  expect(await rowsHandled({ ...question, limit: 50 })).toBeLessThan(120);
});

it('tells before, after and from where', async () => {
  const [line] = await searchAudit(fresh.database, { actor: 'user:once', limit: 1 });
  expect(line).toMatchObject({
    at: START + 7 * STEP_MS,
    detail: { n: 1 },
    before: null,
    after: { state: 'X' },
    origin: { address: '10.0.0.1', station: 'S-1', agentHash: null },
  });
});

it('is not to be changed: neither updated, deleted, emptied nor replaced by the application', async () => {
  for (const statement of [
    `UPDATE audit_events SET became = NULL`,
    `UPDATE audit_events SET origin_address = NULL`,
    'DELETE FROM audit_events',
    'TRUNCATE TABLE audit_events',
    'DROP TABLE audit_events',
    'ALTER TABLE audit_events DROP COLUMN was',
    `REPLACE INTO audit_events (id, at, actor, action, subject) SELECT id, at, 'x', action, subject FROM audit_events LIMIT 1`,
    `INSERT INTO audit_events (id, at, actor, action, subject) SELECT id, at, actor, action, subject FROM audit_events LIMIT 1 ON DUPLICATE KEY UPDATE actor = 'x'`,
  ]) {
    expect([statement, await fresh.database.read(statement).catch(({ errno }) => errno as number)]).toEqual([
      statement,
      expect.any(Number),
    ]);
  }
  const [row] = await fresh.admin.read<{ n: string }>(
    `SELECT COUNT(*) AS n FROM audit_events WHERE actor <> 'x' AND became IS NOT NULL`,
  );
  expect(Number(row!.n)).toBe(LINES);
});
