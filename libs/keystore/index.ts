export { combineShares, splitKek, thresholdOf } from './custodian-shares';
export type { Splitting } from './custodian-shares';
export { admitGeneration, rememberGeneration } from './generation-record';
export { hexBytes, linesOf, trimmed } from './hex-digits';
export { promptHidden, PromptInterrupted } from './hidden-prompt';
export { readKek } from './kek';
export { openKek } from './kek-access';
export type { KekAccess } from './kek-access';
export { handoverPath, writeHandover } from './kek-handover';
export { assertCheckValue, combineComponents, parseComponent } from './key-components';
export type { KeyEncryptionKey } from './key-encryption-key';
export {
  createKeyFile,
  nextGeneration,
  readKeyFile,
  sealVendingKey,
  underAnotherKek,
  verifyKeyFile,
  withStanding,
  writeKeyFile,
} from './key-file';
export type { SealedKeyFile, SealedVendingKey, ServiceKeyName } from './key-file.format';
export { moduleIdOf, openKeyLoadFile, sealKeyLoadFile } from './key-load-file';
export { endOfKey, moved } from './key-state';
export { openKeystore } from './keystore';
export type { Keystore, KeystoreConfig, KeystoreReload } from './keystore';
export { KEYSTORE_ERRORS } from './keystore.errors';
export type { KeyOpeningErrorCode, KeystoreErrorCode, TokenRefusalCode } from './keystore.errors';
export { KEYSTORE_SETTINGS, keystoreAccessOf } from './keystore.settings';
export { Pkcs11Kek } from './pkcs11/pkcs11-kek';
export { openPkcs11Module } from './pkcs11/pkcs11-module';
export { openPkcs11Token } from './pkcs11/pkcs11-token';
export { readSecretLines, writeSecretFile } from './secret-file';
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
export { developmentServiceKeys, openServiceKeys } from './service-keys';
export type { ServiceKeys } from './service-keys';
export { SoftwareKek } from './software-kek';
export { SoftwareSecurityModule } from './software-module';
export { loadStaTables } from './sta-tables-file';
export { openKeyFile, upgradedKeyFile } from './upgrade';
export { checkValue } from './vending-key';
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
