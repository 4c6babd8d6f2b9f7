/*
 * Proves that the proof finds what SQL cannot hold: an honest history of three days has no fault, and each single
 * change that the tables' owner makes behind the procedures is found and named.
 */
import { dhakaDay, idToBytes, newId, startOfDay } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { Books } from '../../test/support/ledger';
import { payment, VendingBench } from '../../test/support/vending';
import { proveAll, proveNight } from './proof';
import { balanceAt } from './store/balances';
import { depositTakenEntry, floatTopUpEntry } from './templates';

const DAY = 86_400_000;
const midnight = startOfDay(dhakaDay(Date.now()));
const yesterday = dhakaDay(midnight - 1);
// A slow disk makes a fresh database slow; what is proved here is not speed.
jest.setTimeout(60_000);
let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
  const books = await Books.with(fresh, 0, ['cash:S-1', 'bank:B-1', 'float:V-1']);
  const bench = new VendingBench(fresh);
  const [meterId] = await bench.install({ serial: 1 });
  for (const daysAgo of [3, 2, 1]) {
    const bookedAt = midnight - daysAgo * DAY + 3_600_000;
    bench.now = bookedAt;
    await bench.vending.recharge(payment(meterId!));
    await bench.vending.recharge(payment(meterId!, { grossPaisa: 77_700n }));
    const fact = () => ({ businessId: newId(), bookedAt, office: 'Rajshahi-1' });
    await books.post(
      depositTakenEntry(fact(), 'cash:S-1', 5_000n),
      floatTopUpEntry(fact(), 'bank:B-1', 'float:V-1', 9_000n),
    );
  }
  await books.ledger.closeDay(yesterday, 'test');
});
afterAll(() => fresh?.drop());
afterEach(async () => expect(await proveAll(fresh.database, yesterday)).toEqual({ faults: [], days: 3 }));

it('finds nothing in an honest history', async () => {
  expect((await proveNight(fresh.database, yesterday)).faults).toEqual([]);
  expect((await balanceAt(fresh.database, 'cash:S-1', midnight - 1)).balancePaisa).toBe(15_000n);
});

const FIRST = "SELECT id FROM (SELECT MIN(id) AS id FROM ledger_entries WHERE template = 'vend') f";
const DEPOSIT =
  "SELECT id FROM (SELECT MIN(id) AS id FROM ledger_entries WHERE template IN ('deposit-taken', 'fee')) f";
