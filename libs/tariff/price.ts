import { DomainError, dhakaMonth, formatKwh, formatTaka, roundHalfUp } from '@vend/kernel';
import type { InstantMs, Paisa, WattHours, YearMonth } from '@vend/kernel';
import { arrearsShare, checkArrearsPlan, classOf, monthsOwed } from './charges';
import { affordableWh, costOfMilliPaisa } from './curve';
import { lifelineCredit } from './lifeline';
import type { LifelineCredit, MonthCharge, Quote, QuoteBasis } from './quote';
import type {
  CostCurve,
  PricingState,
  RebateProfile,
  RechargeChannel,
  TariffBook,
  TariffClass,
  TariffVersion,
} from './tariff';
import type { TariffErrorCode } from './tariff.errors';
import { TOKEN_MAXIMUM_WH, TOKEN_STEP_WH, tokenFloorWh } from './token-step';

const MILLI = 1000n;

/** Everything of a price that does not depend on the amount. */
export interface Terms {
  readonly state: PricingState;
  readonly month: YearMonth;
  readonly version: TariffVersion;
  readonly tariffClass: TariffClass;
  readonly rebate: RebateProfile;
  readonly charges: readonly MonthCharge[];
  readonly months: readonly YearMonth[];
  readonly rentPaisa: Paisa;
  readonly demandPaisa: Paisa;
  readonly pfcPaisa: Paisa;
  readonly penaltyPaisa: Paisa;
  readonly lifelineCredit: LifelineCredit | null;
  readonly soldWh: WattHours;
  /** What 0.1 kWh costs here: an adjustment may not take it. */
  readonly leastEnergyPaisa: Paisa;
  /** What is accepted at least … */
  readonly minimumPaisa: Paisa;
  /** … and the next amount above it that the channel can send: what a payer is told. */
  readonly payableMinimumPaisa: Paisa;
  readonly maximumPaisa: Paisa;
  readonly stepPaisa: Paisa;
}

/** What else a price may depend on. */
export interface PriceOptions {
  /** The way the recharge comes in, for its own limits; `counter` unless told. */
  readonly channel?: RechargeChannel;
}

/**
 * Prices one recharge: pure and exact (MONEY.md 1, 2, 4, 5). `grossPaisa` is what the customer pays, VAT included.
 *
 * Order: arrears off the top; VAT inside the rest; rebate on what remains without meter rent; then rent, demand charge,
 * power factor and penalty; a carried remainder and a lifeline credit come to help; what a retroactive order left due is
 * settled as far as 0.1 kWh stays; the remainder is energy. Only VAT and rebate are rounded, half up to the paisa. In energy
 * mode the energy is cut down to what a token carries, its price floored to the paisa in the customer's favour, and the
 * rest carried to the next recharge. In currency mode all of it goes on the token and nothing is carried.
 *
 * @param at the instant of the vend: it decides the Dhaka month, the tariff version and the rebate profile
 * @throws {DomainError<TariffErrorCode>} amount-not-positive; below-minimum-recharge (facts.minimumTaka);
 *   above-maximum-recharge (facts.maximumTaka or maximumKwh); tariff-class-unknown; tariff-not-in-force;
 *   demand-charge-unknown; flat-rate-unknown (energy mode)
 * @throws {RangeError} when the state itself is impossible (a negative sum or load, an arrears plan above 100 %)
 * @example price(newLtA2kW, 100000n, at, firstLightBook).energyPaisa // 86141n (NESCO receipt of 2021)
 */
export function price(
  state: PricingState,
  grossPaisa: Paisa,
  at: InstantMs,
  book: TariffBook,
  options: PriceOptions = {},
): Quote {
  if (grossPaisa <= 0n) throw new DomainError<TariffErrorCode>('amount-not-positive');
  const terms = termsAt(state, at, book, options);
  if (grossPaisa < terms.minimumPaisa) {
    const minimumTaka = formatTaka(terms.payableMinimumPaisa);
    throw new DomainError<TariffErrorCode>('below-minimum-recharge', { minimumTaka });
  }
  if (grossPaisa > terms.maximumPaisa) {
    const maximumTaka = formatTaka(terms.maximumPaisa);
    throw new DomainError<TariffErrorCode>('above-maximum-recharge', { maximumTaka });
  }
  return split(terms, grossPaisa);
}

