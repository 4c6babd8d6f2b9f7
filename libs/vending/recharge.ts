import type { Id, InstantMs, Paisa, WattHours } from '@vend/kernel';
import type { AccountOf, VendKind } from '@vend/ledger';
import type { PricingState, Quote } from '@vend/tariff';
import { MANAGEMENT_KINDS, type ManagementKind } from './ports';

export const CHANNELS = ['counter', 'mobile-money', 'callback', 'checkout'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A payment that asks for a vend. (source, sourceRef) is its business key: at most one effect, for ever. */
export interface RechargeCommand {
  /** Who vouches for the money: `till:<station>`, `provider:<code>`, or `vendor:<code>` who pays from its float. */
  readonly source: string;
  /** The till's Idempotency-Key, or the provider's transaction id. */
  readonly sourceRef: string;
  readonly channel: Channel;
  /** Who did it, for the record: `user:<username>` or `partner:<code>`. */
  readonly actor: string;
  /** The meter to credit, or why the payer's reference names none. */
  readonly meterId: Id | null;
  readonly unresolvedCode?: string;
  /** Why a person must look before anything is vended, although the meter is known: it is refused with this code. */
  readonly holdCode?: string;
  /**
   * What the payer named the meter by, as given. It belongs to the claim: a repeat says the same, although the number
   * may mean another meter by then (a customer number after a replacement). Kept as a hash.
   */
  readonly reference?: string;
  readonly grossPaisa: Paisa;
  /** The quote that the payer saw, if any: its expiry always counts, its lines at a counter and where it is `binding`. */
  readonly quote?: { readonly expiresAt: InstantMs; readonly fingerprint: string; readonly binding?: boolean };
  /** True when the payer's money is already gone (mobile money): an absent token server keeps the payment as pending. */
  readonly moneyIsTaken: boolean;
  /** True when nobody is there to be refused (a callback): a payment that cannot be vended is kept as owed back. */
  readonly keepWhenRefused?: boolean;
  /** Where the money lies when the source alone does not say it: the drawer of a shift, the float an agent sells from. */
  readonly funds?: AccountOf<'cash' | 'float'>;
  /** What an agent keeps of the sale: added to the float of `funds` with it. */
  readonly commissionPaisa?: Paisa;
}

/** What became of a payment, as the books have it. */
export interface RechargeRecord {
  readonly rechargeId: Id;
  readonly source: string;
  readonly sourceRef: string;
  readonly channel: Channel;
  readonly kind: VendKind;
  /** RECEIVED: money is in, the vend is still to come. APPLIED: vended. REFUND_DUE: it cannot be vended. */
  readonly state: 'RECEIVED' | 'APPLIED' | 'REFUND_DUE' | 'REFUNDED';
  readonly refusalCode: string | null;
  /** null: money whose meter nobody knows; it is owed back. */
  readonly meterId: Id | null;
  readonly grossPaisa: Paisa;
  readonly receivedAt: InstantMs;
  /** What was asked for under the key, as hashes: by meter and amount, and by what the payer typed. */
  readonly asked: AskedFor;
  readonly vend: VendRecord | null;
}

/** Hexadecimal SHA-256; the reference is null where a meter was named otherwise (a quote). */
export interface AskedFor {
  readonly content: string;
  readonly reference: string | null;
}

interface AnyVendToken {
  /** 1-based place in the order in which the customer types the tokens of a vend. */
  readonly sequence: number;
  readonly of: number;
  /** 20 digits. */
  readonly digits: string;
  /** STS subclass within the token's class: 0 and 4 credit; 3, 4, 8, 9 the sections of a key change; 0, 1, 5, 6 management. */
  readonly subclass: number;
  /** Made with the IEC sample tables: not for real meters. */
  readonly sampleTables: boolean;
}

export interface CreditVendToken extends AnyVendToken {
  readonly kind: 'credit';
  readonly tid: number;
  /** Tenths of a kWh (subclass 0) or 0.00001 Taka (subclass 4): what the meter credits. */
  readonly creditedUnits: bigint;
}

/** A section of a key change: it credits nothing and carries no TID, and all come before the credit (STS.md 5.1). */
export interface KeyChangeVendToken extends AnyVendToken {
  readonly kind: 'key-change';
  readonly tid: null;
  readonly creditedUnits: null;
}

/** Tells one meter something about itself (class 2): it credits nothing, and is taken once, as credit is. */
export interface ManagementVendToken extends AnyVendToken {
  readonly kind: ManagementKind;
  readonly tid: number;
  readonly creditedUnits: null;
  /** What the meter takes: watts of a limit, the register that is cleared (65535: all), 0 for clear-tamper. */
  readonly value: bigint;
}

/** Asks a meter to show or test something (class 1): neither encrypted nor used up, the same for every meter. */
export interface TestDisplayVendToken extends AnyVendToken {
  readonly kind: 'test-display';
  readonly tid: null;
  readonly creditedUnits: null;
}

export type VendToken = CreditVendToken | KeyChangeVendToken | ManagementVendToken | TestDisplayVendToken;
export const VEND_TOKEN_KINDS = ['key-change', 'credit', ...MANAGEMENT_KINDS, 'test-display'] as const;
export type VendTokenKind = (typeof VEND_TOKEN_KINDS)[number];

/** What a price was looked up in and reckoned from: with it anyone can recompute every line. */
export interface VendPricing {
  /** The book of versions and profiles that the price was looked up in. */
  readonly tariffBook: string;
  /** The revision of the book at which it was priced: what was published and what was revoked then. */
  readonly priceRevision: number;
  readonly tariffVersion: string;
  readonly rebateProfile: string;
  /** The meter's state that was priced. */
  readonly pricedState: PricingState;
}

/** What a kind of vend says of itself beyond amounts and tokens: reasons, readings, limits. No secret, no phone number. */
export type VendDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface VendRecord {
  readonly vendId: Id;
  readonly kind: VendKind;
  readonly receiptNo: string;
  readonly issuedAt: InstantMs;
  readonly amounts: VendAmounts;
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
  /** null: nothing was priced. A credit vend always is. */
  readonly pricing: VendPricing | null;
  readonly detail: VendDetail | null;
  /** In the order in which they are typed: key-change tokens, if any, then the others. */
  readonly tokens: readonly VendToken[];
}

/**
 * The parts of a vend; each is zero or more, but for the adjustment, which has a sign. gross = vat + rent + demand +
 * arrears + pfc + penalty + adjustment + fee - deposit - granted - rebate - lifeline credit + energy + remainder out
 * - remainder in.
 */
export type VendAmounts = PricedAmounts & {
  /** A service fee, before the VAT that is added to it. */
  readonly feePaisa: Paisa;
  /** A deposit that is turned into credit. */
  readonly depositPaisa: Paisa;
  /** Value that nobody pays for with this vend: given free, or carried over from another meter. */
  readonly grantedPaisa: Paisa;
};

/** The parts that pricing makes. */
type PricedAmounts = Pick<
  Quote,
  | 'grossPaisa'
  | 'vatPaisa'
  | 'rentPaisa'
  | 'demandPaisa'
  | 'arrearsPaisa'
  | 'pfcPaisa'
  | 'penaltyPaisa'
  | 'rebatePaisa'
  | 'lifelineCreditPaisa'
  | 'adjustmentPaisa'
  | 'energyPaisa'
  | 'remainderInPaisa'
  | 'remainderOutPaisa'
>;

/** What a payer wants a quote for: an amount, so much energy (an estimate for a currency meter), or the least there is. */
export type QuoteAsk = { readonly grossPaisa: Paisa } | { readonly energyWh: WattHours } | { readonly minimum: true };

/** A record, and whether this call found it already there. */
export interface RechargeAnswer {
  readonly record: RechargeRecord;
  readonly replayed: boolean;
}

/** A quote for a payer to look at, under an id that binds meter, amount and price, and expires. */
export interface QuoteOffer {
  readonly quoteId: string;
  readonly expiresAt: InstantMs;
  readonly quote: Quote;
  readonly pricedState: PricingState;
}