const CASH = "(SELECT id FROM ledger_accounts WHERE code = 'cash:S-1')";
it.each([
  [
    'an amount changed',
    `UPDATE ledger_postings SET amount_paisa = amount_paisa + ? WHERE entry_id = (${DEPOSIT})`,
    [1],
    [-1],
    'day total of cash:S-1',
  ],
  [
    'a vend’s posting changed',
    `UPDATE ledger_postings SET amount_paisa = amount_paisa + ? WHERE entry_id = (${FIRST}) AND line = 1`,
    [1],
    [-1],
    'is not the parts of its vend',
  ],
  [
    'a part of a vend moved to another',
    `UPDATE vends SET energy_paisa = energy_paisa + ?, vat_paisa = vat_paisa - ? ORDER BY receipt_no LIMIT 1`,
    [1, 1],
    [-1, -1],
    'is not the parts of its vend',
  ],
  [
    'a balance changed',
    `UPDATE ledger_balances SET debit_paisa = debit_paisa + ? WHERE account_id = ${CASH}`,
    [1],
    [-1],
    'the balance of cash:S-1',
  ],
  [
    'a day total changed',
    `UPDATE ledger_day_totals SET credit_paisa = credit_paisa + ? WHERE business_day = '${yesterday}' AND template = 'vend' LIMIT 1`,
    [1],
    [-1],
    'the day total of',
  ],
  [
    'a rolled-up total changed',
    `UPDATE ledger_rolled SET debit_paisa = debit_paisa + ? WHERE account_id = ${CASH}`,
    [1],
    [-1],
    'the rolled-up total of cash:S-1',
  ],
  [
    'a snapshot changed',
    `UPDATE ledger_snapshots SET debit_paisa = debit_paisa + ? WHERE account_id = ${CASH} ORDER BY through_ms LIMIT 1`,
    [1],
    [-1],
    'the snapshot of cash:S-1',
  ],
  [
    'a limit taken away',
    `UPDATE ledger_balances SET never_overdrawn = ? WHERE account_id = (SELECT id FROM ledger_accounts WHERE code = 'float:V-1')`,
    [0],
    [1],
    'float:V-1 is not kept as the chart says',
  ],
  [
    'an entry under another template',
    `UPDATE ledger_entries SET template = ? WHERE id = (${DEPOSIT})`,
    ['fee'],
    ['deposit-taken'],
    "'fee' may not have",
  ],
  [
    'a meter with a paisa more',
    'UPDATE meter_states SET remainder_paisa = remainder_paisa + ?',
    [1],
    [-1],
    'remainder_paisa is not its part of customer-remainder',
  ],
  [
    'a meter with a debt that nobody booked',
    'UPDATE meter_states SET arrears_paisa = arrears_paisa + ?',
    [1],
    [-1],
    'customer-arrears holds 0 paisa, the meters 1',
  ],
  [
    'a vend cancelled without its entry',
    `UPDATE vends SET state = ? ORDER BY receipt_no LIMIT 1`,
    ['CANCELLED'],
    ['ISSUED'],
    'is not booked as it stands',
  ],
  ['a token too many', 'UPDATE vend_tokens SET of_count = of_count + ?', [1], [-1], 'has not exactly its tokens'],
  [
    'a payment opened again',
    `UPDATE recharges SET state = ? ORDER BY id LIMIT 1`,
    ['REFUND_DUE'],
    ['APPLIED'],
    'unspent-payments holds 0 paisa, open payments are',
  ],
])('finds %s', async (_what, sql, change, back, fault) => {
  await fresh.admin.read(sql, change);
  const { faults } = await proveAll(fresh.database, yesterday);
  await fresh.admin.read(sql, back);
  expect(faults).toContainEqual(expect.stringContaining(fault));
});

it('finds a vend entry whose vend is gone, and a vend whose entry is', async () => {
  const other = idToBytes(newId());
  const swap = (from: string, to: string) =>
    fresh.admin.read(
      `UPDATE ledger_entries SET business_id = ${to} WHERE business_id = ${from} AND template = 'vend'`,
      [other],
    );
  const [vend] = await fresh.admin.read<{ id: string }>(
    'SELECT HEX(recharge_id) AS id FROM vends ORDER BY receipt_no LIMIT 1',
  );
  await swap(`UNHEX('${vend!.id}')`, '?');
  const { faults } = await proveAll(fresh.database, yesterday);
  await swap('?', `UNHEX('${vend!.id}')`);
  expect(faults).toContainEqual(expect.stringContaining('is not the parts of its vend'));
  expect(faults).toContainEqual(expect.stringContaining('is not booked as it stands'));
});

it('finds a posting that is gone, and one that was added, in the books and in the balance', async () => {
  const [gone] = await fresh.admin.read<Record<string, unknown>>(
    `SELECT * FROM ledger_postings WHERE entry_id = (${DEPOSIT})`,
  );
  await fresh.admin.read('DELETE FROM ledger_postings WHERE entry_id = ?', [gone!['entry_id']]);
  const without = await proveAll(fresh.database, yesterday);
  const columns = Object.keys(gone!);
  const insert = `INSERT INTO ledger_postings (${columns.join(', ')}) VALUES (?)`;
  await fresh.admin.read(insert, [columns.map((column) => gone![column])]);
  expect(without.faults).toContainEqual(expect.stringContaining('has no postings'));
  expect(without.faults).toContainEqual(expect.stringContaining('the day total of cash:S-1'));
  const more: Record<string, unknown> = { ...gone, line: 9 };
  await fresh.admin.read(insert, [columns.map((column) => more[column])]);
  const withMore = await proveAll(fresh.database, yesterday);
  await fresh.admin.read('DELETE FROM ledger_postings WHERE line = 9');
  expect(withMore.faults).toContainEqual(expect.stringContaining('the day total of cash:S-1'));
});
