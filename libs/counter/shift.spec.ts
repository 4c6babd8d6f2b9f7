/* Proves that a shift's totals by kind always come to what the drawer should have, whatever the books moved and whichever clock was behind. */
import fc from 'fast-check';
import type { EntryTemplate, TemplateTotal } from '@vend/ledger';
import { cashTotals } from './shift';

const TEMPLATES: readonly EntryTemplate[] = ['shift-float', 'vend', 'fee', 'refund', 'reversal:fee', 'shift-close'];
const paisa = fc.bigInt({ min: 0n, max: 10n ** 12n });
const totals = fc.uniqueArray(
  fc.record<TemplateTotal>({
    template: fc.constantFrom(...TEMPLATES),
    ...{ debitPaisa: paisa, creditPaisa: paisa, entries: fc.nat(1_000) },
  }),
  { selector: ({ template }) => template },
);

it('adds up to what is expected, and says what it cannot tell apart', () => {
  fc.assert(
    fc.property(totals, fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), (moved, expected) => {
      const kinds = cashTotals(moved, expected);
      expect(kinds.reduce((sum, kind) => sum + kind.inPaisa - kind.outPaisa, 0n)).toBe(expected);
      expect(kinds.map(({ kind }) => kind)).not.toContain('shift-close');
      for (const { inPaisa, outPaisa } of kinds) expect(inPaisa >= 0n && outPaisa >= 0n).toBe(true);
    }),
  );
});

it('has no line for other things when everything can be told apart', () => {
  const moved: TemplateTotal[] = [
    { template: 'shift-float', debitPaisa: 200_000n, creditPaisa: 0n, entries: 1 },
    { template: 'vend', debitPaisa: 150_050n, creditPaisa: 0n, entries: 3 },
    { template: 'refund', debitPaisa: 0n, creditPaisa: 50_000n, entries: 1 },
  ];
  expect(cashTotals(moved, 300_050n).map(({ kind }) => kind)).toEqual(['shift-float', 'vend', 'refund']);
  expect(cashTotals(moved, 300_000n).at(-1)).toEqual({ kind: 'other', inPaisa: 0n, outPaisa: 50n, count: 0 });
});
