import type { Id, InstantMs, Paisa, WattHours } from '@vend/kernel';
import type { PricingState, Quote } from '@vend/tariff';

export const CHANNELS = ['counter', 'mobile-money', 'callback'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A payment that asks for a vend. (source, sourceRef) is its business key: at most one effect, for ever. */
export interface RechargeCommand {
  /** Who vouches for the money: `till:<station>` or `provider:<code>`. */
  readonly source: string;
  /** The till's Idempotency-Key, or the provider's transaction id. */
  readonly sourceRef: string;
  readonly channel: Channel;
  /** Who did it, for the record: `user:<username>` or `partner:<code>`. */
  readonly actor: string;
  /** The meter to credit, or why the payer's reference names none. */
  readonly meterId: Id | null;
  readonly unresolvedCode?: string;
  readonly grossPaisa: Paisa;
  /** The quote that the payer saw, if any: its expiry always counts, its lines only at a counter. */
  readonly quote?: { readonly expiresAt: InstantMs; readonly fingerprint: string };
  /** True when the payer's money is already gone (mobile money): an absent token server keeps the payment as pending. */
  readonly moneyIsTaken: boolean;
  /** True when nobody is there to be refused (a callback): a payment that cannot be vended is kept as owed back. */
  readonly keepWhenRefused?: boolean;
}

/** What became of a payment, as the books have it. */
export interface RechargeRecord {
  readonly rechargeId: Id;
  readonly source: string;
  readonly sourceRef: string;
  readonly channel: Channel;
  /** RECEIVED: money is in, the vend is still to come. APPLIED: vended. REFUND_DUE: it cannot be vended. */
  readonly state: 'RECEIVED' | 'APPLIED' | 'REFUND_DUE' | 'REFUNDED';
  readonly refusalCode: string | null;
  /** null: money whose meter nobody knows; it is owed back. */
  readonly meterId: Id | null;
  readonly grossPaisa: Paisa;
  readonly receivedAt: InstantMs;
  readonly vend: VendRecord | null;
}

export interface VendToken {
  readonly sequence: number;
  readonly of: number;
  readonly kind: 'credit';
  readonly subclass: number;
  readonly tid: number;
  /** 20 digits. */
  readonly digits: string;
  /** Tenths of a kWh (subclass 0) or 0.00001 Taka (subclass 4): what the meter credits. */
  readonly creditedUnits: bigint;
  /** Made with the IEC sample tables: not for real meters. */
  readonly sampleTables: boolean;
}

export interface VendRecord {
  readonly vendId: Id;
  readonly receiptNo: string;
  readonly issuedAt: InstantMs;
  readonly amounts: VendAmounts;
  readonly energyWh: WattHours | null;
  readonly estimatedWh: WattHours | null;
  /** The book of versions and profiles that the price was looked up in. */
  readonly tariffBook: string;
  readonly tariffVersion: string;
  readonly rebateProfile: string;
  /** The meter's state that was priced: with the versions above, anyone can recompute every line. */
  readonly pricedState: PricingState;
  readonly tokens: readonly VendToken[];
}

/** The parts of a vend; each is zero or more. gross = vat + rent + demand + arrears + pfc + penalty - rebate + energy + remainder out - remainder in. */
export type VendAmounts = Pick<
  Quote,
  | 'grossPaisa'
  | 'vatPaisa'
  | 'rentPaisa'
  | 'demandPaisa'
  | 'arrearsPaisa'
  | 'pfcPaisa'
  | 'penaltyPaisa'
  | 'rebatePaisa'
  | 'energyPaisa'
  | 'remainderInPaisa'
  | 'remainderOutPaisa'
>;

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
