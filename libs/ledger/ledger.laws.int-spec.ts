/*
 * Proves the laws of MONEY.md 6 on the real database: each is attacked through the service, and by raw SQL as the
 * application's own user with the application's own rights, and the database itself refuses.
 */
import { dhakaDay, newId, startOfDay } from '@vend/kernel';
import { createDataSource, Database, type DatabaseFailure } from '@vend/platform';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { Books, plainAmounts } from '../../test/support/ledger';
import { entryOf, vendEntry } from './entry';
import { LedgerService } from './ledger.service';
import { storedBalances } from './store/ledger.queries';
import { balanceAt, horizon } from './store/balances';
import {
  arrearsImportEntry,
  depositTakenEntry,
  floatTopUpEntry,
  paymentEntry,
  refundEntry,
  reversalEntry,
} from './templates';

// A slow disk makes a fresh database slow; what is proved here is not speed.
jest.setTimeout(60_000);
let fresh: FreshDatabase;
let books: Books;
const now = Date.now();
const fact = (over: { bookedAt?: number } = {}) => ({ businessId: newId(), bookedAt: now, ...over });

beforeAll(async () => {
  fresh = await freshDatabase();
  books = await Books.with(fresh, 3, ['cash:S-1', 'receivable:P-1', 'bank:B-1', 'float:V-1']);
});
afterAll(() => fresh?.drop());
/** Whatever was tried, the books are as they were. */
let before: unknown;
const state = async () => ({
  balances: (await storedBalances(fresh.admin)).map((b) => [b.code, b.debitPaisa.toString(), b.creditPaisa.toString()]),
  entries: await fresh.admin.read('SELECT COUNT(*) AS n FROM ledger_entries'),
  postings: await fresh.admin.read('SELECT COUNT(*) AS n, SUM(amount_paisa) AS paisa FROM ledger_postings'),
});
beforeEach(async () => (before = await state()));

/** Raw SQL as the application; how the server refused it. */
async function refusalOf(...statements: string[]): Promise<{ errno: number | undefined; text: string }> {
  const error = await fresh.database
    .transaction(async (tx) => {
      for (const sql of statements) await tx.query(sql);
    })
    .then(
      () => new Error('it was let in'),
      (reason: unknown) => reason as DatabaseFailure,
    );
  return { errno: (error as DatabaseFailure).errno, text: error.message };
}
const call = (...entries: unknown[]) => `CALL ledger_post('${JSON.stringify(entries)}')`;
const hex = (id: string) => id.replaceAll('-', '');
const raw = async (template: string, postings: [string, string, number][], at = now, business = newId()) => {
  const ids = new Map(
    (await fresh.admin.read<{ id: number; code: string }>('SELECT id, code FROM ledger_accounts')).map((a) => [
      a.code,
      a.id,
    ]),
  );
  const lines = postings.map(([debit, credit, paisa]) => [ids.get(debit), ids.get(credit), paisa]);
  return [at, hex(newId()).slice(12), template, hex(business), null, null, lines];
};

describe('law 1: an entry balances', () => {
  it.each([
    ['takes from an account to the same', 'cash:S-1', 'cash:S-1', 5],
    ['moves nothing', 'cash:S-1', 'float:V-1', 0],
    ['moves less than nothing', 'cash:S-1', 'float:V-1', -5],
  ])('a posting that %s is refused', async (_what, debit, credit, paisa) => {
    const { errno, text } = await refusalOf(call(await raw('float-top-up', [[debit, credit, paisa]])));
    expect(text).toMatch(/ck_ledger_postings_(amount|accounts)|ledger-posting-not-in-template/);
    expect([4025, 30_005]).toContain(errno);
    expect(await state()).toEqual(before);
  });

  it('an entry without postings is refused', async () => {
    expect((await refusalOf(call(await raw('float-top-up', [])))).errno).toBe(1048);
    expect(await state()).toEqual(before);
  });
});

