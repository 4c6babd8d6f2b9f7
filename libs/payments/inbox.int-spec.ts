/* Proves on a real database that an event is stored once with its wake-up, whoever repeats it, and concluded once. */
import { DomainError, idToBytes } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { InboxService } from './inbox.service';

let fresh: FreshDatabase;
let inbox: InboxService;
beforeAll(async () => {
  fresh = await freshDatabase();
  inbox = new InboxService(fresh.database);
});
afterAll(() => fresh?.drop());

const NOW = Date.UTC(2026, 10, 21, 4);
function event(eventId: string, amount = '500.00'): Buffer {
  return Buffer.from(
    JSON.stringify({
      eventId,
      transactionId: `TX-${eventId}`,
      reference: '40012345',
      amount,
      currency: 'BDT',
      status: 'paid',
      paidAt: '2026-11-21T10:00:00+06:00',
    }),
  );
}
async function count(table: 'inbox' | 'outbox', where: string, parameters: unknown[]): Promise<number> {
  const [row] = await fresh.admin.read<{ n: string }>(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`, parameters);
  return Number(row!.n);
}

it('stores an event and its wake-up together, and reads it back', async () => {
  const { inboxId, duplicate } = await inbox.receive('demo-a', event('E1'), NOW);
  expect(duplicate).toBe(false);
  expect(await inbox.take(inboxId)).toMatchObject({
    inboxId,
    partnerCode: 'demo-a',
    state: 'RECEIVED',
    receivedAt: NOW,
    topUp: { eventId: 'E1', transactionId: 'TX-E1', amountPaisa: 50_000n },
  });
  expect(await count('outbox', `topic = 'inbox' AND ref_id = ?`, [idToBytes(inboxId)])).toBe(1);
});

it('keeps one row when twenty copies arrive together', async () => {
  const receipts = await Promise.all(Array.from({ length: 20 }, () => inbox.receive('demo-a', event('E2'), NOW)));
  expect(new Set(receipts.map((r) => r.inboxId)).size).toBe(1);
  expect(receipts.filter((r) => !r.duplicate)).toHaveLength(1);
  expect(await count('inbox', `event_key = 'E2'`, [])).toBe(1);
  expect(await count('outbox', 'ref_id = ?', [idToBytes(receipts[0]!.inboxId)])).toBe(1);
});

it('stores a burst in company: each event once, a repeat and a contradiction in the same burst told apart', async () => {
  const burst = Array.from({ length: 300 }, (_, n) => inbox.receive('demo-c', event(`B${n % 100}`), NOW));
  const contradicted = inbox.receive('demo-c', event('B7', '900.00'), NOW);
  const [receipts, other] = await Promise.all([Promise.all(burst), Promise.allSettled([contradicted])]);
  expect(other[0]).toMatchObject({ status: 'rejected', reason: { code: 'event-conflict' } });
  expect(new Set(receipts.map(({ inboxId }) => inboxId)).size).toBe(100);
  expect(receipts.filter(({ duplicate }) => !duplicate)).toHaveLength(100);
  expect(await count('inbox', `partner_code = 'demo-c'`, [])).toBe(100);
  const ids = [...new Set(receipts.map(({ inboxId }) => idToBytes(inboxId)))];
  expect(await count('outbox', `topic = 'inbox' AND ref_id IN (?)`, [ids])).toBe(100);
});

it('refuses the same event id with other bytes and keeps the first', async () => {
  const first = await inbox.receive('demo-a', event('E3'), NOW);
  await expect(inbox.receive('demo-a', event('E3', '900.00'), NOW)).rejects.toMatchObject({ code: 'event-conflict' });
  expect((await inbox.take(first.inboxId))?.topUp.amountPaisa).toBe(50_000n);
});

it('keeps the events of two partners apart', async () => {
  const a = await inbox.receive('demo-a', event('E4'), NOW);
  const b = await inbox.receive('demo-b', event('E4'), NOW);
  expect(b).toMatchObject({ duplicate: false });
  expect(b.inboxId).not.toBe(a.inboxId);
});

it('stores nothing of a malformed or oversized event', async () => {
  const before = await count('inbox', '1 = 1', []);
  await expect(inbox.receive('demo-a', Buffer.from('{"eventId":"E5"}'), NOW)).rejects.toBeInstanceOf(DomainError);
  await expect(inbox.receive('demo-a', Buffer.alloc(16_385, 0x20), NOW)).rejects.toMatchObject({
    code: 'event-too-large',
  });
  expect(await count('inbox', '1 = 1', [])).toBe(before);
});

it('concludes once, takes the wake-up away, and leaves one for the case that a person will need', async () => {
  const { inboxId } = await inbox.receive('demo-a', event('E6'), NOW);
  const conclude = (outcome: string) =>
    fresh.database.transaction((tx) => inbox.conclude(tx, [{ inboxId, state: 'CASE', outcome }]));
  expect(await conclude('meter-not-found')).toEqual([inboxId]);
  expect(await conclude('something-else')).toEqual([]);
  const [row] = await fresh.admin.read('SELECT state, outcome FROM inbox WHERE id = ?', [idToBytes(inboxId)]);
  expect(row).toMatchObject({ state: 'CASE', outcome: 'meter-not-found' });
  expect(await count('outbox', `topic = 'inbox' AND ref_id = ?`, [idToBytes(inboxId)])).toBe(0);
  expect(await count('outbox', `topic = 'case' AND ref_id = ?`, [idToBytes(inboxId)])).toBe(1);
});
