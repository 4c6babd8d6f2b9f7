export * from './tariff';
export * from './tariff.errors';
export { tariffBook, type TariffBookParts } from './book';
export { bookById, bookIds, firstLightBook, historicalBook } from './books';
export { lintRebateProfile, lintVersion, type LintFinding } from './lint';
export { minimumRecharge, price } from './price';
export { readTariffVersion, type TariffVersionSource } from './source';
export { checkArrearsPlan } from './charges';
export { rechargeFor } from './inverse';
export { lifelineCredit, type LifelineCredit } from './lifeline';
export { quoteLines } from './lines';
export {
  powerFactorSurcharge,
  securityDeposit,
  serviceFee,
  setOffDeposit,
  type FeeConnection,
  type FeeId,
  type PowerFactorSurcharge,
  type ServiceFee,
} from './fees';