describe('law 2: nothing is changed, and only the templates are written', () => {
  it.each([
    'INSERT INTO ledger_entries (id, template, business_id, business_day, booked_at) VALUES (RANDOM_BYTES(16), "vend", RANDOM_BYTES(16), NOW(), NOW())',
    'INSERT INTO ledger_postings (entry_id, line, debit_account_id, credit_account_id, amount_paisa) SELECT id, 99, 1, 2, 5 FROM ledger_entries LIMIT 1',
    'UPDATE ledger_postings SET amount_paisa = 1',
    'DELETE FROM ledger_postings',
    'DELETE FROM ledger_entries',
    'UPDATE ledger_balances SET credit_paisa = credit_paisa + 1',
    'UPDATE ledger_balances SET never_overdrawn = 0',
    'INSERT INTO ledger_accounts (code, kind, family) VALUES ("rounding", "expense", "rebate")',
    'UPDATE ledger_horizon SET settled_ms = 0',
    'UPDATE ledger_horizon SET max_ahead_ms = 1000000000000',
    'DELETE FROM ledger_days',
    'INSERT INTO ledger_templates VALUES ("payment", "cash", "energy-revenue")',
    'INSERT INTO ledger_snapshots VALUES (1, 1, 1, 1)',
    'UPDATE ledger_day_totals SET debit_paisa = 0',
    'DROP PROCEDURE ledger_post',
    'CREATE PROCEDURE mine() SELECT 1',
    'CALL ledger_check_mirrors("[]")',
    'TRUNCATE ledger_snapshots',
    'LOCK TABLES ledger_horizon WRITE',
  ])('%s', async (sql) => {
    const { errno } = await refusalOf(sql);
    // 1142 command, 1143 column, 1370 routine, 1044 database.
    expect([1142, 1143, 1370, 1044]).toContain(errno);
    expect(await state()).toEqual(before);
  });

  it('half an entry cannot be kept: after an error inside, nothing of the call is left to commit', async () => {
    const good = await raw('float-top-up', [['cash:S-1', 'float:V-1', 700]]);
    const bad = await raw('float-top-up', [['cash:S-1', 'float:V-1', -5]]);
    await fresh.database.transaction(async (tx) => {
      await tx.query(call(good, bad)).catch(() => undefined);
    });
    expect(await state()).toEqual(before);
  });

  it('outside a transaction, where each statement would commit by itself, nothing can be posted', async () => {
    const sql = call(await raw('float-top-up', [['cash:S-1', 'float:V-1', 700]]));
    await expect(fresh.database.read(sql)).rejects.toMatchObject({ errno: 30_001 });
    expect(await state()).toEqual(before);
  });

  it.each([
    ['payment', 'cash:S-1', 'energy-revenue'],
    ['float-top-up', 'energy-revenue', 'float:V-1'],
    ['refund', 'unspent-payments', 'energy-revenue'],
    ['gift', 'cash:S-1', 'energy-revenue'],
    ['reversal:vend', 'energy-revenue', 'cash:S-1'],
    ['reversal:cancellation', 'unspent-payments', 'energy-revenue'],
  ])('%s may not move money from %s to %s', async (template, debit, credit) => {
    const { errno } = await refusalOf(call(await raw(template, [[debit, credit, 5]])));
    expect([30_005, 30_007]).toContain(errno);
    expect(await state()).toEqual(before);
  });

  it('an account outside the chart cannot be opened', async () => {
    for (const code of ['rounding', 'cash', 'energy-revenue:x', 'float:', 'cash:a b', "cash:'", 'till:1']) {
      const { errno } = await refusalOf(`CALL ledger_open_accounts('${JSON.stringify([code]).replace("'", "''")}')`);
      expect({ code, errno }).toEqual({ code, errno: 30_002 });
    }
  });
});

describe('law 4: one business fact, one entry', () => {
  it('the same fact again is found, with other content it is a named conflict, also when all come at once', async () => {
    const id = fact();
    const post = (paisa: bigint) =>
      fresh.database.transaction((tx) => books.ledger.postOnce(tx, depositTakenEntry(id, 'cash:S-1', paisa)));
    const all = await Promise.allSettled([...Array.from({ length: 20 }, () => post(5_000n)), post(6_000n)]);
    const done = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
    expect(done.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(done.map(({ entry }) => entry.entryId)).size).toBe(1);
    // Either the 5,000 won and the 6,000 is a conflict, or the other way round.
    expect([1, 20]).toContain(refused.length);
    expect(new Set(refused)).toEqual(new Set(['ledger-entry-conflict']));
  });
});

describe('law 5: a token exists only with its vend entry', () => {
  it('a vend cannot be booked without its vend, nor one vend twice', async () => {
    const [meterId] = books.meters;
    await expect(
      books.post(vendEntry({ ...fact(), meterId: meterId! }, 'cash:S-1', plainAmounts(1_000n))),
    ).rejects.toMatchObject({ code: 'ledger-vend-missing' });
    const businessId = await books.vend({
      meterId: meterId!,
      amounts: plainAmounts(1_000n),
      funds: 'cash:S-1',
      bookedAt: now,
    });
    await expect(
      books.post(vendEntry({ ...fact(), businessId, meterId: meterId! }, 'cash:S-1', plainAmounts(1_000n))),
    ).rejects.toMatchObject({ errno: 1062 });
  });
});

