// Proves that lines of statements and of the bank's list become what they say, in each provider's own way of writing, and
// that a wrong line is a fault with its column and never half a row.
import { bankCreditCsv, statementCsv, statementRows } from '../../apps/sandbox/providers/statement';
import { csvRows, type SourceRow } from '@vend/tables';
import { Readable } from 'node:stream';
import { BankReader } from '../../libs/settlement/statement/bank-row';
import { NEUTRAL_FORMAT, STATEMENT_FORMAT } from '../../libs/settlement/statement/format';
import { StatementReader, type StatementTerms } from '../../libs/settlement/statement/row';
import { timeReader } from '../../libs/settlement/statement/time-form';

const DAY = '2026-11-22';
const TERMS: StatementTerms = { provider: 'demo-form', day: DAY, format: NEUTRAL_FORMAT, commissionBasisPoints: 150 };
const HEADER = Object.values(NEUTRAL_FORMAT.columns);
const source = (fields: readonly string[], line = 2): SourceRow => ({ line, fields });

function reading(cells: Partial<Record<(typeof HEADER)[number], string>>, terms = TERMS) {
  const reader = StatementReader.of(HEADER, terms) as StatementReader;
  const usual = { provider_trx_id: 'CK1', amount: '500.00', status: 'PAID' };
  return reader.read(source(HEADER.map((name) => ({ ...usual, ...cells })[name as 'amount'] ?? '')));
}

it('reads the neutral form, and reckons a fee and a batch that are not said', () => {
  expect(reading({ trx_time: '2026-11-22T23:59:59+06:00' })).toEqual({
    row: {
      ...{ line: 2, trxId: 'CK1', status: 'PAID', amountPaisa: 50_000n, feePaisa: 750n, batch: DAY },
      ...{ trxAt: Date.UTC(2026, 10, 22, 17, 59, 59), billerRef: '', ourOrderNo: '' },
    },
  });
});

it.each([
  [{ amount: '0.00' }, 'amount', 'amount-invalid'],
  [{ amount: '5,00' }, 'amount', 'amount-invalid'],
  [{ amount: '500.001' }, 'amount', 'amount-invalid'],
  [{ provider_fee: '600.00' }, 'provider_fee', 'fee-invalid'],
  [{ provider_fee: '7.50', net: '492.51' }, 'net', 'net-differs'],
  [{ status: 'Maybe' }, 'status', 'status-unknown'],
  [{ provider_trx_id: '' }, 'provider_trx_id', 'value-missing'],
  [{ provider_trx_id: 'a b' }, 'provider_trx_id', 'transaction-id-invalid'],
  [{ trx_time: '2026-02-30' }, 'trx_time', 'time-invalid'],
  [{ provider: 'demo-json' }, 'provider', 'provider-differs'],
  [{ settlement_batch: 'ব্যাচ' }, 'settlement_batch', 'reference-invalid'],
])('refuses %j', (cells, column, code) => {
  expect(reading(cells)).toEqual({ fault: { line: 2, column, code } });
});

it('reads a company’s own headings, decimals, times and words', () => {
  const format = STATEMENT_FORMAT.parse({
    columns: { provider_trx_id: 'TrxID', amount: 'Amount', trx_time: 'Date', status: 'State' },
    ...{ timeForm: 'dd-MMM-yyyy hh:mm:ss a', decimalMark: ',', groupMark: '.' },
    statuses: { Completed: 'PAID', Reversed: 'REVERSED', Failed: 'SKIP' },
  });
  const reader = StatementReader.of(['date', 'TRXID', 'amount', 'State'], { ...TERMS, format }) as StatementReader;
  const read = (fields: readonly string[]) => reader.read(source(fields));
  expect(read(['22-Nov-2026 11:59:59 PM', 'A1', '1.234,50', 'completed'])).toMatchObject({
    row: { amountPaisa: 123_450n, trxAt: Date.UTC(2026, 10, 22, 17, 59, 59), status: 'PAID' },
  });
  expect(read(['22-Nov-2026 12:00:00 AM', 'A1', '-10,00', 'Reversed'])).toMatchObject({
    row: { amountPaisa: 1_000n, status: 'REVERSED' },
  });
  expect(read(['x', 'A1', '10,00', 'Failed'])).toEqual({ skipped: true });
  expect(StatementReader.of(['date', 'amount'], { ...TERMS, format })).toEqual({ missing: ['TrxID', 'State'] });
  expect(STATEMENT_FORMAT.safeParse({ columns: { amount: 'A' } }).success).toBe(false);
});

it('knows a day that is none', () => {
  const read = timeReader('dd/MM/yyyy');
  expect(read('22/11/2026')).toBe(Date.UTC(2026, 10, 21, 18));
  expect([read('31/02/2026'), read('1/13/2026'), read('tomorrow')]).toEqual([undefined, undefined, undefined]);
});

it('takes what the companies of the sandbox send, reversals too, without a fault', async () => {
  const paid = (n: number, reversedAt: number | null = null) => ({
    ...{ provider: 'demo-form', trxId: `CK${n}`, reference: '40012345', orderNo: n % 2 ? 'P-7' : null },
    ...{ amountPaisa: 50_050n, at: Date.UTC(2026, 10, 22, 3) + n, reversedAt },
  });
  const noon = Date.UTC(2026, 10, 22, 6);
  const rows = statementRows([paid(1), paid(2, noon), paid(3), paid(4)], DAY, TERMS, ['extra', 'duplicate', 'differs']);
  const late = statementRows([{ ...paid(5, noon), at: noon - 86_400_000 }], DAY, TERMS);
  const read = [];
  let reader: StatementReader | undefined;
  for await (const group of csvRows(Readable.from([statementCsv([...rows, ...late], DAY, TERMS)]))) {
    for (const each of group.rows) {
      if (reader) read.push(reader.read(each));
      else reader = StatementReader.of(each.fields!, TERMS) as StatementReader;
    }
  }
  expect(read.filter((each) => !('row' in each))).toEqual([]);
  const statuses = read.map((each) => ('row' in each ? each.row.status : ''));
  expect([...new Set(statuses)].sort()).toEqual(['PAID', 'REVERSED', 'VOID']);

  const [header, line] = bankCreditCsv(rows, DAY, TERMS).split('\r\n');
  const bank = BankReader.of(header!.split(','), (code) => (code === 'demo-form' ? ['MAIN'] : undefined)) as BankReader;
  expect(bank.read(source(line!.split(',')))).toMatchObject({ row: { account: 'MAIN', batch: 'demo-form-20261122' } });
});

it('refuses credits that are nobody’s', () => {
  const header = ['bank_account', 'value_date', 'amount', 'reference'];
  const bank = BankReader.of(header, (code) => (code === 'a' ? ['MAIN', 'VAT'] : undefined)) as BankReader;
  const code = (...fields: string[]) => {
    const read = bank.read(source(fields));
    return 'fault' in read ? read.fault.code : read.row.account;
  };
  expect([
    code('VAT', DAY, '5.00', 'a/B-1'),
    code('OTHER', DAY, '5.00', 'a/B-1'),
    code('MAIN', DAY, '5.00', 'b/B-1'),
    code('MAIN', DAY, '5.00', 'B-1'),
    code('MAIN', '2026-13-01', '5.00', 'a/B-1'),
    code('MAIN', DAY, '-5.00', 'a/B-1'),
  ]).toEqual(['VAT', 'account-differs', 'provider-unknown', 'reference-invalid', 'date-invalid', 'amount-invalid']);
  expect(BankReader.of(['amount'], () => undefined)).toEqual({ missing: ['value_date', 'reference'] });
});
