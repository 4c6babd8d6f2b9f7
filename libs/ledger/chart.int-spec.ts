/* Proves that the chart and the templates in the code are those in the database, and that nothing rounds in secret. */
import { newId } from '@vend/kernel';
import { freshDatabase, type FreshDatabase } from '../../test/support/database';
import { ACCOUNT_FAMILIES, accountRule, FIXED_ACCOUNTS, isAccountCode, type AccountCode } from './chart';
import { cancellationEntry, vendEntry, type Entry } from './entry';
import * as templates from './templates';

// A slow disk makes a fresh database slow; what is proved here is not speed.
jest.setTimeout(60_000);
const STANDING = ['vend', 'cancellation', 'meter-move-out', 'meter-move-in', 'shift-float', 'shift-close'];
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());

it('has the families of ledger_chart, each with the same rule and words', async () => {
  const rows = await fresh.database.read<Record<string, unknown>>('SELECT * FROM ledger_chart ORDER BY family');
  const ruleOf = (family: string, suffixed: boolean) => {
    const rule = accountRule((suffixed ? `${family}:X` : family) as AccountCode);
    return {
      family,
      kind: rule.kind,
      never_overdrawn: Number(rule.neverOverdrawn),
      suffixed: Number(suffixed),
      per_meter: Number(rule.perMeter ?? false),
      name_en: rule.en,
      name_bn: rule.bn,
    };
  };
  const inCode = [...FIXED_ACCOUNTS.map((f) => ruleOf(f, false)), ...ACCOUNT_FAMILIES.map((f) => ruleOf(f, true))];
  expect(rows).toEqual(inCode.sort((a, b) => (a.family < b.family ? -1 : 1)));
});

it('has no account for rounding', () => {
  expect([...FIXED_ACCOUNTS, ...ACCOUNT_FAMILIES].filter((family) => /round|differ|suspense/.test(family))).toEqual([]);
  expect(isAccountCode('rounding')).toBe(false);
});

