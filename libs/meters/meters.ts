import type { Id, LocalDay, Paisa, WattHours, YearMonth } from '@vend/kernel';
import type { Crediting, Language, MeterKeys, MeterOwner, MeterStatus, Phase, SmsForm } from './attributes';
import type { Charging } from './life/charging';
import type { Supply } from './life/history';

export * from './attributes';

/** A reference resolved to a meter: the least that a recharge and its answer need, in one query. */
export interface MeterRef {
  readonly meterId: Id;
  readonly status: MeterStatus;
  /** 18 digits. */
  readonly pan: string;
  readonly customerNo: string;
  readonly customerName: string;
  /** Code of the head-end that reaches it over the air; null: its tokens are typed. */
  readonly headEnd: string | null;
}

/** What the office and the counter see of a meter. No phone number: who needs it asks `receiptAddresses`. */
export interface MeterCard extends MeterRef {
  /** 11 or 13 digits. */
  readonly drn: string;
  readonly owner: MeterOwner;
  readonly crediting: Crediting;
  readonly installedOn: LocalDay;
  readonly rentUntil: LocalDay | null;
  readonly customerId: Id;
  readonly address: string;
  readonly office: string;
  readonly language: Language;
  readonly tariffClass: string;
  readonly phase: Phase;
  /** Watts; `formatKw` writes it as kW. */
  readonly sanctionedW: bigint;
  /** Only a connected meter is vended to. */
  readonly supply: Supply;
  /** What load and class were before a change whose day has come, until it is written down everywhere; null: nothing. */
  readonly former: { readonly from: LocalDay; readonly tariffClass: string; readonly sanctionedW: bigint } | null;
  readonly keys: MeterKeys;
  /** The most that its model's register holds; null: not known, or of the other unit. */
  readonly registerMaxWh: WattHours | null;
  readonly registerMaxPaisa: Paisa | null;
}

/** What the vending lane reads of a meter: everything a price, a token and a receipt depend on. No phone number. */
export type VendingMeter = Omit<MeterCard, 'address' | 'office'>;

/**
 * What a vend changes of a meter, and locks. `soldWh` is the energy sold in `soldMonth`; `chargedThrough` is
 * the last month whose fixed charges were taken; null: none yet.
 */
export interface MeterState {
  readonly meterId: Id;
  /** The last TID reserved on the base date of the meter's key, 0 before the first token; it only rises. */
  readonly lastTid: number;
  readonly chargedThrough: YearMonth | null;
  readonly soldMonth: YearMonth | null;
  readonly soldWh: WattHours;
  readonly arrearsPaisa: Paisa;
  readonly remainderPaisa: Paisa;
  /** How the arrears are paid off, as vending writes it; null: nothing is taken. Not changed by a vend. */
  readonly arrearsPlanJson: string | null;
  /** Sums that the next vend takes, before VAT: power factor and penalty whole, an adjustment (signed) as far as energy stays. */
  readonly pfcDuePaisa: Paisa;
  readonly penaltyDuePaisa: Paisa;
  readonly adjustmentDuePaisa: Paisa;
  /** Key-change tokens wait for this meter's next vend. */
  readonly keyChangeDue: boolean;
  /** Months owed otherwise than by the present terms; null for nearly every meter. Not changed by a vend. */
  readonly charging: Charging | null;
}

/** Where a customer's receipt goes. The mobile number must not reach a log, a URL or job data. */
export interface ReceiptAddress {
  /** 8801XXXXXXXXX; null when the customer gave none. */
  readonly mobile: string | null;
  readonly language: Language;
  /** Left out: words. */
  readonly smsForm?: SmsForm;
}
