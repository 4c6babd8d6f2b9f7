/* Proves that a vend's postings add up to its parts for any amounts, and that parts that do not add up are refused. */
import * as fc from 'fast-check';
import { newId } from '@vend/kernel';
import { cancellationEntry, vendEntry, type Posting, type VendAmounts } from './entry';
import { paymentEntry } from './templates';

const fact = { businessId: newId(), bookedAt: 1_795_000_000_000, meterId: newId() };
const none: VendAmounts = {
  grossPaisa: 0n,
  vatPaisa: 0n,
  rentPaisa: 0n,
  demandPaisa: 0n,
  arrearsPaisa: 0n,
  pfcPaisa: 0n,
  penaltyPaisa: 0n,
  rebatePaisa: 0n,
  energyPaisa: 0n,
  remainderInPaisa: 0n,
  remainderOutPaisa: 0n,
};
/** What an account gained on its credit side less its debit side. */
const net = (postings: readonly Posting[], account: string) =>
  postings.reduce(
    (sum, p) => sum + (p.credit === account ? p.amountPaisa : 0n) - (p.debit === account ? p.amountPaisa : 0n),
    0n,
  );

it("books NESCO's receipt of Tk 1000 (MONEY.md 1) line by line", () => {
  const { postings } = vendEntry(fact, 'cash:NESCO-RAJ-01', {
    ...none,
    grossPaisa: 100_000n,
    vatPaisa: 4_762n,
    rentPaisa: 4_000n,
    demandPaisa: 6_000n,
    rebatePaisa: 903n,
    energyPaisa: 86_141n,
  });
  expect(postings).toEqual([
    { debit: 'rebate', credit: 'energy-revenue', amountPaisa: 903n },
    { debit: 'cash:NESCO-RAJ-01', credit: 'energy-revenue', amountPaisa: 85_238n },
    { debit: 'cash:NESCO-RAJ-01', credit: 'demand-revenue', amountPaisa: 6_000n },
    { debit: 'cash:NESCO-RAJ-01', credit: 'rent-revenue', amountPaisa: 4_000n },
    { debit: 'cash:NESCO-RAJ-01', credit: 'vat-payable', amountPaisa: 4_762n },
  ]);
});

const paisa = fc.bigInt({ min: 0n, max: 10_000_000n });
const parts = fc.record({
  vatPaisa: paisa,
  rentPaisa: paisa,
  demandPaisa: paisa,
  arrearsPaisa: paisa,
  pfcPaisa: paisa,
  penaltyPaisa: paisa,
  rebatePaisa: paisa,
  lifelineCreditPaisa: paisa,
  adjustmentPaisa: fc.bigInt({ min: -10_000_000n, max: 10_000_000n }),
  energyPaisa: paisa,
  remainderInPaisa: paisa,
  remainderOutPaisa: paisa,
});
const grossOf = (p: Omit<VendAmounts, 'grossPaisa'>) =>
  p.vatPaisa +
  p.rentPaisa +
  p.demandPaisa +
  p.arrearsPaisa +
  p.pfcPaisa +
  p.penaltyPaisa -
  p.rebatePaisa -
  (p.lifelineCreditPaisa ?? 0n) +
  (p.adjustmentPaisa ?? 0n) +
  p.energyPaisa +
  p.remainderOutPaisa -
  p.remainderInPaisa;

it('gives every part to its account, for any amounts', () => {
  fc.assert(
    fc.property(parts, (p) => {
      const grossPaisa = grossOf(p);
      fc.pre(grossPaisa > 0n);
      const { postings } = vendEntry(fact, 'unspent-payments', { ...p, grossPaisa });
      expect(net(postings, 'unspent-payments')).toBe(-grossPaisa);
      expect(net(postings, 'energy-revenue')).toBe(p.energyPaisa);
      expect(net(postings, 'vat-payable')).toBe(p.vatPaisa);
      expect(net(postings, 'customer-arrears')).toBe(p.arrearsPaisa);
      expect(net(postings, 'rebate')).toBe(-p.rebatePaisa);
      expect(net(postings, 'tariff-adjustments')).toBe(p.adjustmentPaisa);
      expect(net(postings, 'lifeline-credit')).toBe(-p.lifelineCreditPaisa);
      expect(net(postings, 'customer-remainder')).toBe(p.remainderOutPaisa - p.remainderInPaisa);
      expect(postings.every((posting) => posting.amountPaisa > 0n && posting.debit !== posting.credit)).toBe(true);
    }),
  );
});

it('refuses parts that are a paisa more or less than was paid', () => {
  fc.assert(
    fc.property(parts, fc.constantFrom(1n, -1n), (p, off) => {
      const grossPaisa = grossOf(p);
      fc.pre(grossPaisa > 1n);
      expect(() => vendEntry(fact, 'unspent-payments', { ...p, grossPaisa: grossPaisa + off })).toThrow(RangeError);
    }),
  );
});

it('books a payment against what we owe for it', () => {
  expect(paymentEntry(fact, 'receivable:demo-bkash', 50_000n).postings).toEqual([
    { debit: 'receivable:demo-bkash', credit: 'unspent-payments', amountPaisa: 50_000n },
  ]);
});

it('leaves of a cancelled vend exactly the payment, owed to the customer', () => {
  fc.assert(
    fc.property(parts, (p) => {
      const grossPaisa = grossOf(p);
      fc.pre(grossPaisa > 0n);
      const vend = vendEntry(fact, 'cash:NESCO-RAJ-01', { ...p, grossPaisa });
      const cancellation = cancellationEntry(fact, { ...p, grossPaisa });
      const both = [...vend.postings, ...cancellation.postings];
      const touched = new Set(both.flatMap(({ debit, credit }) => [debit, credit]));
      const left = [...touched].map((account) => [account, net(both, account)]).filter(([, paisa]) => paisa !== 0n);
      expect(Object.fromEntries(left)).toEqual({
        'cash:NESCO-RAJ-01': -grossPaisa,
        'unspent-payments': grossPaisa,
      });
      expect([cancellation.template, cancellation.businessId]).toEqual(['cancellation', vend.businessId]);
    }),
  );
});
