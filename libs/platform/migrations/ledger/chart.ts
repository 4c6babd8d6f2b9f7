/**
 * The chart of accounts and the closed list of entry templates as they stood with this migration. Later ones come
 * with later migrations; `libs/ledger` holds the same as types, and a test compares the two.
 */

/** Family, kind, never overdrawn, with a suffix, kept per meter too, English name, Bangla name. */
export const CHART: readonly (readonly [string, string, boolean, boolean, boolean, string, string])[] = [
  ['unspent-payments', 'liability', true, false, false, 'Payments not yet vended', 'ভেন্ড না হওয়া পেমেন্ট'],
  ['customer-remainder', 'liability', true, false, true, 'Carried for customers', 'গ্রাহকের পরের বারের জমা'],
  ['customer-arrears', 'asset', true, false, true, 'Arrears of customers', 'গ্রাহকের বকেয়া'],
  ['customer-deposits', 'liability', true, false, false, 'Security deposits', 'নিরাপত্তা জামানত'],
  ['energy-revenue', 'revenue', false, false, false, 'Energy', 'বিদ্যুৎ বিক্রয়'],
  ['demand-revenue', 'revenue', false, false, false, 'Demand charge', 'ডিমান্ড চার্জ'],
  ['rent-revenue', 'revenue', false, false, false, 'Meter rent', 'মিটার ভাড়া'],
  ['pfc-revenue', 'revenue', false, false, false, 'Power factor surcharge', 'পাওয়ার ফ্যাক্টর চার্জ'],
  ['penalty-revenue', 'revenue', false, false, false, 'Penalties', 'জরিমানা'],
  ['tariff-adjustments', 'revenue', false, false, false, 'Tariff adjustments', 'মূল্যহার সমন্বয়'],
  ['fee-revenue', 'revenue', false, false, false, 'Service fees', 'সেবা ফি'],
  ['vat-payable', 'liability', false, false, false, 'VAT owed to the state', 'প্রদেয় ভ্যাট'],
  ['rebate', 'expense', false, false, false, 'Rebate', 'রিবেট'],
  ['lifeline-credit', 'expense', false, false, false, 'Lifeline credit', 'লাইফলাইন ক্রেডিট'],
  ['commission', 'expense', false, false, false, 'Commission', 'কমিশন'],
  ['write-offs', 'expense', false, false, false, 'Debts written off', 'অবলোপিত পাওনা'],
  ['opening-balances', 'equity', false, false, false, 'Brought from the former system', 'পূর্বের সিস্টেম থেকে আনীত'],
  ['cash', 'asset', false, true, false, 'Cash in a till or station', 'কাউন্টারের নগদ'],
  ['receivable', 'asset', false, true, false, 'Owed by a provider', 'প্রোভাইডারের কাছে পাওনা'],
  ['bank', 'asset', false, true, false, 'Bank account', 'ব্যাংক হিসাব'],
  ['float', 'liability', true, true, false, "A vendor's float", 'ভেন্ডরের অগ্রিম জমা'],
];

const VEND_SOURCES = ['rebate', 'lifeline-credit', 'tariff-adjustments', 'customer-remainder'];
const VEND_FUNDS = ['cash', 'receivable', 'float', 'unspent-payments'];
const VEND_SINKS = [
  'energy-revenue',
  'demand-revenue',
  'rent-revenue',
  'vat-payable',
  'customer-arrears',
  'pfc-revenue',
  'penalty-revenue',
  'tariff-adjustments',
  'customer-remainder',
];

/** Which family a template may debit, and which it then may credit. */
const FLOWS: Readonly<Record<string, readonly (readonly [readonly string[], readonly string[]])[]>> = {
  payment: [[['receivable', 'bank', 'cash'], ['unspent-payments']]],
  vend: [[[...VEND_SOURCES, ...VEND_FUNDS], VEND_SINKS]],
  cancellation: [[VEND_SINKS, [...VEND_SOURCES, 'unspent-payments']]],
  refund: [[['unspent-payments'], ['cash', 'receivable', 'bank']]],
  'arrears-import': [[['customer-arrears'], ['opening-balances']]],
  'deposit-taken': [[['cash', 'receivable', 'bank', 'unspent-payments'], ['customer-deposits']]],
  'deposit-refund': [[['customer-deposits'], ['cash', 'bank']]],
  'deposit-set-off': [[['customer-deposits'], ['customer-arrears']]],
  fee: [
    [
      ['cash', 'receivable', 'unspent-payments'],
      ['fee-revenue', 'vat-payable'],
    ],
  ],
  'cash-banked': [[['bank'], ['cash']]],
  settlement: [[['bank', 'commission'], ['receivable']]],
  commission: [[['commission'], ['float']]],
  'write-off': [[['write-offs'], ['customer-arrears', 'receivable']]],
  'float-top-up': [[['bank', 'cash', 'receivable'], ['float']]],
};
/** A vend is taken back by a cancellation; a cancellation stands. */
const NOT_REVERSED = new Set(['vend', 'cancellation']);

/** Template, debit family, credit family: every posting that may ever be made. */
export const TEMPLATE_ROWS: readonly (readonly [string, string, string])[] = Object.entries(FLOWS).flatMap(
  ([template, flows]) =>
    flows.flatMap(([debits, credits]) =>
      debits.flatMap((debit) =>
        credits
          .filter((credit) => credit !== debit)
          .flatMap((credit): (readonly [string, string, string])[] => [
            [template, debit, credit],
            ...(NOT_REVERSED.has(template) ? [] : [[`reversal:${template}`, credit, debit] as const]),
          ]),
      ),
    ),
);
