/* Proves I6 of RELIABILITY.md: a thousand parallel vends on a float for half of them: five hundred, and not a paisa below zero. */
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { Books, plainAmounts } from '../../test/support/ledger';
import { newId } from '@vend/kernel';
import { proveAll } from './proof';
import { balanceAt } from './store/balances';
import { floatTopUpEntry } from './templates';

const VENDS = 1_000;
const PRICE = 100n;
let fresh: FreshDatabase;
let books: Books;
let retried = 0;
beforeEach(async () => {
  fresh = await freshDatabase({ poolSize: 24, retried: () => (retried += 1) });
  books = await Books.with(fresh, 10, ['float:V-1', 'bank:B-1']);
  const fact = { businessId: newId(), bookedAt: Date.now() };
  await books.post(floatTopUpEntry(fact, 'bank:B-1', 'float:V-1', (PRICE * BigInt(VENDS)) / 2n));
});
afterEach(() => fresh?.drop());

async function storm(vends = VENDS): Promise<{ sold: number; refusals: Set<string | undefined> }> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: vends }, (_, i) =>
      books.vend({
        meterId: books.meters[i % 10]!,
        amounts: plainAmounts(PRICE),
        funds: 'float:V-1',
        bookedAt: Date.now(),
      }),
    ),
  );
  const refused = outcomes.flatMap((o) => (o.status === 'rejected' ? [(o.reason as { code?: string }).code] : []));
  return { sold: vends - refused.length, refusals: new Set(refused) };
}

it('sells exactly what was paid in', async () => {
  const { sold, refusals } = await storm();
  expect(sold).toBe(VENDS / 2);
  expect(refusals).toEqual(new Set(['ledger-overdrawn']));
  expect((await balanceAt(fresh.database, 'float:V-1')).balancePaisa).toBe(0n);
  expect((await proveAll(fresh.database, '2999-01-01')).faults).toEqual([]);
}, 60_000);

it('without the constraint it would sell more: the test above can fail, and the night finds it', async () => {
  await fresh.admin.read('ALTER TABLE ledger_balances DROP CONSTRAINT ck_ledger_balances_limit');
  const vends = VENDS / 2 + 100;
  expect((await storm(vends)).sold).toBe(vends);
  expect((await proveAll(fresh.database, '2999-01-01')).faults).toEqual(['float:V-1 is not kept as the chart says']);
}, 60_000);
