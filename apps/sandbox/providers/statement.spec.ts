// Proves what a company says of a Dhaka day: every payment once with its fee and net, and exactly the faults asked for.
import type { BookedPayment } from './provider-book';
import { bankCreditCsv, netOf, statementCsv, statementRows } from './statement';

const TERMS = { provider: 'demo-form', commissionBasisPoints: 150 };
const DAY = '2026-11-22';
const MORNING = Date.UTC(2026, 10, 22, 3); // 09:00 in Dhaka
const DAY_MS = 86_400_000;

const paid = (n: number, over: Partial<BookedPayment> = {}): BookedPayment => ({
  provider: 'demo-form',
  trxId: `CK${n}`,
  reference: '40012345',
  orderNo: null,
  amountPaisa: 50_050n,
  at: MORNING + n,
  reversedAt: null,
  ...over,
});
const FIVE = [1, 2, 3, 4, 5].map((n) => paid(n));
const ids = (...faults: Parameters<typeof statementRows>[3] & object): string[] =>
  statementRows(FIVE, DAY, TERMS, faults).map(({ trxId }) => trxId);

it('writes the neutral form, fee rounded half up, in Dhaka time', () => {
  const rows = statementRows([paid(1, { orderNo: 'P,7' })], DAY, TERMS);
  expect(statementCsv(rows, DAY, TERMS)).toBe(
    'provider,provider_trx_id,biller_ref,our_order_no,amount,provider_fee,net,trx_time,status,settlement_batch\r\n' +
      'demo-form,CK1,40012345,"P,7",500.50,7.51,492.99,2026-11-22T09:00:00.001+06:00,PAID,demo-form-20261122\r\n',
  );
  expect(bankCreditCsv(rows, DAY, TERMS)).toContain('\r\ndemo-form,demo-form-20261122,2026-11-22,492.99\r\n');
});

it('knows the day by Dhaka, and what was given back by the day it was given back', () => {
  const dhakaMidnight = Date.UTC(2026, 10, 21, 18);
  const payments = [
    paid(1, { at: dhakaMidnight - 1 }),
    paid(2, { at: dhakaMidnight }),
    paid(3, { reversedAt: MORNING + 9 }),
    paid(4, { reversedAt: MORNING + DAY_MS }),
  ];
  const said = (day: string) =>
    statementRows(payments, day, TERMS).map((row) => [row.trxId, row.status, netOf(row)] as const);
  expect(said('2026-11-21')).toEqual([['CK1', 'PAID', 49_299n]]);
  expect(said(DAY)).toEqual([
    ['CK2', 'PAID', 49_299n],
    ['CK3', 'REVERSED', 0n],
    ['CK4', 'PAID', 49_299n],
  ]);
  expect(said('2026-11-23')).toEqual([['CK4', 'REVERSED', -49_299n]]);
});

it('plays each fault of a statement on a line of its own', () => {
  expect(ids()).toEqual(['CK1', 'CK2', 'CK3', 'CK4', 'CK5']);
  expect(ids('missing')).toHaveLength(4);
  expect(ids('extra')).toHaveLength(6);
  const bent = statementRows(FIVE, DAY, TERMS, ['missing', 'differs', 'duplicate']);
  const differing = bent.filter(({ amountPaisa }) => amountPaisa === 50_150n);
  const twice = bent.filter((row, n) => bent.some(({ trxId }, m) => m < n && trxId === row.trxId));
  expect([bent.length, differing.length, twice.length]).toEqual([5, 1, 1]);
  expect(differing[0]!.trxId).not.toBe(twice[0]!.trxId);
});

it('says late on the next day what it left out', () => {
  expect(ids('late')).toEqual(['CK1', 'CK2', 'CK3', 'CK4']);
  const next = statementRows(FIVE, '2026-11-23', TERMS, ['late']);
  expect(next.map(({ trxId }) => trxId)).toEqual(['CK5']);
});
