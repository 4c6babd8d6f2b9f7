export { readKek } from './kek';
export type { KekAccess } from './kek-access';
export { createKeyFile, writeKeyFile } from './key-file';
export { endOfKey } from './key-state';
export { openKeystore } from './keystore';
export type { Keystore, KeystoreConfig, KeystoreReload } from './keystore';
export { KEYSTORE_ERRORS } from './keystore.errors';
export type { KeyOpeningErrorCode, KeystoreErrorCode, TokenRefusalCode } from './keystore.errors';
export { KEYSTORE_SETTINGS, keystoreAccessOf } from './keystore.settings';
export { writeSecretFile } from './secret-file';
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
export { developmentServiceKeys } from './service-keys';
export type { ServiceKeys } from './service-keys';
export { SoftwareKek } from './software-kek';
export { SoftwareSecurityModule } from './software-module';
export type { SoftwareModuleOptions } from './software-module';
export { loadStaTables } from './sta-tables-file';
export { openKeyFile, upgradedKeyFile } from './upgrade';
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