/**
 * The least amount `price` accepts now: the fixed charges due and 0.1 kWh, VAT included, rounded up to the paisa
 * (MONEY.md 2), or to the step of the channel: whole Taka by mobile money. Rebate, a carried remainder and a lifeline
 * credit are left out of it, so it is always enough; never less than the channel's own minimum.
 *
 * @throws {DomainError<TariffErrorCode>} as price, but for the amount
 * @example minimumRecharge(newLtA2kW, at, firstLightBook) // 10545n: (40 + 60 + 0.42) x 1.05, rounded up
 */
export function minimumRecharge(
  state: PricingState,
  at: InstantMs,
  book: TariffBook,
  options: PriceOptions = {},
): Paisa {
  return termsAt(state, at, book, options).payableMinimumPaisa;
}

export function termsAt(state: PricingState, at: InstantMs, book: TariffBook, options: PriceOptions): Terms {
  refuseImpossible(state);
  const month = dhakaMonth(at);
  const version = book.versionAt(at);
  const tariffClass = classOf(version, state.tariffClass);
  const charges = monthsOwed(state, month, at, version, book);
  const rentPaisa = charges.reduce((sum, charge) => sum + charge.rentPaisa, 0n);
  const demandPaisa = charges.reduce((sum, charge) => sum + charge.demandPaisa, 0n);
  const pfcPaisa = state.pfcDuePaisa ?? 0n;
  const penaltyPaisa = state.penaltyDuePaisa ?? 0n;
  const soldWh = state.soldMonth === month ? state.soldWh : 0n;
  const leastEnergyPaisa = leastEnergy(tariffClass, state, soldWh, version);
  const net = rentPaisa + demandPaisa + pfcPaisa + penaltyPaisa + leastEnergyPaisa;
  const neededPaisa = ceilDivide(net * (100n + version.vatPercent), 100n);
  return {
    state,
    month,
    version,
    tariffClass,
    rebate: book.rebateAt(at),
    charges,
    months: charges.map((charge) => charge.month),
    rentPaisa,
    demandPaisa,
    pfcPaisa,
    penaltyPaisa,
    lifelineCredit: lifelineCredit(state, at, book),
    soldWh,
    leastEnergyPaisa,
    ...limitsOf(neededPaisa, tariffClass, at, book, options),
  };
}

function limitsOf(
  neededPaisa: Paisa,
  tariffClass: TariffClass,
  at: InstantMs,
  book: TariffBook,
  { channel = 'counter' }: PriceOptions,
): Pick<Terms, 'minimumPaisa' | 'payableMinimumPaisa' | 'maximumPaisa' | 'stepPaisa'> {
  const { levelMaximumPaisa, channels } = book.limitsAt(at);
  const { minimumPaisa: channelMinimum, maximumPaisa: channelMaximum, stepPaisa } = channels[channel];
  const minimumPaisa = neededPaisa > channelMinimum ? neededPaisa : channelMinimum;
  const levelMaximum = levelMaximumPaisa[tariffClass.level];
  const limitPaisa = channelMaximum !== null && channelMaximum < levelMaximum ? channelMaximum : levelMaximum;
  // Years of idle charges can pass the limit; a meter whose minimum nobody may pay would be locked out for ever.
  const payableMinimumPaisa = ceilDivide(minimumPaisa, stepPaisa) * stepPaisa;
  const maximumPaisa = limitPaisa > payableMinimumPaisa ? limitPaisa : payableMinimumPaisa;
  return { minimumPaisa, payableMinimumPaisa, maximumPaisa, stepPaisa };
}

