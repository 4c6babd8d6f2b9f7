import { DomainError, roundHalfUp, type Paisa } from '@vend/kernel';
import type { DepositRow, FeeRow, FeeSchedule, Level } from './tariff';
import type { TariffErrorCode } from './tariff.errors';

/** What of a connection decides its fees. */
export interface FeeConnection {
  readonly level: Level;
  readonly phase: 1 | 3;
  /** Metered through current transformers; only a meter test asks. */
  readonly currentTransformers?: boolean;
}

export interface ServiceFee {
  readonly feePaisa: Paisa;
  readonly vatPaisa: Paisa;
  readonly totalPaisa: Paisa;
}

/**
 * A service fee with the 15 % VAT that is added to it (MONEY.md 5; unlike a recharge, where VAT is inside).
 *
 * @param id as the schedule names it: `application-new`, `meter-test` …
 * @throws {DomainError<TariffErrorCode>} fee-unknown: none printed, or the guide contradicts itself (EHT reconnection)
 * @example serviceFee(book.feesAt(now), 'application-new', { level: 'LT', phase: 1 }).totalPaisa // 11500n
 */
export function serviceFee(schedule: FeeSchedule, id: string, connection: FeeConnection): ServiceFee {
  const row = schedule.fees.get(id);
  const feePaisa = row ? feeIn(row, connection) : null;
  if (feePaisa === null) throw new DomainError<TariffErrorCode>('fee-unknown', { fee: id, level: connection.level });
  const vatPaisa = roundHalfUp(feePaisa * schedule.vatPercent, 100n);
  return { feePaisa, vatPaisa, totalPaisa: feePaisa + vatPaisa };
}

function feeIn(row: FeeRow, { level, phase, currentTransformers = false }: FeeConnection): Paisa | null {
  switch (level) {
    case 'LT':
      if (currentTransformers && row.currentTransformer !== undefined) return row.currentTransformer;
      return phase === 1 ? row.singlePhase : row.threePhase;
    case 'MT':
      return row.mt;
    case 'HT':
      return row.ht;
    case 'EHT':
      return row.eht;
  }
}

/**
 * The security deposit of a **post-paid** connection, or of an added load; a prepaid connection pays none (guide, line
 * 228). The rate of the load's bracket counts for the whole load. Source: lines 215-227.
 *
 * @throws {DomainError<TariffErrorCode>} fee-unknown: LT-A and LT-B above 50 kW have no row
 * @example securityDeposit(book.feesAt(now), 'LT-A', 2_000n) // 80000n
 */
export function securityDeposit(schedule: FeeSchedule, tariffClass: string, loadW: bigint): Paisa {
  const row = schedule.deposits.find((one) => fits(one, tariffClass, loadW));
  if (!row) throw new DomainError<TariffErrorCode>('fee-unknown', { fee: 'security-deposit', tariffClass });
  return roundHalfUp(row.paisaPerKw * loadW, 1000n);
}

/** `MT-*` fits every class of the level. */
function fits({ classes, upToKw }: DepositRow, tariffClass: string, loadW: bigint): boolean {
  const isOf = (pattern: string) =>
    pattern.endsWith('*') ? tariffClass.startsWith(pattern.slice(0, -1)) : pattern === tariffClass;
  return classes.some(isOf) && (upToKw === null || loadW <= BigInt(upToKw) * 1000n);
}

/**
 * When a prepaid meter replaces a post-paid one, the old deposit is given back: set off against arrears first, the rest
 * paid out; no VAT, no rebate (MONEY.md 5).
 *
 * @example setOffDeposit(80000n, 50000n) // { setOffPaisa: 50000n, payOutPaisa: 30000n }
 */
export function setOffDeposit(depositPaisa: Paisa, arrearsPaisa: Paisa): { setOffPaisa: Paisa; payOutPaisa: Paisa } {
  if (depositPaisa < 0n || arrearsPaisa < 0n) throw new RangeError('a deposit or arrears must not be negative');
  const setOffPaisa = depositPaisa < arrearsPaisa ? depositPaisa : arrearsPaisa;
  return { setOffPaisa, payOutPaisa: depositPaisa - setOffPaisa };
}

const TARGET_HUNDREDTHS = 95;
const LOWEST_HUNDREDTHS = 75;
const SURCHARGE_BP_PER_HUNDREDTH = 75n;

export interface PowerFactorSurcharge {
  readonly percentBp: bigint;
  readonly surchargePaisa: Paisa;
  /** Under 0.75: three such months bring a notice, the fourth a disconnection after 15 days. */
  readonly belowLowest: boolean;
}

/**
 * The surcharge of a three-phase customer for a month's average power factor: 0.75 % of the energy charge for each 0.01
 * below 0.95, down to 0.75 (guide, lines 251-254). Under 0.75 the guide gives no rate; that of 0.75 is kept.
 *
 * @param powerFactorHundredths whole, 0 to 100: 90 is 0.90
 * @throws {RangeError} when the power factor is not such a number or the charge is negative
 * @example powerFactorSurcharge(1_000_00n, 90) // { percentBp: 375n, surchargePaisa: 3750n, belowLowest: false }
 */
export function powerFactorSurcharge(energyChargePaisa: Paisa, powerFactorHundredths: number): PowerFactorSurcharge {
  const pf = powerFactorHundredths;
  if (!Number.isInteger(pf) || pf < 0 || pf > 100) throw new RangeError('power factor must be 0 to 100 hundredths');
  if (energyChargePaisa < 0n) throw new RangeError('energy charge must not be negative');
  const below = Math.max(0, TARGET_HUNDREDTHS - Math.max(pf, LOWEST_HUNDREDTHS));
  const percentBp = BigInt(below) * SURCHARGE_BP_PER_HUNDREDTH;
  return {
    percentBp,
    surchargePaisa: roundHalfUp(energyChargePaisa * percentBp, 10_000n),
    belowLowest: pf < LOWEST_HUNDREDTHS,
  };
}
