/*
 * Proves on a real database that a search by name finds exactly the customers that a plain look through all names finds,
 * page by page, each once, in the caller's offices alone, and that the index follows every change of a name.
 */
import fc from 'fast-check';
import { idToBytes, newId, type Id } from '@vend/kernel';
import type { Tx } from '@vend/platform';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { fillCustomerWords, indexCustomers, reindexCustomers, type NamedCustomer } from '../store/customer-words';
import { cursorOf, placeOf, type IndexPlace } from './name-question';
import { searchNames, type SeenOffices } from './name-search';
import { nameWords } from './name-words';

jest.setTimeout(60_000);
const WORDS = ['মোঃ', 'আব্দুল', 'আবদুল', 'করিম', 'কবির', 'রহিম', 'রহমান', 'বেগম', 'Md', 'Abdul', 'Karim', 'Kabir', 'ক'];
const OFFICES = ['Natore S&D', 'Rajshahi S&D 1', 'Rajshahi S&D 2', 'Bogura', 'Pabna'];

let fresh: FreshDatabase;
let customers: NamedCustomer[];
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());
beforeEach(async () => {
  for (const table of ['customer_words', 'customer_words_fill', 'customers'])
    await fresh.admin.read(`DELETE FROM ${table}`);
  customers = Array.from({ length: 600 }, (_, i) => ({
    id: newId(),
    // Every combination of one to three words comes up, repeated words included.
    name: [i % 13, (i * 7 + 3) % 13, (i * 11) % 13]
      .slice(0, 1 + (i % 3))
      .map((each) => WORDS[each])
      .join(' '),
    office: OFFICES[i % OFFICES.length]!,
  }));
  await fresh.database.transaction(async (tx) => {
    await insert(tx, customers);
    await indexCustomers(tx, customers);
  });
});

async function insert(tx: Tx, rows: readonly NamedCustomer[]): Promise<void> {
  const now = new Date();
  await tx.write(
    'INSERT INTO customers (id, customer_no, name, mobile, address, office, language, created_at, updated_at) VALUES ?',
    [rows.map(({ id, name, office }) => [idToBytes(id), id.slice(-12), name, null, 'x', office, 'bn', now, now])],
  );
}

/** All pages, with the cursor written and read between them as a caller does. */
async function found(typed: string, offices: SeenOffices = 'all', limit = 20): Promise<Id[]> {
  const ids: Id[] = [];
  let cursor: string | undefined;
  do {
    const after = cursor === undefined ? undefined : placeOf(cursor);
    const page = await searchNames(fresh.database, typed, { offices, limit, after });
    expect(page.customers.length).toBeLessThanOrEqual(limit);
    ids.push(...page.customers.map(({ id }) => id));
    cursor = page.next && cursorOf(page.next);
  } while (cursor !== undefined);
  return ids;
}

/** The same by looking at every name. */
function expected(typed: string, offices: SeenOffices = 'all'): Id[] {
  const typedWords = nameWords(typed).map((word) => word.toString('latin1'));
  if (typedWords.length === 0) return [];
  return customers
    .filter(({ office }) => offices === 'all' || offices.includes(office))
    .filter(({ name }) => {
      const words = nameWords(name).map((word) => word.toString('latin1'));
      return typedWords.every((start) => words.some((word) => word.startsWith(start)));
    })
    .map(({ id }) => id);
}

it('finds what a look through all names finds, each once, whatever the page', async () => {
  const beginning = fc.tuple(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: 6 })).map(([w, n]) => w.slice(0, n));
  const offices = fc.oneof(fc.constant('all' as const), fc.subarray(OFFICES, { minLength: 0 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(beginning, { minLength: 1, maxLength: 3 }),
      offices,
      fc.constantFrom(1, 7, 20, 100),
      async (words, seen, limit) => {
        const ids = await found(words.join(' '), seen, limit);
        expect(new Set(ids).size).toBe(ids.length);
        expect([...ids].sort()).toEqual(expected(words.join(' '), seen).sort());
      },
    ),
    { numRuns: 60 },
  );
});

it('finds nobody by nothing', async () => {
  expect([
    await found('  '),
    await found('.'),
    await found('qq'),
    await found("' OR 1=1 --"),
    await found('%'),
  ]).toEqual([...[[], [], [], [], []]]);
});