/** What 0.1 kWh costs here, rounded up to the paisa. Without a flat rate, the dearest printed one is surely enough. */
function leastEnergy(tariffClass: TariffClass, state: PricingState, soldWh: WattHours, version: TariffVersion): Paisa {
  const { saleCurve, rates } = tariffClass;
  const soldSoFar = state.crediting === 'energy' ? soldWh : 0n;
  if (saleCurve !== null) return ceilDivide(costOfMilliPaisa(saleCurve, soldSoFar, TOKEN_STEP_WH), MILLI);
  if (state.crediting === 'energy') {
    throw new DomainError<TariffErrorCode>('flat-rate-unknown', {
      tariffClass: tariffClass.code,
      tariffVersion: version.id,
    });
  }
  return rates.kind === 'tou' ? ceilDivide(rates.peak * TOKEN_STEP_WH, MILLI) : 0n;
}

/** Divides the gross among its parts; the amount lies within the terms' limits. */
export function split(terms: Terms, grossPaisa: Paisa): Quote {
  const { state, version, rebate, rentPaisa, demandPaisa, pfcPaisa, penaltyPaisa, months, minimumPaisa } = terms;
  const arrearsPaisa = arrearsShare(state, grossPaisa, minimumPaisa, months);
  const vatPaisa = roundHalfUp((grossPaisa - arrearsPaisa) * version.vatPercent, 100n + version.vatPercent);
  const netPaisa = grossPaisa - vatPaisa;
  const rebateBasePaisa = netPaisa - arrearsPaisa - rentPaisa;
  const rebatePaisa = roundHalfUp(rebateBasePaisa * rebate.percentBp, rebate.divisorBp);
  const remainderInPaisa = state.remainderPaisa;
  const lifelineCreditPaisa = terms.lifelineCredit?.creditPaisa ?? 0n;
  const helpPaisa = rebatePaisa + remainderInPaisa + lifelineCreditPaisa;
  const availablePaisa = rebateBasePaisa - demandPaisa - pfcPaisa - penaltyPaisa + helpPaisa;
  const adjustmentPaisa = adjustmentShare(terms, availablePaisa);
  const moneyPaisa = availablePaisa - adjustmentPaisa;
  const issued = issueEnergy(terms, moneyPaisa);
  const { energyWh, energyPaisa, remainderOutPaisa } = issued;
  const arrearsLeftPaisa = state.arrearsPaisa - arrearsPaisa;
  const adjustmentLeftPaisa = (state.adjustmentDuePaisa ?? 0n) - adjustmentPaisa;
  return {
    grossPaisa,
    vatPaisa,
    netPaisa,
    rentPaisa,
    demandPaisa,
    arrearsPaisa,
    pfcPaisa,
    penaltyPaisa,
    rebatePaisa,
    lifelineCreditPaisa,
    adjustmentPaisa,
    energyPaisa,
    remainderInPaisa,
    remainderOutPaisa,
    energyWh,
    estimatedWh: issued.estimatedWh,
    months,
    tariffVersion: version.id,
    rebateProfile: rebate.id,
    minimumRechargePaisa: terms.payableMinimumPaisa,
    maximumRechargePaisa: terms.maximumPaisa,
    basis: basisOf(terms, { arrearsLeftPaisa, adjustmentLeftPaisa, rebateBasePaisa }),
    next: {
      chargedThrough: months.at(-1) ?? state.chargedThrough,
      // A currency meter keeps its own slab count: an estimate must never enter the units sold.
      soldMonth: energyWh === null ? state.soldMonth : terms.month,
      soldWh: energyWh === null ? state.soldWh : terms.soldWh + energyWh,
      arrearsPaisa: arrearsLeftPaisa,
      remainderPaisa: remainderOutPaisa,
      pfcDuePaisa: 0n,
      penaltyDuePaisa: 0n,
      adjustmentDuePaisa: adjustmentLeftPaisa,
    },
  };
}