describe('law 6: some accounts cannot go below zero', () => {
  it('a payment is not paid back that nobody made', async () => {
    await expect(books.post(refundEntry(fact(), 'cash:S-1', 10_000_000n))).rejects.toMatchObject({
      code: 'ledger-overdrawn',
    });
    expect(await state()).toEqual(before);
  });

  it('a vendor cannot sell more than it has paid in, nor take back what it has sold', async () => {
    const id = fact();
    const top = floatTopUpEntry(id, 'bank:B-1', 'float:V-1', 1_000n);
    await books.post(top);
    const sale = { meterId: books.meters[1]!, funds: 'float:V-1' as const, bookedAt: now };
    await books.vend({ ...sale, amounts: plainAmounts(600n) });
    await expect(books.vend({ ...sale, amounts: plainAmounts(401n) })).rejects.toMatchObject({
      code: 'ledger-overdrawn',
    });
    await expect(books.post(reversalEntry(id, 'float-top-up', top.postings))).rejects.toMatchObject({
      code: 'ledger-overdrawn',
    });
    await books.vend({ ...sale, amounts: plainAmounts(400n) });
    expect((await balanceAt(fresh.database, 'float:V-1')).balancePaisa).toBe(0n);
  });

  it('one in a group that would is refused with its whole group, and nothing is left of either', async () => {
    const group = [paymentEntry(fact(), 'receivable:P-1', 100n), refundEntry(fact(), 'receivable:P-1', 9_999_999n)];
    await expect(books.post(...group)).rejects.toMatchObject({ code: 'ledger-overdrawn' });
    expect(await state()).toEqual(before);
  });
});

describe('law 9: no post-dating, and the day is Dhaka’s', () => {
  it('an entry ahead of the database’s clock is refused', async () => {
    await fresh.admin.transaction((tx) => tx.write('UPDATE ledger_horizon SET max_ahead_ms = 300000'));
    const ahead = paymentEntry(fact({ bookedAt: Date.now() + 600_000 }), 'receivable:P-1', 100n);
    await expect(books.post(ahead)).rejects.toMatchObject({ code: 'ledger-date-ahead' });
    // The session's own idea of the time does not help.
    const session = new Database(await createDataSource({ url: fresh.url, poolSize: 1 }).initialize());
    await session.read('SET timestamp = 4102444800');
    const payment = await raw('payment', [['receivable:P-1', 'unspent-payments', 5]], Date.now() + 86_400_000);
    await expect(session.transaction((tx) => tx.query(call(payment)))).rejects.toMatchObject({ errno: 30_003 });
    await session.dataSource.destroy();
    expect(await state()).toEqual(before);
  });

  it('an entry belongs to the Dhaka day of its instant, to the millisecond', async () => {
    const midnight = startOfDay(dhakaDay(now));
    const late = fact({ bookedAt: midnight - 1 });
    const early = fact({ bookedAt: midnight });
    await books.post(paymentEntry(late, 'receivable:P-1', 100n), paymentEntry(early, 'receivable:P-1', 100n));
    expect((await books.ledger.entry('payment', late.businessId))!.businessDay).toBe(dhakaDay(midnight - 1));
    expect((await books.ledger.entry('payment', early.businessId))!.businessDay).toBe(dhakaDay(midnight));
  });

  it('not even the owner of the tables can write another day or another time than the id says', async () => {
    const entry = (columns: string) =>
      fresh.admin
        .read(`UPDATE ledger_entries SET ${columns} WHERE template = 'float-top-up' LIMIT 1`)
        .catch((error: unknown) => (error as Error).message);
    expect(await entry(`business_day = business_day - INTERVAL 1 DAY`)).toContain('ck_ledger_entries_day');
    expect(await entry(`booked_at = booked_at + INTERVAL 1000 MICROSECOND`)).toContain('ck_ledger_entries_time');
  });

  it('what comes late, behind what is settled, is booked just after it on the same day', async () => {
    const settled = Date.now() - 1_000;
    await books.ledger.settle(settled);
    await books.ledger.settle(settled - 500_000);
    expect((await horizon(fresh.database)).settledThrough).toBe(settled);
    const late = fact({ bookedAt: settled - 30_000 });
    await books.post(paymentEntry(late, 'receivable:P-1', 100n));
    expect((await books.ledger.entry('payment', late.businessId))!.bookedAt).toBe(settled + 1);
  });
});

it('the entry of a meter belongs to the office of its customer, whatever the caller says', async () => {
  const [meterId] = books.meters;
  const [row] = await fresh.admin.read<{ office: string }>('SELECT office FROM customers LIMIT 1');
  const id = fact();
  await books.post(arrearsImportEntry({ ...id, meterId: meterId!, office: 'elsewhere' }, 5n));
  expect((await books.ledger.entry('arrears-import', id.businessId))!.office).toBe(row!.office);
});

it('an entry that no template made does not compile, and does not pass when forced', async () => {
  const ledger = new LedgerService(fresh.database);
  await ledger.open(['cash:S-1']);
  const forced = entryOf('payment', fact(), [{ debit: 'cash:S-1', credit: 'energy-revenue', amountPaisa: 5n }]);
  await expect(fresh.database.transaction((tx) => ledger.post(tx, [forced]))).rejects.toMatchObject({
    code: 'ledger-posting-not-in-template',
  });
});
