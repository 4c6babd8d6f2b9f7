export * from './tariff';
export * from './quote';
export * from './tariff.errors';
export { bookOfDocuments, bookOfParts, bookWithVersion, tariffBook, type TariffBookParts } from './book';
export { compareVersions, COMPARED_ITEMS, type ComparedItem, type ComparedRow } from './compare';
export { bookById, bookIds, firstLightBook, historicalBook } from './books';
export { lintFeeSchedule, lintRebateProfile, lintRechargeLimits, lintVersion, type LintFinding } from './lint';
export * from './documents';
export { reviewedDocuments, type ReviewedDocument } from './data/reviewed';
export { minimumRecharge, price, type PriceOptions } from './price';
export { readTariffVersion, type TariffVersionSource } from './source';
export { checkArrearsPlan } from './charges';
export { energyValue, slabEnd } from './energy-value';
export { rechargeFor } from './inverse';
export { lifelineCredit } from './lifeline';
export { untaxedEnergy, type UntaxedEnergy } from './untaxed';
export { quoteLines } from './lines';
export { tokenFloorWh } from './token-step';
export { retroactiveDue, type PastRecharge } from './retroactive';
export {
  powerFactorSurcharge,
  securityDeposit,
  serviceFee,
  setOffDeposit,
  type FeeConnection,
  type PowerFactorSurcharge,
  type ServiceFee,
} from './fees';