/** What of a retroactive order is settled now: all that the customer is owed; of what is owed, as much as leaves 0.1 kWh. */
function adjustmentShare({ state, leastEnergyPaisa }: Terms, availablePaisa: Paisa): Paisa {
  const duePaisa = state.adjustmentDuePaisa ?? 0n;
  if (duePaisa <= 0n) return duePaisa;
  const sparePaisa = availablePaisa > leastEnergyPaisa ? availablePaisa - leastEnergyPaisa : 0n;
  return duePaisa < sparePaisa ? duePaisa : sparePaisa;
}

type BasisSums = Pick<QuoteBasis, 'arrearsLeftPaisa' | 'adjustmentLeftPaisa' | 'rebateBasePaisa'>;

function basisOf(terms: Terms, sums: BasisSums): QuoteBasis {
  const { state, version, charges, rebate, soldWh, tariffClass } = terms;
  return {
    tariffClass: state.tariffClass,
    crediting: state.crediting,
    phase: state.phase,
    sanctionedW: state.sanctionedW,
    vatPercent: version.vatPercent,
    charges,
    arrearsPlan: state.arrearsPlan,
    ...sums,
    rebate,
    lifelineCredit: terms.lifelineCredit,
    soldBeforeWh: soldWh,
    curve: tariffClass.saleCurve,
  };
}

export type Issued = Pick<Quote, 'energyWh' | 'estimatedWh' | 'energyPaisa' | 'remainderOutPaisa'>;

export function issueEnergy(terms: Terms, moneyPaisa: Paisa): Issued {
  return terms.state.crediting === 'energy' ? sellEnergy(terms, moneyPaisa) : creditMoney(terms, moneyPaisa);
}

function sellEnergy({ tariffClass, soldWh }: Terms, moneyPaisa: Paisa): Issued {
  const curve = tariffClass.saleCurve as CostCurve;
  const paidWh = affordableWh(curve, soldWh, moneyPaisa, TOKEN_STEP_WH);
  if (paidWh > TOKEN_MAXIMUM_WH) {
    const maximumKwh = formatKwh(TOKEN_MAXIMUM_WH);
    throw new DomainError<TariffErrorCode>('above-maximum-recharge', { maximumKwh });
  }
  const energyWh = tokenFloorWh(paidWh);
  const energyPaisa = costOfMilliPaisa(curve, soldWh, energyWh) / MILLI;
  return { energyWh, estimatedWh: null, energyPaisa, remainderOutPaisa: moneyPaisa - energyPaisa };
}

function creditMoney({ tariffClass }: Terms, moneyPaisa: Paisa): Issued {
  const curve = tariffClass.estimateCurve;
  return {
    energyWh: null,
    estimatedWh: curve === null ? null : estimateWh(curve, moneyPaisa),
    energyPaisa: moneyPaisa,
    remainderOutPaisa: 0n,
  };
}

/** To the nearest 0.01 kWh, half up: receipts print 124.80 for 124.797 (MONEY.md 4). Half steps of 5 Wh decide. */
export function estimateWh(curve: CostCurve, moneyPaisa: Paisa): WattHours {
  return ((affordableWh(curve, 0n, moneyPaisa, 5n) + 5n) / 10n) * 10n;
}

/** A state that cannot be is a fault of the caller, not a refusal to the customer. */
function refuseImpossible(state: PricingState): void {
  const { sanctionedW, soldWh, arrearsPaisa, remainderPaisa, pfcDuePaisa = 0n, penaltyDuePaisa = 0n } = state;
  if (sanctionedW < 0n) throw new RangeError('sanctionedW must not be negative');
  if (soldWh < 0n) throw new RangeError('soldWh must not be negative');
  if (arrearsPaisa < 0n) throw new RangeError('arrearsPaisa must not be negative');
  if (remainderPaisa < 0n) throw new RangeError('remainderPaisa must not be negative');
  if (pfcDuePaisa < 0n || penaltyDuePaisa < 0n) throw new RangeError('a sum due must not be negative');
  if (state.arrearsPlan !== null) checkArrearsPlan(state.arrearsPlan);
}

function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
