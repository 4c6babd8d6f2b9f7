/**
 * The chart of accounts. An account's code says what it is; accounts with a suffix are made when the station or
 * provider they belong to first appears.
 */
export type AccountKind = 'asset' | 'liability' | 'revenue' | 'expense';

interface AccountRule {
  readonly kind: AccountKind;
  /** True when the account may never go against its kind: the database refuses such a row. */
  readonly neverOverdrawn: boolean;
}

const FIXED = {
  /** Payments received for which no token has been made yet. */
  'unspent-payments': { kind: 'liability', neverOverdrawn: true },
  /** What customers paid beyond the last whole step of their token; used by their next recharge. */
  'customer-remainder': { kind: 'liability', neverOverdrawn: true },
  /** Old debt that recharges pay off. */
  'customer-arrears': { kind: 'asset', neverOverdrawn: true },
  'energy-revenue': { kind: 'revenue', neverOverdrawn: false },
  'demand-revenue': { kind: 'revenue', neverOverdrawn: false },
  'rent-revenue': { kind: 'revenue', neverOverdrawn: false },
  'pfc-revenue': { kind: 'revenue', neverOverdrawn: false },
  'penalty-revenue': { kind: 'revenue', neverOverdrawn: false },
  'vat-payable': { kind: 'liability', neverOverdrawn: false },
  rebate: { kind: 'expense', neverOverdrawn: false },
  /** The lifeline price given back for a month in which the customer turned out to use little. */
  'lifeline-credit': { kind: 'expense', neverOverdrawn: false },
} as const satisfies Record<string, AccountRule>;

const FAMILIES = {
  /** Cash in the tills of a station. */
  cash: { kind: 'asset', neverOverdrawn: false },
  /** What a mobile-money provider owes us until it settles. */
  receivable: { kind: 'asset', neverOverdrawn: false },
} as const satisfies Record<string, AccountRule>;

export type FixedAccount = keyof typeof FIXED;
/** `cash:NESCO-RAJ-01`, `receivable:demo-bkash`, or one of the fixed accounts. */
export type AccountCode = FixedAccount | `${keyof typeof FAMILIES}:${string}`;

/** The rule of an account. @throws {RangeError} for a code outside the chart: a programming error */
export function accountRule(code: AccountCode): AccountRule {
  const rule =
    (FIXED as Record<string, AccountRule>)[code] ??
    (FAMILIES as Record<string, AccountRule>)[code.slice(0, code.indexOf(':'))];
  if (!rule || !/^[a-z-]+(:[A-Za-z0-9._-]{1,40})?$/.test(code)) throw new RangeError(`no such account: ${code}`);
  return rule;
}

export const FIXED_ACCOUNTS = Object.keys(FIXED) as FixedAccount[];
