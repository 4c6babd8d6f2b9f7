/* Proves on a real database that a process may post to the fixed accounts as its first act, having opened no other. */
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { paymentEntry, refundEntry } from './templates';
import { LedgerService } from './ledger.service';
import { storedBalances } from './store/ledger.queries';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());

const fact = { businessId: newId(), bookedAt: Date.now() };

it('books what another process has opened', async () => {
  const api = new LedgerService(fresh.database);
  await api.open(['receivable:demo-bkash']);
  await fresh.database.transaction((tx) => api.post(tx, [paymentEntry(fact, 'receivable:demo-bkash', 100_000n)]));
  const worker = new LedgerService(fresh.database);
  await worker.open(['receivable:demo-bkash']);
  await fresh.database.transaction((tx) => worker.post(tx, [refundEntry(fact, 'receivable:demo-bkash', 40_000n)]));
  const balances = new Map((await storedBalances(fresh.database)).map((b) => [b.code, b.creditPaisa - b.debitPaisa]));
  expect(balances.get('unspent-payments')).toBe(60_000n);
});

it('refuses to post to an account that nobody has opened, by name', async () => {
  const ledger = new LedgerService(fresh.database);
  await ledger.open([]);
  const posting = fresh.database.transaction((tx) =>
    ledger.post(tx, [paymentEntry({ ...fact, businessId: newId() }, 'receivable:stranger', 1n)]),
  );
  await expect(posting).rejects.toThrow('receivable:stranger');
});
