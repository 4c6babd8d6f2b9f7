import type { InstantMs, LocalDay, Paisa, WattHours, YearMonth } from '@vend/kernel';

/** A text in the two languages of the utility. */
export interface Bilingual {
  readonly bn: string;
  readonly en: string;
}

/** Voltage level of a class: low, medium, high, extra high tension. */
export type Level = 'LT' | 'MT' | 'HT' | 'EHT';

/**
 * How post-paid debt (old bills, a meter sold on credit, penalties) is paid off. `capBp` is the most that a
 * recharge may lose to the plan, in basis points of the gross, so that the customer always gets energy.
 * No plan: nothing is taken. The sums owed are VAT-inclusive already (MONEY.md 5).
 */
export type ArrearsPlan =
  | {
      /** A fixed sum for each month, taken together with that month's fixed charges. */
      readonly kind: 'instalment';
      readonly monthlyPaisa: Paisa;
      /** The first month that owes an instalment: idle months before it are not counted. */
      readonly firstMonth: YearMonth;
      readonly capBp: bigint;
    }
  | {
      /** A share of every recharge, between a floor and a ceiling. */
      readonly kind: 'percent';
      readonly percentBp: bigint;
      readonly floorPaisa: Paisa;
      readonly ceilingPaisa: Paisa | null;
      readonly capBp: bigint;
    };

/** What is known of the meter and the connection at this instant: everything a price depends on but amount and time. */
export interface PricingState {
  readonly tariffClass: string;
  readonly phase: 1 | 3;
  readonly sanctionedW: bigint;
  readonly meterOwner: 'utility' | 'customer';
  readonly crediting: 'currency' | 'energy';
  readonly installedOn: LocalDay;
  /** The last day for which meter rent is owed; the month it falls in still pays. null: no end. */
  readonly rentUntil: LocalDay | null;
  /** The last month whose fixed charges were taken; null: none yet, owed since the month of installation. */
  readonly chargedThrough: YearMonth | null;
  /** `soldWh` is the energy sold in `soldMonth`; in any other month the count starts at zero. */
  readonly soldMonth: YearMonth | null;
  readonly soldWh: WattHours;
  readonly arrearsPaisa: Paisa;
  readonly arrearsPlan: ArrearsPlan | null;
  /** Money of earlier recharges too small for a token's step; VAT was paid on it then. */
  readonly remainderPaisa: Paisa;
  /** Power-factor surcharge known from the last reading, before VAT; taken whole, part of the minimum. Absent: none. */
  readonly pfcDuePaisa?: Paisa;
  /** Penalty assessed, before VAT; taken whole, part of the minimum. Absent: none. */
  readonly penaltyDuePaisa?: Paisa;
}

/** The closed list of receipt lines. */
export type QuoteLineCode =
  | 'arrears'
  | 'vat'
  | 'meter-rent'
  | 'demand-charge'
  | 'power-factor'
  | 'penalty'
  | 'rebate'
  | 'remainder-used'
  | 'remainder-carried'
  | 'energy';

/**
 * One component of a recharge. Sign: **plus is money the customer's payment went to, minus is money that came to
 * the customer's help** (rebate, remainder used), so the lines of a quote add up to the gross, to the paisa.
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
  /** Energy sold earlier in this month: where on the slabs this recharge began. */
  readonly soldBeforeWh: WattHours;
  readonly curve: CostCurve | null;
}

/**
 * A priced recharge. Every amount is >= 0. Law, to the paisa:
 * `gross = vat + rent + demand + arrears + pfc + penalty − rebate + energy + (remainderOut − remainderIn)`.
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
  readonly basis: QuoteBasis;
  /** The state after this recharge, to be stored with it. */
  readonly next: Pick<PricingState, 'chargedThrough' | 'soldMonth' | 'soldWh' | 'arrearsPaisa' | 'remainderPaisa'>;
}

/**
 * What a kWh total costs, piece by piece, in thousandths of a paisa (paisa per kWh × Wh), so that every step is exact.
 * A piece covers `startWh < total <= endWh`.
 */
export interface CostCurve {
  readonly pieces: readonly CostPiece[];
}

export interface CostPiece {
  readonly startWh: WattHours;
  /** null: no upper limit. */
  readonly endWh: WattHours | null;
  readonly ratePaisaPerKwh: Paisa;
  /** Cost of `startWh` at this piece's side of the limit, in thousandths of a paisa. */
  readonly baseMilliPaisa: bigint;
}

