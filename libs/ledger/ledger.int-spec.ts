/* Proves on a real database that a process may post to the fixed accounts as its first act, having opened no other. */
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { paymentEntry, vendEntry } from './entry';
import { LedgerService } from './ledger.service';
import { storedBalances } from './store/ledger.queries';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());

const fact = { businessId: newId(), bookedAt: 1_795_000_000_000, meterId: newId() };

it('vends a payment that another process has booked', async () => {
  const api = new LedgerService(fresh.database);
  await api.open(['receivable:demo-bkash']);
  await fresh.database.transaction((tx) => api.post(tx, [paymentEntry(fact, 'receivable:demo-bkash', 100_000n)]));

  // The worker has no account of its own to open: it completes what is kept in unspent-payments.
  const worker = new LedgerService(fresh.database);
  await worker.open([]);
  const none = { rentPaisa: 0n, demandPaisa: 0n, arrearsPaisa: 0n, pfcPaisa: 0n, penaltyPaisa: 0n, rebatePaisa: 0n };
  const amounts = { ...none, grossPaisa: 100_000n, vatPaisa: 4_762n, energyPaisa: 95_238n };
  await fresh.database.transaction((tx) =>
    worker.post(tx, [vendEntry(fact, 'unspent-payments', { ...amounts, remainderInPaisa: 0n, remainderOutPaisa: 0n })]),
  );

  const balances = new Map((await storedBalances(fresh.database)).map((b) => [b.code, b.creditPaisa - b.debitPaisa]));
  expect(balances.get('unspent-payments')).toBe(0n);
  expect(balances.get('energy-revenue')).toBe(95_238n);
});

it('refuses to post to an account that nobody has opened, by name', async () => {
  const ledger = new LedgerService(fresh.database);
  await ledger.open([]);
  const posting = fresh.database.transaction((tx) =>
    ledger.post(tx, [paymentEntry({ ...fact, businessId: newId() }, 'receivable:stranger', 1n)]),
  );
  await expect(posting).rejects.toThrow('receivable:stranger');
});