it('lets every template of the code through, with all its parts, and knows no other template', async () => {
  const fact = { businessId: newId(), bookedAt: Date.now(), meterId: newId(), office: 'X' };
  const parts = {
    vatPaisa: 3n,
    rentPaisa: 5n,
    demandPaisa: 7n,
    arrearsPaisa: 11n,
    pfcPaisa: 13n,
    penaltyPaisa: 17n,
    rebatePaisa: 19n,
    lifelineCreditPaisa: 23n,
    energyPaisa: 29n,
  };
  const vendOf = (adjustmentPaisa: bigint, remainderOutPaisa: bigint, remainderInPaisa: bigint) => {
    const sum =
      3n + 5n + 7n + 11n + 13n + 17n - 19n - 23n + 29n + adjustmentPaisa + remainderOutPaisa - remainderInPaisa;
    return { ...parts, adjustmentPaisa, remainderOutPaisa, remainderInPaisa, grossPaisa: sum };
  };
  const vends = [vendOf(31n, 37n, 0n), vendOf(-2n, 0n, 3n)];
  const entries: Entry[] = [
    ...vends.flatMap((amounts) =>
      (['cash:S', 'receivable:P', 'float:V', 'unspent-payments'] as const).map((funds) =>
        vendEntry(fact, funds, amounts),
      ),
    ),
    ...vends.map((amounts) => cancellationEntry(fact, amounts)),
    ...(['receivable:P', 'bank:B', 'cash:S'] as const).flatMap((funds) => [
      templates.paymentEntry(fact, funds, 1n),
      templates.refundEntry(fact, funds, 1n),
      templates.depositTakenEntry(fact, funds, 1n),
      templates.floatTopUpEntry(fact, funds, 'float:V', 1n),
    ]),
    ...(['receivable:P', 'unspent-payments', 'cash:S'] as const).map((funds) =>
      templates.feeEntry(fact, funds, { feePaisa: 100n, vatPaisa: 15n }),
    ),
    templates.paymentEntry(fact, 'float:V', 1n),
    templates.refundEntry(fact, 'float:V', 1n),
    templates.arrearsImportEntry(fact, 1n),
    templates.arrearsPaymentEntry(fact, 'cash:S', 1n),
    templates.depositCreditEntry(fact, { arrearsPaisa: 1n, energyPaisa: 2n, remainderPaisa: 3n }),
    templates.freeIssueEntry(fact, 1n),
    templates.commissionBackEntry(fact, 'float:V', 1n),
    templates.claimToDebtEntry(fact, 'float:V', 1n),
    templates.writeOffEntry(fact, 'float:V', 1n),
    templates.depositRefundEntry(fact, 'cash:S', 1n),
    templates.depositSetOffEntry(fact, 1n),
    templates.cashBankedEntry(fact, 'cash:S', 'bank:B', 1n),
    templates.shiftFloatEntry(fact, 'cash:S.1', 'cash:S', 1n),
    ...[1n, 3n].flatMap((countedPaisa) =>
      templates.shiftCloseEntry(fact, 'cash:S.1', 'cash:S', { expectedPaisa: 2n, countedPaisa }),
    ),
    templates.cashSentEntry(fact, 'cash:S', 1n),
    templates.cashReceivedEntry(fact, 'bank:B', 1n),
    templates.settlementEntry(fact, 'receivable:P', 'bank:B', { paidPaisa: 99n, commissionPaisa: 1n }),
    templates.settlementBackEntry(fact, 'receivable:P', 'bank:B', 1n),
    templates.settlementBackEntry(fact, 'receivable:P', 'commission', 1n),
    templates.vatTransferEntry(fact, 'bank:B', 'bank:V', 1n),
    templates.claimToDebtEntry(fact, 'receivable:P', 1n),
    templates.commissionEntry(fact, 'float:V', 1n),
    templates.writeOffEntry(fact, 'customer-arrears', 1n),
    templates.writeOffEntry(fact, 'receivable:P', 1n),
    templates.depositImportEntry(fact, 1n),
    templates.carriedRefundEntry(fact, 'cash:S', 1n),
    templates.carriedRefundEntry(fact, 'bank:B', 1n),
    ...templates.meterMoveEntries(fact, newId(), newId(), { remainderPaisa: 1n, arrearsPaisa: 1n }),
  ];
  const reversals = entries
    .filter(({ template }) => !STANDING.includes(template))
    .map((entry) => templates.reversalEntry(fact, entry.template as 'payment', entry.postings));
  const rows = await fresh.database.read<Record<'template' | 'debit_family' | 'credit_family', string>>(
    'SELECT * FROM ledger_templates',
  );
  const allowed = new Set(rows.map((row) => `${row.template} ${row.debit_family} ${row.credit_family}`));
  const family = (code: string) => code.split(':')[0];
  const used = [...entries, ...reversals].flatMap(({ template, postings }) =>
    postings.map(({ debit, credit }) => `${template} ${family(debit)} ${family(credit)}`),
  );
  expect(used.filter((row) => !allowed.has(row))).toEqual([]);
  const inCode = new Set([...entries, ...reversals].map(({ template }) => template as string));
  expect([...new Set(rows.map((row) => row.template))].sort()).toEqual([...inCode].sort());
});

it('refuses to move nothing, or less', () => {
  const fact = { businessId: newId(), bookedAt: Date.now() };
  for (const paisa of [0n, -1n]) {
    expect(() => templates.refundEntry(fact, 'cash:S', paisa)).toThrow(RangeError);
    expect(() =>
      templates.settlementEntry(fact, 'receivable:P', 'bank:B', { paidPaisa: paisa, commissionPaisa: 0n }),
    ).toThrow(RangeError);
    expect(() =>
      templates.settlementEntry(fact, 'receivable:P', 'bank:B', { paidPaisa: 5n, commissionPaisa: paisa - 1n }),
    ).toThrow(RangeError);
  }
});
