import {
  DomainError,
  monthOfDay,
  monthsBetween,
  nextMonth,
  roundHalfUp,
  type InstantMs,
  type Paisa,
  type YearMonth,
} from '@vend/kernel';
import type { MonthCharge } from './quote';
import type { ArrearsPlan, PricingState, TariffBook, TariffClass, TariffVersion } from './tariff';
import type { TariffErrorCode } from './tariff.errors';

const W_PER_KW = 1000n;
const WHOLE_BP = 10_000n;

/**
 * The class as this version has it, ready to be priced.
 *
 * @throws {DomainError<TariffErrorCode>} tariff-class-unknown; demand-charge-unknown (HT-4: the source's cell is empty)
 */
export function classOf(version: TariffVersion, code: string): TariffClass & { demandPaisaPerKw: Paisa } {
  const tariffClass = version.classes.get(code);
  const facts = { tariffClass: code, tariffVersion: version.id };
  if (!tariffClass) throw new DomainError<TariffErrorCode>('tariff-class-unknown', facts);
  const { demandPaisaPerKw } = tariffClass;
  if (demandPaisaPerKw === null) throw new DomainError<TariffErrorCode>('demand-charge-unknown', facts);
  return tariffClass as TariffClass & { demandPaisaPerKw: Paisa };
}

/**
 * The fixed charges owed up to the month of this recharge, oldest first: the first recharge of a Dhaka month pays that
 * month and every idle month before it, back to the month of installation (MONEY.md 2). An idle month is owed at the
 * rate of that month; this month at the rate of the version in force now. Months in which the connection was off are not
 * owed, and a month before a change of load, class or meter is owed by the terms of then (`ChargingHistory`).
 */
export function monthsOwed(
  state: PricingState,
  month: YearMonth,
  at: InstantMs,
  version: TariffVersion,
  book: TariffBook,
): MonthCharge[] {
  const charging = state.charging;
  const installed = charging?.since ?? monthOfDay(state.installedOn);
  const afterCharged = state.chargedThrough === null ? installed : nextMonth(state.chargedThrough);
  const first = afterCharged > installed ? afterCharged : installed;
  const owed = monthsBetween(first, month);
  const wasOff = (one: YearMonth) => charging?.off.some(([from, last]) => from <= one && one <= last) ?? false;
  return (charging ? owed.filter((one) => !wasOff(one)) : owed).map((one) =>
    monthChargeOf(state, one, one === month ? version : book.versionForMonth(one, at)),
  );
}

/** One month's fixed charges under a version. @throws {DomainError<TariffErrorCode>} as classOf */
export function monthChargeOf(state: PricingState, month: YearMonth, version: TariffVersion): MonthCharge {
  const past = state.charging?.past.find(({ throughMonth }) => month <= throughMonth);
  const { tariffClass, phase, sanctionedW, meterOwner } = past ?? state;
  const { demandPaisaPerKw } = classOf(version, tariffClass);
  const rentEnded = state.rentUntil !== null && monthOfDay(state.rentUntil) < month;
  const rentOwed = meterOwner === 'utility' && !rentEnded;
  return {
    month,
    rentPaisa: rentOwed ? version.meterRentPaisa[phase] : 0n,
    demandPaisa: roundHalfUp(demandPaisaPerKw * sanctionedW, W_PER_KW),
    demandPaisaPerKw,
    ...(sanctionedW !== state.sanctionedW && { sanctionedW }),
  };
}

/**
 * What a recharge pays off arrears: the plan's sum, never more than is owed, than the plan's cap, or than leaves the
 * customer the minimum recharge, which always buys energy.
 */
export function arrearsShare(
  state: PricingState,
  grossPaisa: Paisa,
  minimumPaisa: Paisa,
  months: readonly YearMonth[],
): Paisa {
  const plan = state.arrearsPlan;
  if (plan === null || state.arrearsPaisa === 0n) return 0n;
  const capPaisa = (grossPaisa * plan.capBp) / WHOLE_BP;
  return least(plannedArrears(plan, grossPaisa, months), state.arrearsPaisa, capPaisa, grossPaisa - minimumPaisa);
}

function plannedArrears(plan: ArrearsPlan, grossPaisa: Paisa, months: readonly YearMonth[]): Paisa {
  if (plan.kind === 'instalment') {
    return plan.monthlyPaisa * BigInt(months.filter((month) => month >= plan.firstMonth).length);
  }
  const share = (grossPaisa * plan.percentBp) / WHOLE_BP;
  const raised = share > plan.floorPaisa ? share : plan.floorPaisa;
  return plan.ceilingPaisa !== null && raised > plan.ceilingPaisa ? plan.ceilingPaisa : raised;
}

function least(first: Paisa, ...others: Paisa[]): Paisa {
  return others.reduce((smallest, one) => (one < smallest ? one : smallest), first);
}

/**
 * Refuses a plan that would take money the customer does not owe it: shares outside 0 to 100 %, negative sums,
 * a ceiling under the floor. Run where a plan is entered.
 *
 * @throws {RangeError} with the reason
 * @example checkArrearsPlan({ kind: 'percent', percentBp: 2000n, floorPaisa: 0n, ceilingPaisa: null, capBp: 5000n })
 */
export function checkArrearsPlan(plan: ArrearsPlan): void {
  const isShare = (bp: bigint) => bp >= 0n && bp <= WHOLE_BP;
  if (!isShare(plan.capBp)) throw new RangeError('the cap of an arrears plan must be 0 to 100 %');
  if (plan.kind === 'instalment') {
    if (plan.monthlyPaisa <= 0n) throw new RangeError('the instalment must be more than zero');
    return;
  }
  if (!isShare(plan.percentBp)) throw new RangeError('the share of an arrears plan must be 0 to 100 %');
  if (plan.floorPaisa < 0n) throw new RangeError('the floor of an arrears plan must not be negative');
  if (plan.ceilingPaisa !== null && plan.ceilingPaisa < plan.floorPaisa) {
    throw new RangeError('the ceiling of an arrears plan is under its floor');
  }
}
