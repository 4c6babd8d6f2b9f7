/**
 * The chart of accounts. An account's code says what it is; accounts with a suffix are made when the station,
 * provider, bank or vendor they belong to first appears. The database holds the same chart (`ledger_chart`): it is
 * what opens accounts, and a test compares the two. There is no account for rounding: amounts add up.
 */
export type AccountKind = 'asset' | 'liability' | 'revenue' | 'expense' | 'equity';

interface AccountRule {
  readonly kind: AccountKind;
  /** True when the account may never go against its kind: the database refuses such a row. */
  readonly neverOverdrawn: boolean;
  /** True when each meter has a part of it, which must add up to the whole. */
  readonly perMeter?: true;
  readonly en: string;
  readonly bn: string;
}

const FIXED = {
  /** Payments received for which no token has been made yet. */
  'unspent-payments': {
    kind: 'liability',
    neverOverdrawn: true,
    en: 'Payments not yet vended',
    bn: 'ভেন্ড না হওয়া পেমেন্ট',
  },
  /** What customers paid beyond the last whole step of their token; used by their next recharge. */
  'customer-remainder': {
    kind: 'liability',
    neverOverdrawn: true,
    perMeter: true,
    en: 'Carried for customers',
    bn: 'গ্রাহকের পরের বারের জমা',
  },
  /** Old debt that recharges pay off. */
  'customer-arrears': {
    kind: 'asset',
    neverOverdrawn: true,
    perMeter: true,
    en: 'Arrears of customers',
    bn: 'গ্রাহকের বকেয়া',
  },
  /** Security deposits that customers get back when they leave. */
  'customer-deposits': { kind: 'liability', neverOverdrawn: true, en: 'Security deposits', bn: 'নিরাপত্তা জামানত' },
  'energy-revenue': { kind: 'revenue', neverOverdrawn: false, en: 'Energy', bn: 'বিদ্যুৎ বিক্রয়' },
  'demand-revenue': { kind: 'revenue', neverOverdrawn: false, en: 'Demand charge', bn: 'ডিমান্ড চার্জ' },
  'rent-revenue': { kind: 'revenue', neverOverdrawn: false, en: 'Meter rent', bn: 'মিটার ভাড়া' },
  'pfc-revenue': {
    kind: 'revenue',
    neverOverdrawn: false,
    en: 'Power factor surcharge',
    bn: 'পাওয়ার ফ্যাক্টর চার্জ',
  },
  'penalty-revenue': { kind: 'revenue', neverOverdrawn: false, en: 'Penalties', bn: 'জরিমানা' },
  /** What a retroactive tariff makes customers pay, or get back, for earlier recharges. */
  'tariff-adjustments': { kind: 'revenue', neverOverdrawn: false, en: 'Tariff adjustments', bn: 'মূল্যহার সমন্বয়' },
  'fee-revenue': { kind: 'revenue', neverOverdrawn: false, en: 'Service fees', bn: 'সেবা ফি' },
  'vat-payable': { kind: 'liability', neverOverdrawn: false, en: 'VAT owed to the state', bn: 'প্রদেয় ভ্যাট' },
  rebate: { kind: 'expense', neverOverdrawn: false, en: 'Rebate', bn: 'রিবেট' },
  /** The lifeline price given back for a month in which the customer turned out to use little. */
  'lifeline-credit': { kind: 'expense', neverOverdrawn: false, en: 'Lifeline credit', bn: 'লাইফলাইন ক্রেডিট' },
  commission: { kind: 'expense', neverOverdrawn: false, en: 'Commission', bn: 'কমিশন' },
  /** Sums on their way from a meter to the one that replaces it: empty whenever nobody is writing. */
  'meter-transfers': {
    kind: 'liability',
    neverOverdrawn: false,
    en: 'Between two meters',
    bn: 'এক মিটার থেকে আরেক মিটারে',
  },
  /** What energy given free is worth, and its other side: visible, and neither revenue nor anybody's debt. */
  'free-issues': { kind: 'expense', neverOverdrawn: false, en: 'Energy given free', bn: 'বিনামূল্যে দেওয়া বিদ্যুৎ' },
  'free-issues-given': {
    kind: 'expense',
    neverOverdrawn: false,
    en: 'Energy given free, contra',
    bn: 'বিনামূল্যে দেওয়া বিদ্যুতের বিপরীত হিসাব',
  },
  /** What a drawer had more or less than the books, found at the end of a shift. */
  'cash-over-short': { kind: 'expense', neverOverdrawn: false, en: 'Cash over and short', bn: 'নগদ কম-বেশি' },
  /** Cash that has left a station and that the bank has not received yet. */
  'cash-in-transit': { kind: 'asset', neverOverdrawn: true, en: 'Cash on its way to the bank', bn: 'ব্যাংকের পথে নগদ' },
  /** Debts that nobody will pay. */
  'write-offs': { kind: 'expense', neverOverdrawn: false, en: 'Debts written off', bn: 'অবলোপিত পাওনা' },
  /** The other side of what was brought over from the former system. */
  'opening-balances': {
    kind: 'equity',
    neverOverdrawn: false,
    en: 'Brought from the former system',
    bn: 'পূর্বের সিস্টেম থেকে আনীত',
  },
} as const satisfies Record<string, AccountRule>;

