/*
 * Proves the ledger among several processes: accounts that another has opened, deadlocks run again from a fresh BEGIN and
 * counted, and totals that many roll up at once and nobody counts twice.
 */
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { LedgerService } from './ledger.service';
import { proveAll } from './proof';
import { storedBalances } from './store/ledger.queries';
import { depositTakenEntry, floatTopUpEntry, paymentEntry, refundEntry } from './templates';

// A slow disk makes a fresh database slow; what is proved here is not speed.
jest.setTimeout(60_000);
let fresh: FreshDatabase;
const retried: number[] = [];
beforeEach(async () => {
  fresh = await freshDatabase({ retried: (errno) => retried.push(errno) });
});
afterEach(() => fresh?.drop());

const fact = () => ({ businessId: newId(), bookedAt: Date.now() });
const ledgerWith = async (...accounts: Parameters<LedgerService['open']>[0]) => {
  const ledger = new LedgerService(fresh.database);
  await ledger.open(accounts);
  return ledger;
};

it('books what another process has opened', async () => {
  const api = await ledgerWith('receivable:demo-bkash');
  const payment = fact();
  await fresh.database.transaction((tx) => api.post(tx, [paymentEntry(payment, 'receivable:demo-bkash', 100_000n)]));
  const worker = await ledgerWith('receivable:demo-bkash');
  await fresh.database.transaction((tx) => worker.post(tx, [refundEntry(payment, 'receivable:demo-bkash', 40_000n)]));
  const balances = new Map((await storedBalances(fresh.database)).map((b) => [b.code, b.creditPaisa - b.debitPaisa]));
  expect(balances.get('unspent-payments')).toBe(60_000n);
});

it('refuses to post to an account that nobody has opened, by name', async () => {
  const ledger = await ledgerWith();
  const posting = fresh.database.transaction((tx) =>
    ledger.post(tx, [paymentEntry(fact(), 'receivable:stranger', 1n)]),
  );
  await expect(posting).rejects.toThrow('receivable:stranger');
});

it('runs the loser of a deadlock again from a fresh BEGIN, counts it, and books both once', async () => {
  const ledger = await ledgerWith('cash:S-1', 'bank:B-1', 'float:V-1', 'float:V-2');
  let inside = 0;
  let open!: () => void;
  const bothInside = new Promise<void>((resolve) => (open = resolve));
  // Against the rule, each posts twice, in the other's order: each then waits for a balance that the other holds.
  const both = (first: 'V-1' | 'V-2', second: 'V-1' | 'V-2', funds: 'cash:S-1' | 'bank:B-1') => {
    const entries = [first, second].map((vendor) => floatTopUpEntry(fact(), funds, `float:${vendor}`, 100n));
    let attempt = 0;
    return fresh.database.transaction(async (tx) => {
      attempt += 1;
      await ledger.post(tx, [entries[0]!]);
      if (attempt === 1 && ++inside === 2) open();
      if (attempt === 1) await bothInside;
      await ledger.post(tx, [entries[1]!]);
      return attempt;
    });
  };
  retried.splice(0);
  const attempts = await Promise.all([both('V-1', 'V-2', 'cash:S-1'), both('V-2', 'V-1', 'bank:B-1')]);
  expect(attempts.sort()).toEqual([1, 2]);
  expect(retried).toEqual([1213]);
  const balances = new Map((await storedBalances(fresh.database)).map((b) => [b.code, b.creditPaisa - b.debitPaisa]));
  expect([balances.get('float:V-1'), balances.get('float:V-2')]).toEqual([200n, 200n]);
});

describe('eight that roll up at once', () => {
  async function eightAtOnce(): Promise<readonly string[]> {
    const ledger = await ledgerWith('cash:S-1');
    const deposits = Array.from({ length: 3_000 }, () => depositTakenEntry(fact(), 'cash:S-1', 7n));
    for (let i = 0; i < deposits.length; i += 500) {
      await fresh.database.transaction((tx) => ledger.post(tx, deposits.slice(i, i + 500)));
    }
    await ledger.settle(Date.now());
    await Promise.all(Array.from({ length: 8 }, () => ledger.rollUp()));
    return (await proveAll(fresh.database, '2999-01-01')).faults;
  }

  it('count nothing twice', async () => {
    expect(await eightAtOnce()).toEqual([]);
  });

  it('would, without the lock on their place: the test above can fail', async () => {
    const [shown] = await fresh.admin.read<Record<string, string>>('SHOW CREATE PROCEDURE ledger_roll_up');
    const careless = shown!['Create Procedure']!.replace(/(FROM ledger_rollup WHERE id = 1) FOR UPDATE/, '$1');
    expect(careless).not.toBe(shown!['Create Procedure']);
    await fresh.admin.read('DROP PROCEDURE ledger_roll_up');
    await fresh.admin.read(careless);
    await fresh.admin.read(`GRANT EXECUTE ON PROCEDURE ledger_roll_up TO '${new URL(fresh.url).username}'@'%'`);
    const faults = await eightAtOnce().catch((error: Error) => [error.message]);
    expect(faults).not.toEqual([]);
  });
});
