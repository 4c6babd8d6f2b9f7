import type { Paisa, WattHours, YearMonth } from '@vend/kernel';
import type { ArrearsPlan, Bilingual, CostCurve, PricingState, RebateProfile } from './tariff';

/** The closed list of receipt lines. */
export type QuoteLineCode =
  | 'arrears'
  | 'vat'
  | 'meter-rent'
  | 'demand-charge'
  | 'power-factor'
  | 'penalty'
  | 'rebate'
  | 'lifeline-credit'
  | 'adjustment'
  | 'remainder-used'
  | 'remainder-carried'
  | 'energy';

/**
 * One component of a recharge. Sign: **plus is money the customer's payment went to, minus is money that came to
 * the customer's help** (rebate, lifeline credit, remainder used), so the lines of a quote add up to the gross, to the paisa.
 */
export interface QuoteLine {
  readonly code: QuoteLineCode;
  readonly amountPaisa: Paisa;
  readonly label: Bilingual;
  /** Rate, base and months in words, with ASCII digits. */
  readonly why: Bilingual;
}

/** One month's fixed charges as this recharge pays them. */
export interface MonthCharge {
  readonly month: YearMonth;
  readonly rentPaisa: Paisa;
  readonly demandPaisa: Paisa;
  readonly demandPaisaPerKw: Paisa;
  /** The load of that month, where it is not the present one. */
  readonly sanctionedW?: bigint;
}

/** What an earlier month within the lifeline is owed back. */
export interface LifelineCredit {
  readonly month: YearMonth;
  readonly soldWh: WattHours;
  readonly lifelinePaisaPerKwh: Paisa;
  readonly slabPaisaPerKwh: Paisa;
  readonly creditPaisa: Paisa;
}

/** What the reasons on the lines are written from; plain data, shared and frozen where large. */
export interface QuoteBasis {
  readonly tariffClass: string;
  readonly crediting: 'currency' | 'energy';
  readonly phase: 1 | 3;
  readonly sanctionedW: bigint;
  readonly vatPercent: bigint;
  readonly charges: readonly MonthCharge[];
  readonly arrearsPlan: ArrearsPlan | null;
  readonly arrearsLeftPaisa: Paisa;
  readonly rebate: RebateProfile;
  /** The sum the rebate was reckoned on: net − arrears − rent. */
  readonly rebateBasePaisa: Paisa;
  /** What the lifeline credit was reckoned on; null: none is due. */
  readonly lifelineCredit: LifelineCredit | null;
  /** What stays due of a retroactive order, signed as in the state. */
  readonly adjustmentLeftPaisa: Paisa;
  /** Energy sold earlier in this month: where on the slabs this recharge began. */
  readonly soldBeforeWh: WattHours;
  readonly curve: CostCurve | null;
}

/**
 * A priced recharge. Every amount is >= 0, but for the adjustment, which has a sign. Law, to the paisa:
 * `gross = vat + rent + demand + arrears + pfc + penalty + adjustment − rebate − lifelineCredit + energy
 * + (remainderOut − remainderIn)`.
 * The lines with their reasons are `quoteLines(quote)`: a function, because most callers of price() (an inquiry,
 * a retry, an audit) never print them.
 */
export interface Quote {
  readonly grossPaisa: Paisa;
  readonly vatPaisa: Paisa;
  /** gross − VAT. */
  readonly netPaisa: Paisa;
  readonly rentPaisa: Paisa;
  readonly demandPaisa: Paisa;
  readonly arrearsPaisa: Paisa;
  readonly pfcPaisa: Paisa;
  readonly penaltyPaisa: Paisa;
  readonly rebatePaisa: Paisa;
  /** What an earlier month within the lifeline gets back, once (policy `month_end_credit`). */
  readonly lifelineCreditPaisa: Paisa;
  /** Settled now for earlier recharges under a retroactive order: plus from the customer, minus to the customer. */
  readonly adjustmentPaisa: Paisa;
  /** Value of the energy, or of the currency credit, that the token carries. */
  readonly energyPaisa: Paisa;
  readonly remainderInPaisa: Paisa;
  readonly remainderOutPaisa: Paisa;
  /** Energy mode: exactly what the token carries, a value its 16-bit amount can hold; null in currency mode. */
  readonly energyWh: WattHours | null;
  /**
   * Currency mode: an estimate to the nearest 0.01 kWh (as receipts print it), to be labelled as such; null in energy
   * mode or without a flat rate.
   */
  readonly estimatedWh: WattHours | null;
  /** The months whose fixed charges this recharge pays, oldest first. */
  readonly months: readonly YearMonth[];
  readonly tariffVersion: string;
  readonly rebateProfile: string;
  readonly minimumRechargePaisa: Paisa;
  readonly maximumRechargePaisa: Paisa;
  readonly basis: QuoteBasis;
  /** The state after this recharge, to be stored with it. */
  readonly next: NextState;
}

/** What a recharge changes of a meter's state. What it takes whole is no longer due. */
export type NextState = Pick<
  PricingState,
  'chargedThrough' | 'soldMonth' | 'soldWh' | 'arrearsPaisa' | 'remainderPaisa'
> &
  Required<Pick<PricingState, 'pfcDuePaisa' | 'penaltyDuePaisa' | 'adjustmentDuePaisa'>>;