const FAMILIES = {
  /** Cash of a station (`cash:NESCO-RAJ-01`) or of one of its tills (`cash:NESCO-RAJ-01.2`). */
  cash: { kind: 'asset', neverOverdrawn: false, en: 'Cash in a till or station', bn: 'কাউন্টারের নগদ' },
  /** What a mobile-money provider owes us until it settles. */
  receivable: { kind: 'asset', neverOverdrawn: false, en: 'Owed by a provider', bn: 'প্রোভাইডারের কাছে পাওনা' },
  bank: { kind: 'asset', neverOverdrawn: false, en: 'Bank account', bn: 'ব্যাংক হিসাব' },
  /** What a vendor has paid in before selling. */
  float: { kind: 'liability', neverOverdrawn: true, en: "A vendor's float", bn: 'ভেন্ডরের অগ্রিম জমা' },
} as const satisfies Record<string, AccountRule>;

export type FixedAccount = keyof typeof FIXED;
export type AccountFamily = keyof typeof FAMILIES;
/** An account of one family, or of any of several. */
export type AccountOf<Family extends AccountFamily> = `${Family}:${string}`;
/** `cash:NESCO-RAJ-01`, `receivable:demo-bkash`, or one of the fixed accounts. */
export type AccountCode = FixedAccount | AccountOf<AccountFamily>;

/** The rule of an account. @throws {RangeError} for a code outside the chart: a programming error */
export function accountRule(code: AccountCode): AccountRule {
  const rule =
    (FIXED as Record<string, AccountRule>)[code] ??
    (FAMILIES as Record<string, AccountRule>)[code.slice(0, code.indexOf(':'))];
  if (!rule || !/^[a-z-]+(:[A-Za-z0-9._-]{1,40})?$/.test(code)) throw new RangeError(`no such account: ${code}`);
  return rule;
}

/** True when the text names an account that the chart allows. @example isAccountCode('float:V-17') // true */
export function isAccountCode(text: string): text is AccountCode {
  try {
    accountRule(text as AccountCode);
    return true;
  } catch {
    return false;
  }
}

/** True when credits make the account grow. */
export function isCreditNormal(code: AccountCode): boolean {
  const { kind } = accountRule(code);
  return kind !== 'asset' && kind !== 'expense';
}

export const FIXED_ACCOUNTS = Object.keys(FIXED) as FixedAccount[];
export const ACCOUNT_FAMILIES = Object.keys(FAMILIES) as AccountFamily[];
