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

/** What fixed charges were reckoned by in months before the present terms began. */
export interface PastTerms {
  /** The last month that they count for. */
  readonly throughMonth: YearMonth;
  readonly tariffClass: string;
  readonly phase: 1 | 3;
  readonly sanctionedW: bigint;
  readonly meterOwner: 'utility' | 'customer';
}

/** What of the past decides fixed charges that are still owed (MONEY.md 2): a month is owed once, by its own terms. */
export interface ChargingHistory {
  /** The connection's first month, where that is before this meter's installation: it replaced another. null: none. */
  readonly since: YearMonth | null;
  /** First and last month of each span in which the connection was off all the time. */
  readonly off: readonly (readonly [first: YearMonth, last: YearMonth])[];
  /** Oldest first. */
  readonly past: readonly PastTerms[];
}

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
  /**
   * What a retroactive order (policy `adjust_at_next_vend`) leaves to be settled for earlier recharges, before VAT:
   * plus is owed by the customer, minus to the customer. Taken as far as 0.1 kWh stays; the rest stays due. Absent: none.
   */
  readonly adjustmentDuePaisa?: Paisa;
  /** Absent: the present terms count for every month since the installation. */
  readonly charging?: ChargingHistory;
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
  /** As printed, where the source gives it. */
  readonly fromKwh?: number;
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

/**
 * What a version published after it took effect means for recharges in between: `from_next_vend`: nothing, it counts from
 * the next one · `adjust_at_next_vend`: the difference is settled at the next one (see retroactiveDue).
 */
export type RetroactivePolicy = 'from_next_vend' | 'adjust_at_next_vend';

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
  readonly policy: RetroactivePolicy;
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

/** How a recharge reaches us; each way may have limits of its own. */
export type RechargeChannel = 'counter' | 'mobile-money' | 'callback' | 'checkout';

/** What one recharge may be. */
export interface AmountLimits {
  readonly minimumPaisa: Paisa;
  /** null: only the level's limit. */
  readonly maximumPaisa: Paisa | null;
  /** Amounts come in multiples of this: 1 at a counter, 100 by mobile money, which sends whole Taka. */
  readonly stepPaisa: Paisa;
}

/** The limits of one recharge, dated: the utility's own decision, not the regulator's. */
export interface RechargeLimits {
  readonly id: string;
  readonly effectiveFrom: LocalDay;
  /** First day no longer in force; null: until superseded. */
  readonly endsOn: LocalDay | null;
  readonly levelMaximumPaisa: Readonly<Record<Level, Paisa>>;
  readonly channels: Readonly<Record<RechargeChannel, AmountLimits>>;
}

/** A service fee by level of the connection, in paisa before VAT; null: the table prints none. */
export interface FeeRow {
  readonly singlePhase: Paisa | null;
  readonly threePhase: Paisa | null;
  /** Low tension through current transformers, where that differs. */
  readonly currentTransformer?: Paisa;
  readonly mt: Paisa | null;
  readonly ht: Paisa | null;
  readonly eht: Paisa | null;
}

/** A row of the deposit table: these classes, up to this load, pay this much for each kW. */
export interface DepositRow {
  readonly classes: readonly string[];
  /** null: any load. */
  readonly upToKw: number | null;
  readonly paisaPerKw: Paisa;
}

/** Service fees and security deposits of post-paid connections, dated. */
export interface FeeSchedule {
  readonly id: string;
  readonly effectiveFrom: LocalDay;
  /** First day no longer in force; null: until superseded. */
  readonly endsOn: LocalDay | null;
  /** Percent added to a fee (not inside it, unlike a recharge's). */
  readonly vatPercent: bigint;
  readonly fees: ReadonlyMap<string, FeeRow>;
  /** The first row that fits counts. */
  readonly deposits: readonly DepositRow[];
}

/** All dated versions and profiles that one utility prices with. Made by `tariffBook`. */
export interface TariffBook {
  readonly id: string;
  readonly versions: readonly TariffVersion[];
  readonly rebateProfiles: readonly RebateProfile[];
  readonly limits: readonly RechargeLimits[];
  readonly feeSchedules: readonly FeeSchedule[];
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
  /** The limits of one recharge now; where none are published, the project's own. */
  limitsAt(at: InstantMs): RechargeLimits;
  /** @throws {DomainError<TariffErrorCode>} tariff-not-in-force */
  feesAt(at: InstantMs): FeeSchedule;
}
