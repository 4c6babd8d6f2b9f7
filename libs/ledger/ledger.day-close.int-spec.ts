/*
 * Proves that no entry slips into a closed day: with transactions held open around the close, with many posting while
 * it closes, and that it is the shared lock that holds it, by taking the lock away.
 */
import { dhakaDay, newId, startOfDay } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { Books } from '../../test/support/ledger';
import { proveAll } from './proof';
import { trialBalance } from './returns';
import { horizon } from './store/balances';
import { depositTakenEntry } from './templates';

// A slow disk makes a fresh database slow; what is proved here is not speed.
jest.setTimeout(60_000);
let fresh: FreshDatabase;
let books: Books;
const today = dhakaDay(Date.now());
const daysAgo = (days: number) => dhakaDay(startOfDay(today) - days * 86_400_000 + 1);
/** The last millisecond of a day. */
const lateOn = (day: string) => startOfDay(day) + 86_400_000 - 1;
const deposit = (bookedAt: number) => depositTakenEntry({ businessId: newId(), bookedAt }, 'receivable:P-1', 100n);

beforeEach(async () => {
  fresh = await freshDatabase({ poolSize: 24 });
  books = await Books.with(fresh, 0, ['receivable:P-1']);
});
afterEach(() => fresh?.drop());

const entriesOn = async (day: string) =>
  Number(
    (
      await fresh.admin.read<{ n: string }>('SELECT COUNT(*) AS n FROM ledger_entries WHERE business_day = ?', [day])
    )[0]!.n,
  );

/** A post of yesterday whose transaction stays open until it is let go. */
async function heldPost(day: string): Promise<{ letGo: () => void; committed: Promise<void> }> {
  let letGo!: () => void;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let posted!: () => void;
  const isPosted = new Promise<void>((resolve) => (posted = resolve));
  const committed = fresh.database.transaction(async (tx) => {
    await books.ledger.post(tx, [deposit(lateOn(day))]);
    posted();
    await gate;
  });
  await Promise.race([isPosted, committed]);
  return { letGo, committed };
}

/** Until the close waits for a lock, as the server sees it. */
async function closeWaits(): Promise<void> {
  for (;;) {
    const [row] = await fresh.admin.read<{ n: string }>(
      `SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE DB = ? AND INFO LIKE '%UPDATE ledger_horizon%'
         AND ID <> CONNECTION_ID()`,
      [fresh.name],
    );
    if (Number(row!.n) > 0) return;
  }
}

it('waits for an entry that is posted and not committed, and has it in its totals', async () => {
  const day = daysAgo(1);
  const held = await heldPost(day);
  let closed = false;
  const closing = books.ledger.closeDay(day, 'user:selim').then(() => (closed = true));
  await closeWaits();
  expect(closed).toBe(false);
  held.letGo();
  await Promise.all([held.committed, closing]);
  expect(await entriesOn(day)).toBe(1);
  expect(await trialBalance(fresh.database, { fromDay: day, toDay: day })).toMatchObject({
    closed: true,
    debitPaisa: 100n,
  });
});

it('refuses whoever began before the close and posts after it; today takes it', async () => {
  const day = daysAgo(1);
  const late = fresh.database.transaction(async (tx) => {
    await tx.query('SELECT 1');
    await books.ledger.closeDay(day, 'user:selim');
    await books.ledger.post(tx, [deposit(lateOn(day))]);
  });
  await expect(late).rejects.toMatchObject({ code: 'ledger-day-closed' });
  await books.post(deposit(startOfDay(today)));
  expect([await entriesOn(day), await entriesOn(today)]).toEqual([0, 1]);
});

it('with twenty posting as fast as they can, nothing comes after the close', async () => {
  const day = daysAgo(1);
  let refused = 0;
  const poster = async () => {
    for (;;) {
      try {
        await books.post(deposit(lateOn(day)), deposit(lateOn(day)));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ledger-day-closed' });
        refused += 1;
        return;
      }
    }
  };
  const posters = Array.from({ length: 20 }, poster);
  while ((await entriesOn(day)) < 100);
  await books.ledger.closeDay(day, 'user:selim');
  const atClose = await entriesOn(day);
  await Promise.all(posters);
  expect(refused).toBe(20);
  expect(await entriesOn(day)).toBe(atClose);
  const totals = await trialBalance(fresh.database, { fromDay: day, toDay: day });
  expect(totals.debitPaisa).toBe(BigInt(atClose) * 100n);
  expect(await proveAll(fresh.database, day)).toMatchObject({ faults: [] });
}, 30_000);

it('without the shared lock an entry would slip in: the test above can fail', async () => {
  const [shown] = await fresh.admin.read<Record<string, string>>('SHOW CREATE PROCEDURE ledger_post');
  const careless = shown!['Create Procedure']!.replace(/\s*LOCK IN SHARE MODE/i, '');
  expect(careless).not.toBe(shown!['Create Procedure']);
  await fresh.admin.read('DROP PROCEDURE ledger_post');
  await fresh.admin.read(careless);
  await fresh.admin.read(`GRANT EXECUTE ON PROCEDURE ledger_post TO '${new URL(fresh.url).username}'@'%'`);
  const day = daysAgo(1);
  const held = await heldPost(day);
  await books.ledger.closeDay(day, 'user:selim');
  const atClose = await entriesOn(day);
  held.letGo();
  await held.committed;
  expect(await entriesOn(day)).toBe(atClose + 1);
  // And the night finds it.
  const { faults } = await proveAll(fresh.database, day);
  expect(faults).toContain('the balance of customer-deposits is not the sum of its postings');
});

it('closes all days before with it, closes again without harm, and never goes back', async () => {
  await books.post(deposit(lateOn(daysAgo(3))), deposit(lateOn(daysAgo(2))));
  await Promise.all([1, 2, 3].map(() => books.ledger.closeDay(daysAgo(1), 'worker:nightly')));
  await books.ledger.closeDay(daysAgo(3), 'user:selim');
  expect((await horizon(fresh.database)).closedThrough).toBe(daysAgo(1));
  for (const day of [1, 2, 3, 4]) {
    await expect(books.post(deposit(lateOn(daysAgo(day))))).rejects.toMatchObject({ code: 'ledger-day-closed' });
  }
});

it('does not close a day that has not ended', async () => {
  await expect(books.ledger.closeDay(today, 'user:selim')).rejects.toMatchObject({ code: 'ledger-day-not-over' });
  await expect(books.ledger.closeDay('2999-01-01', 'user:selim')).rejects.toMatchObject({
    code: 'ledger-day-not-over',
  });
  await books.post(deposit(startOfDay(today)));
});
