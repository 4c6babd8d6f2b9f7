/*
 * Proves that a wrong entry is taken back by a new one, whole, once, under the same business id, and by nothing else:
 * the database compares what takes back with what it takes back.
 */
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { Books, plainAmounts } from '../../test/support/ledger';
import { cancellationEntry, type Entry } from './entry';
import { balanceAt } from './store/balances';
import { floatTopUpEntry, refundEntry, reversalEntry } from './templates';

// A slow disk makes a fresh database slow; what is proved here is not speed.
jest.setTimeout(60_000);
let fresh: FreshDatabase;
let books: Books;
const now = Date.now();
const fact = () => ({ businessId: newId(), bookedAt: now });

beforeAll(async () => {
  fresh = await freshDatabase();
  books = await Books.with(fresh, 1, ['cash:S-1', 'bank:B-1', 'float:V-1']);
});
afterAll(() => fresh?.drop());

describe('corrections', () => {
  it('a reversal takes an entry back whole, once, under the same business id', async () => {
    const id = fact();
    const top = floatTopUpEntry(id, 'cash:S-1', 'float:V-1', 900n);
    await books.post(top);
    await books.post(reversalEntry(id, 'float-top-up', top.postings));
    expect((await balanceAt(fresh.database, 'float:V-1')).balancePaisa).toBe(0n);
    await expect(books.post(reversalEntry(id, 'float-top-up', top.postings))).rejects.toMatchObject({ errno: 1062 });
    const stored = await books.ledger.entry('reversal:float-top-up', id.businessId);
    expect(stored!.postings).toEqual([{ debit: 'float:V-1', credit: 'cash:S-1', amountPaisa: 900n }]);
  });

  it('a reversal of nothing, of another amount, of more lines, or of another account is refused', async () => {
    const id = fact();
    const top = floatTopUpEntry(id, 'cash:S-1', 'float:V-1', 900n);
    const refused = (entry: Entry) =>
      books.post(entry).then(
        () => 'let in',
        (error: { code?: string }) => error.code,
      );
    expect(await refused(reversalEntry(id, 'float-top-up', top.postings))).toBe('ledger-original-missing');
    await books.post(top);
    const wrong = [
      [{ ...top.postings[0]!, amountPaisa: 899n }],
      [...top.postings, ...top.postings],
      [{ ...top.postings[0]!, debit: 'bank:B-1' as const }],
    ];
    for (const postings of wrong) {
      expect(await refused(reversalEntry(id, 'float-top-up', postings))).toBe('ledger-not-a-mirror');
    }
    await books.post(reversalEntry(id, 'float-top-up', top.postings));
  });

  it('a cancellation takes a vend back into what we owe, and a refund pays it', async () => {
    const [meterId] = books.meters;
    const plain = plainAmounts(100_000n);
    const amounts = { ...plain, rebatePaisa: 903n, energyPaisa: plain.energyPaisa + 903n };
    const cashBefore = (await balanceAt(fresh.database, 'cash:S-1')).balancePaisa;
    const businessId = await books.vend({ meterId: meterId!, amounts, funds: 'cash:S-1', bookedAt: now });
    const id = { businessId, bookedAt: now, meterId: meterId! };
    const more = { ...amounts, energyPaisa: amounts.energyPaisa + 1n, grossPaisa: amounts.grossPaisa + 1n };
    await expect(books.post(cancellationEntry(id, more))).rejects.toMatchObject({ code: 'ledger-not-a-mirror' });
    await books.post(cancellationEntry(id, amounts));
    await expect(books.post(cancellationEntry(id, amounts))).rejects.toMatchObject({ errno: 1062 });
    expect((await balanceAt(fresh.database, 'energy-revenue')).balancePaisa).toBe(0n);
    expect((await balanceAt(fresh.database, 'rebate')).balancePaisa).toBe(0n);
    expect((await balanceAt(fresh.database, 'unspent-payments')).balancePaisa).toBe(100_000n);
    await books.post(refundEntry(id, 'cash:S-1', 100_000n));
    expect((await balanceAt(fresh.database, 'cash:S-1')).balancePaisa).toBe(cashBefore);
    await expect(books.post(refundEntry(id, 'cash:S-1', 100_000n))).rejects.toMatchObject({ errno: 1062 });
  });
});