/** One step of a residential tariff; `toKwh` null means without limit. */
export interface Slab {
  readonly toKwh: number | null;
  readonly ratePaisaPerKwh: Paisa;
}

/** How a class prices a kWh. Time-of-use meters know the split; at the time of sale only `flat` can be used. */
export type EnergyRates =
  | { readonly kind: 'flat'; readonly flat: Paisa }
  | {
      readonly kind: 'tou';
      readonly flat: Paisa | null;
      readonly offPeak: Paisa;
      readonly peak: Paisa;
      readonly superOffPeak: Paisa | null;
    }
  | { readonly kind: 'slab'; readonly lifeline: Slab | null; readonly slabs: readonly Slab[] };

/** A customer class of a tariff version. Rates are paisa per kWh, before VAT. */
export interface TariffClass {
  readonly code: string;
  readonly level: Level;
  readonly name: Bilingual;
  /** Paisa per kW of sanctioned load and month; null: the source has none and the class cannot be priced. */
  readonly demandPaisaPerKw: Paisa | null;
  readonly rates: EnergyRates;
  /** Cost of energy sold in energy mode, lifeline policy applied; null when no flat rate is known. */
  readonly saleCurve: CostCurve | null;
  /** Slabs from zero with lifeline as the first one: the estimate printed for currency-mode meters. */
  readonly estimateCurve: CostCurve | null;
}

/**
 * What happens to the lifeline rate (legally only for a month of at most 50 kWh) when energy is sold before it is used:
 * `none`: sold at slab 1 · `month_end_credit`: sold at slab 1, the difference is credited when the month stayed
 * within the limit (see lifelineCredit) · `first_50_then_reprice`: sold at lifeline, repriced from unit one at the limit.
 */
export type LifelinePolicy = 'none' | 'month_end_credit' | 'first_50_then_reprice';

/** A published tariff: never edited, only superseded by a later one or revoked. */
export interface TariffVersion {
  readonly id: string;
  readonly title: Bilingual;
  /** The day of the order; vends before it cannot have known it. null: not known, taken as the effective day. */
  readonly publishedOn: LocalDay | null;
  readonly effectiveFrom: LocalDay;
  /** First day no longer in force; null: until superseded. */
  readonly endsOn: LocalDay | null;
  /** First day on which it counts as withdrawn; null: stands. */
  readonly revokedOn: LocalDay | null;
  readonly lifeline: LifelinePolicy;
  /** Percent added to energy, demand charge and rent; it is inside the gross. */
  readonly vatPercent: bigint;
  /** Paisa per month for a utility's meter, by phase. */
  readonly meterRentPaisa: Readonly<Record<1 | 3, Paisa>>;
  readonly classes: ReadonlyMap<string, TariffClass>;
}

/** rebate = round2(base × percentBp / 10000 / (divisorBp / 10000)); belongs to a utility and a date (MONEY.md 1). */
export interface RebateProfile {
  readonly id: string;
  readonly effectiveFrom: LocalDay;
  /** First day no longer in force; null: until superseded. */
  readonly endsOn: LocalDay | null;
  /** 100 is 1 %. */
  readonly percentBp: bigint;
  /** 10100 is 1.01. */
  readonly divisorBp: bigint;
}

/** All dated versions and profiles that one utility prices with. Made by `tariffBook`. */
export interface TariffBook {
  readonly id: string;
  readonly versions: readonly TariffVersion[];
  readonly rebateProfiles: readonly RebateProfile[];
  /** The most one recharge may be, by level: the project's limit, not the regulator's. */
  readonly maximumRechargePaisa: Readonly<Record<Level, Paisa>>;
  /**
   * The version a vend at this instant is priced with: the latest in effect, published and not withdrawn.
   *
   * @throws {DomainError<TariffErrorCode>} tariff-not-in-force
   */
  versionAt(at: InstantMs): TariffVersion;
  /**
   * The version a past month's fixed charges are owed under, as known at `at`: in effect on the month's first day.
   *
   * @throws {DomainError<TariffErrorCode>} tariff-not-in-force
   */
  versionForMonth(month: YearMonth, at: InstantMs): TariffVersion;
  /** @throws {DomainError<TariffErrorCode>} tariff-not-in-force */
  rebateAt(at: InstantMs): RebateProfile;
}
