export { readKek } from './kek';
export { openKeyFile, writeSecretFile } from './key-file';
export { endOfKey } from './key-state';
export { KEYSTORE_ERRORS } from './keystore.errors';
export type { KeyOpeningErrorCode, KeystoreErrorCode, TokenRefusalCode } from './keystore.errors';
export { sealKeys } from './sealed-keys';
export type {
  CreditRequest,
  CreditToken,
  KeyChangeRequest,
  KeyChangeSet,
  ManagementRequest,
  ManagementToken,
  MeterKey,
  SecurityModule,
  TokenReading,
} from './security-module';
export { SoftwareSecurityModule } from './software-module';
export type { SoftwareModuleOptions } from './software-module';
export { loadStaTables } from './sta-tables-file';
export type {
  BaseDate,
  OpenVendingKey,
  VendingKeyAttributes,
  VendingKeyInfo,
  VendingKeyKind,
  VendingKeyStanding,
  VendingKeyState,
} from './vending-key';
export {
  checkpointOf,
  isSigned,
  JOURNAL_ERRORS,
  keyIdOf,
  parseAuditLine,
  readCheckpoints,
  tokenFingerprint,
  TokenJournal,
  verifyLog,
} from './journal';
export type {
  Ask,
  AuditCheckpoint,
  AuditLine,
  Issued,
  JournalErrorCode,
  JournalOpeningErrorCode,
  JournalRecord,
  JournalRefusalCode,
  JournalStatus,
  LineDetail,
  LineKind,
  LogFault,
  LogFaultKind,
  LogReport,
  Made,
  Maker,
  RecordFields,
  StoredResult,
  TokenJournalOptions,
  TroubleFacts,
  VerifyLogOptions,
} from './journal';
