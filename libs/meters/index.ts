export { TARIFF_CLASSES, formatKw, parseKw } from './connection';
export * from './identity';
export {
  FAULTS_MAX,
  importMeters,
  type ImportOptions,
  type ImportReport,
  type ReportedFault,
} from './import/import-meters';
export * from './import/import-job';
export { ImportJobs, type TryOptions, type TryOutcome } from './import/import-jobs';
export type { RowCounts } from './import/import-run';
export { OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from './import/row';
export { rowFaultReasons, type RowFault, type RowFaultCode } from './import/row-faults';
export { CAMPAIGN_KINDS, type CampaignKind, type CampaignOrder, type VendingKeyName } from './key-changes/campaign';
export { campaignErrors, type CampaignErrorCode } from './key-changes/campaign.errors';
export { Campaigns } from './key-changes/campaigns.service';
export * from './key-changes/key-change';
export type { Campaign, CampaignFigures } from './key-changes/store/campaigns';
export { confirmKeyChanges, findKeyChange, findKeyChangeOfVend } from './key-changes/store/closing';
export { issueKeyChanges, loadDueKeyChanges, voidKeyChanges } from './key-changes/store/due';
export {
  expiringMeters,
  listExpiring,
  MetersUnderKeys,
  REPORT_DAYS,
  type MetersUnderKey,
} from './key-changes/store/expiring';
export { withFormerTerms, type Charging, type FormerTerms } from './life/charging';
export * from './life/history';
export * from './life/cards';
export { AccountClosing, type CloseCommand, type Closed } from './life/closing';
export { CustomerChanges, type CustomerChange, type PersonDetails, type Reason } from './life/customers';
export { Installations, type Doing, type InstallCommand, type Installed, type NewMeter } from './life/installation';
export { lifeErrors, type LifeErrorCode } from './life/life.errors';
export { doOnce, type LifeOperation } from './life/life-operations';
export * from './life/models';
export type { Replaced } from './life/replaced';
export { Replacements, type ReplaceCommand } from './life/replacement';
export { keepFormer, readHistory } from './life/store/history';
export { customerAddresses, personAddresses } from './life/store/addresses';
export { receiptPeople, type ReceiptPerson } from './life/store/receipt-people';
export { findModel, listModels, loadMeterModels, saveModel } from './life/store/models';
export type {
  NextTerms,
  StandingConnection,
  StandingCustomer,
  StandingMeter,
  StandingPerson,
} from './life/store/records';
export { findReplacementOf, lockHeirs, type MeterReplacement } from './life/store/replacements';
export { Supplies, type SupplyChanged, type SupplyCommand, type TermsChanged, type TermsCommand } from './life/supply';
export { settleDueTerms } from './life/terms';
export * from './meters';
export * from './meters.errors';
export { truncatedName } from './truncated-name';
export { MetersModule } from './meters.module';
export { MetersService, type MeterSearch } from './meters.service';
export { normaliseMobile } from './mobile';
export { searchNames, type NamePage, type SeenOffices } from './search/name-search';
export type { IndexPlace } from './search/name-question';
export { fillCustomerWords, indexCustomers, reindexCustomers, type NamedCustomer } from './store/customer-words';
export { lockMeterStates, readMeterStates, saveMeterStates } from './store/meter-states';
export { loadVendingMeters, receiptAddresses } from './store/meters';
export { officesOfCustomers } from './store/offices';