it("shows nobody of another's offices, whatever cursor is given", async () => {
  const [mine] = OFFICES as [string];
  const page = await searchNames(fresh.database, 'ক', { offices: 'all', limit: 5 });
  const stolen = await searchNames(fresh.database, 'ক', { offices: [mine], limit: 100, after: page.next });
  expect(stolen.customers.every(({ office }) => office === mine)).toBe(true);
  expect(await found('ক', [])).toEqual([]);
  const odd = { leading: 9, officeKey: 0, turned: Buffer.alloc(0), id: newId() };
  const all = await searchNames(fresh.database, 'করিম', { offices: 'all', limit: 1_000, after: odd });
  expect(all.customers.map(({ id }) => id).sort()).toEqual(expected('করিম').sort());
});

it.each([0, 1])('goes on along word %d when it began there, whichever is the rarest by then', async (leading) => {
  const ids: Id[] = [];
  const start = { leading, officeKey: 0, turned: Buffer.alloc(0), id: newId() };
  for (let after: IndexPlace | undefined = start; after !== undefined;) {
    const page = await searchNames(fresh.database, 'কর আব', { offices: 'all', limit: 7, after });
    ids.push(...page.customers.map(({ id }) => id));
    after = page.next && placeOf(cursorOf(page.next));
    expect(after?.leading ?? leading).toBe(leading);
  }
  expect(ids.sort()).toEqual(expected('কর আব').sort());
});

it('follows a change of name and of office, and is not misled by a row that was left behind', async () => {
  const [before] = customers as [NamedCustomer];
  const after = { ...before, name: 'Zillur Rahman', office: 'Pabna' };
  await fresh.database.transaction(async (tx) => {
    await tx.write('UPDATE customers SET name = ?, office = ? WHERE id = ?', [
      after.name,
      after.office,
      idToBytes(before.id),
    ]);
    await reindexCustomers(tx, [{ before, after }]);
  });
  customers[0] = after;
  expect(await found('zill rah')).toEqual([before.id]);
  expect((await found(before.name)).sort()).toEqual(expected(before.name).sort());
  const [{ n }] = (await fresh.admin.read('SELECT COUNT(*) AS n FROM customer_words WHERE customer_id = ?', [
    idToBytes(before.id),
  ])) as [{ n: string }];
  expect(Number(n)).toBe(2);
  // As if somebody had written the name without its words.
  await fresh.admin.read('UPDATE customers SET name = ? WHERE id = ?', ['Somebody Else', idToBytes(before.id)]);
  expect(await found('zill')).toEqual([]);
});

it('is filled for customers from before there was an index, goes on after a kill, and is made anew for a new rule', async () => {
  await fresh.admin.read('DELETE FROM customer_words');
  const more = Array.from({ length: 1_900 }, () => ({ id: newId(), name: 'আব্দুল করিম', office: 'Pabna' }));
  await fresh.database.transaction((tx) => insert(tx, more));
  const killed = fillCustomerWords(fresh.database, () => {
    throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  expect(await fillCustomerWords(fresh.database)).toBe(1_500);
  expect(await fillCustomerWords(fresh.database)).toBe(0);
  customers.push(...more);
  expect((await found('কর আব', 'all', 100)).sort()).toEqual(expected('কর আব').sort());
  await fresh.admin.read('UPDATE customer_words_fill SET rule = 0');
  expect(await fillCustomerWords(fresh.database)).toBe(2_500);
  expect((await found('কর আব', ['Pabna'], 100)).sort()).toEqual(expected('কর আব', ['Pabna']).sort());
});

it('has every name once that is written while it is being filled', async () => {
  await fresh.admin.read('DELETE FROM customer_words');
  const renamed = customers.slice(0, 40).map((before) => ({ before, after: { ...before, name: 'Zahir Uddin' } }));
  await Promise.all([
    fillCustomerWords(fresh.database),
    ...renamed.map((change) =>
      fresh.database.transaction(async (tx) => {
        await tx.write('UPDATE customers SET name = ? WHERE id = ?', ['Zahir Uddin', idToBytes(change.before.id)]);
        await reindexCustomers(tx, [change]);
      }),
    ),
  ]);
  renamed.forEach(({ after }, i) => (customers[i] = after));
  for (const typed of ['zah', 'ক', 'মোঃ']) expect((await found(typed)).sort()).toEqual(expected(typed).sort());
});
