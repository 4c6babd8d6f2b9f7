import type { AccountOf } from '@vend/ledger';
import type { Paisa } from '@vend/kernel';

/** How a company's calls look when it sells our recharges (it calls us). CHANNELS.md, 1. */
export const BILLER_PROFILES = [
  'quote-charge-v1',
  'biller-form-v1',
  'biller-json-v1',
  'fetch-pay-status-v1',
  'xml-ack-v1',
] as const;
export type BillerProfileName = (typeof BILLER_PROFILES)[number];

/** How a gateway is spoken to when a customer pays on our own page (we call it, it calls back). CHANNELS.md, 2 to 5. */
export const CHECKOUT_PROFILES = ['bkash-checkout-v1', 'nagad-checkout-v1', 'sslcommerz-v4'] as const;
export type CheckoutProfileName = (typeof CHECKOUT_PROFILES)[number];

/** What tells us of money beside the way it came: CHANNELS.md, 3. */
export const NOTICE_PROFILES = ['bkash-webhook-v1'] as const;
export type NoticeProfileName = (typeof NOTICE_PROFILES)[number];

/**
 * Our own signed contract (/v1/biller, /v1/callbacks/topup). What such a partner may do, and its key, are in its own
 * record; a row here has the terms under which it settles, and whose statements are read.
 */
export const SIGNED_PROFILE = 'signed-v1';

/** Every contract that a row may name. */
export const PROVIDER_PROFILES = [
  ...BILLER_PROFILES,
  ...CHECKOUT_PROFILES,
  ...NOTICE_PROFILES,
  SIGNED_PROFILE,
] as const;
export type ProviderProfileName = (typeof PROVIDER_PROFILES)[number];

/**
 * A company that takes customers' money for us, as configured in the database: which contract it speaks, and under
 * which terms. `provider:<code>` is the source of its payments and `receivable:<code>` what it owes us.
 *
 * `credentials` must reach neither a log nor an error.
 */
export interface Provider {
  /** At most 32 characters of A-Z a-z 0-9 . _ - */
  readonly code: string;
  readonly name: string;
  readonly profile: ProviderProfileName;
  /** In `sandbox` nothing is vended: answers are played by the triggers of docs/PARTNERS.md. */
  readonly mode: 'live' | 'sandbox';
  readonly active: boolean;
  /** What is secret, by the names of the profile: userName, password, appSecret, merchantPrivateKey … */
  readonly credentials: Readonly<Record<string, string>>;
  /** What is not: base URLs, merchant and topic ids, time-outs. */
  readonly settings: Readonly<Record<string, string>>;
  /** CIDR blocks or addresses that may call us in its name; nobody when it is empty. */
  readonly allowedAddresses: readonly string[];
  /** Beside what the tariff allows; null: no limit of its own. */
  readonly minimumPaisa: Paisa | null;
  readonly maximumPaisa: Paisa | null;
  /** True when it sells from what it has paid in before (`float:<code>`), and not on account. */
  readonly prepaid: boolean;
  /** A float with less than this is shown as low; null: it is never. */
  readonly lowFloatPaisa: Paisa | null;
  /** What it keeps of each payment, in hundredths of a percent; 150 is 1.5 %. */
  readonly commissionBasisPoints: number;
  /** Where it pays what it owes, and where the VAT share of it goes when that is apart. */
  readonly settlementBank: AccountOf<'bank'>;
  readonly vatBank: AccountOf<'bank'> | null;
}

/**
 * The source of a provider's payments: with the transaction id their business key. `provider:<code>` sells on account,
 * `vendor:<code>` from its float.
 *
 * @example sourceOfProvider({ code: 'demo-form', prepaid: false }) // 'provider:demo-form'
 */
export function sourceOfProvider({ code, prepaid }: Pick<Provider, 'code' | 'prepaid'>): string {
  return `${prepaid ? 'vendor' : 'provider'}:${code}`;
}
