/*
 * Proves the auditor's commands on a real database: what they print of a day of vends, a cancellation of yesterday and a
 * fee is what was sold, and the proof's verdict is the command's.
 */
import { dhakaDay, newId } from '@vend/kernel';
import { cancellationEntry, feeEntry } from '@vend/ledger';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { Books, plainAmounts } from '../../../test/support/ledger';
import { LedgerCommands, textOf } from './commands';

jest.setTimeout(60_000);
let fresh: FreshDatabase;
let commands: LedgerCommands;
const now = Date.now();
const today = dhakaDay(now);
const month = today.slice(0, 7);

beforeAll(async () => {
  fresh = await freshDatabase();
  commands = new LedgerCommands(fresh.database);
  const books = await Books.with(fresh, 2, ['cash:S-1']);
  const amounts = { ...plainAmounts(105_000n), rebatePaisa: 900n, energyPaisa: 100_900n };
  const sale = (meter: number) => ({
    meterId: books.meters[meter]!,
    amounts,
    funds: 'cash:S-1' as const,
    bookedAt: now,
  });
  await books.vend(sale(0));
  const businessId = await books.vend(sale(1));
  await books.post(cancellationEntry({ businessId, bookedAt: now, meterId: books.meters[1]! }, amounts));
  const fee = { feePaisa: 10_000n, vatPaisa: 1_500n };
  await books.post(feeEntry({ businessId: newId(), bookedAt: now, office: 'Rajshahi-1' }, 'cash:S-1', fee));
});
afterAll(() => fresh?.drop());

const rowsOf = (answer: { rows: readonly (readonly string[])[] }) => answer.rows;

it('says what an account holds, now and at any instant', async () => {
  expect(rowsOf(await commands.balance('cash:S-1', undefined))).toEqual([
    ['cash:S-1', 'asset', '2215.00', '0.00', '2215.00'],
  ]);
  expect(rowsOf(await commands.balance('cash:S-1', '2020-01-01'))[0]!.at(-1)).toBe('0.00');
  expect(rowsOf(await commands.balance(undefined, undefined)).length).toBeGreaterThan(15);
  await expect(commands.balance('rounding', undefined)).rejects.toThrow('no such account');
  await expect(commands.balance('cash:S-1', '2026-11-21T18:00:00')).rejects.toThrow('with offset');
});

it('pages through a statement to the balance', async () => {
  const first = await commands.statement('cash:S-1', { from: '2020-01-01', limit: '3' });
  const cursor = /--cursor (\S+)/.exec(first.notes.join())![1]!;
  const rest = await commands.statement('cash:S-1', { from: '2020-01-01', cursor });
  expect(rest.notes).toEqual([`opening balance ${first.rows.at(-1)!.at(-1)}`]);
  expect([...first.rows, ...rest.rows].at(-1)!.at(-1)).toBe('2215.00');
  await expect(commands.statement('cash:S-1', { from: today, cursor: 'x' })).rejects.toThrow('not a cursor');
});

it('balances by office, and says that the day is still open', async () => {
  const all = await commands.trialBalance(today, today, undefined);
  const sum = all.rows.at(-1)!;
  expect(sum[2]).toBe(sum[3]);
  expect(all.notes).toEqual(['not closed: it may still change']);
  const office = await commands.trialBalance(today, today, 'Rajshahi-1');
  expect(office.rows).toEqual([
    ['Rajshahi-1', 'cash:S-1', '115.00', '0.00'],
    ['Rajshahi-1', 'fee-revenue', '0.00', '100.00'],
    ['Rajshahi-1', 'vat-payable', '0.00', '15.00'],
    ['', 'sum', '115.00', '115.00'],
  ]);
});

it('makes the VAT return: one vend of two, and the fee', async () => {
  const { rows, notes } = await commands.vatReturn(month);
  const [customers] = await fresh.admin.read<{ office: string }>('SELECT office FROM customers LIMIT 1');
  expect(rows).toContainEqual([customers!.office, 'electricity', '2', '1', '1050.00', '1000.00', '50.00']);
  expect(rows).toContainEqual(['Rajshahi-1', 'service-fee', '1', '0', '115.00', '100.00', '15.00']);
  expect(notes[0]).toBe(`VAT of ${month}: 65.00`);
});

it('makes the rebate return', async () => {
  const { rows } = await commands.rebateReturn(month);
  expect(rows.map((row) => row.slice(1))).toEqual([['rebate', '2', '1', '18.00', '9.00', '9.00']]);
});

it('gives the same as data, money as text', async () => {
  const text = textOf(await commands.balance('cash:S-1', undefined), true);
  expect(JSON.parse(text)).toEqual([
    { code: 'cash:S-1', debitPaisa: '2215.00', creditPaisa: '0.00', balancePaisa: '2215.00' },
  ]);
});

it('proves, and finds what was changed', async () => {
  const changed =
    'UPDATE ledger_balances SET debit_paisa = debit_paisa + ? WHERE account_id = (SELECT id FROM ledger_accounts WHERE code = ?)';
  const honest = await commands.verify(() => undefined);
  await fresh.admin.read(changed, [1, 'cash:S-1']);
  const found = await commands.verify(() => undefined);
  expect(found.faults).toBeGreaterThan(honest.faults!);
  expect(textOf(found, false)).toContain('the balance of cash:S-1 is not the sum of its postings');
});
