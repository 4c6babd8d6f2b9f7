export {
  AMOUNT16_MAX,
  creditDecimals,
  decodeAmount16,
  decodeAmount20,
  encodeAmount16,
  encodeAmount20,
  formatCreditAmount,
  parseCreditAmount,
} from './amount';
export type { CodedAmount } from './amount';
export { decodeToken, refusalCode, verifyToken } from './decode';
export type { DecodedCredit, DecodedKeyChange, DecodedManagement, DecodedTestDisplay, DecodedToken } from './decode';
export { DecoderKey, checkKeyAttributes } from './decoder-key';
export type { Ea, KeyAttributes, KeyType } from './decoder-key';
export { formatBlock, groupDigits, parseTokenDigits, tokenDigits } from './digits';
export type { Block64, Token66 } from './digits';
export { CLEAR_ALL_CREDIT, MANAGEMENT_SUBCLASS, encodeCredit, encodeManagement, encodeTestDisplay } from './encode';
export type {
  CreditRequest,
  CreditToken,
  ManagementKind,
  ManagementRequest,
  ManagementToken,
  TestDisplayRequest,
  Token,
} from './encode';
export { KEY_TYPE_CHANGES, encodeKeyChange, isKeyTypeChangeAllowed, keyExpiresAfter, nextKrn } from './key-change';
export type { KeyChangeRequest, KeyChangeSection, KeyTypeChanges } from './key-change';
export { deriveDecoderKey } from './key-derivation';
export type { DecoderKeyRequest } from './key-derivation';
export { luhnCheckDigit } from './luhn';
export { StsMeter, TID_MEMORY_SIZE } from './meter';
export type { MeterAnswer, MeterOptions, MeterResult } from './meter.answer';
export type { MeterState, RegisterTexts } from './meter.state';
export { checkMeterPan, makeDrn, meterPanOfDrn, parseMeterPan } from './pan';
export type { MeterIdentity } from './pan';
export { IEC_SAMPLE_TABLES, SAMPLE_TABLES_NOTICE, StaTables, parseStaTables } from './sta.tables';
export type { StaTableNumbers, StaTablesKind } from './sta.tables';
export { STS_ERRORS, StsError } from './sts.errors';
export type { StsErrorCode, StsErrorDescription } from './sts.errors';
export {
  BASE_DATES,
  KEN_NEVER,
  TID_MAX,
  checkBaseDate,
  civilMinuteOfInstant,
  civilMinuteOfTid,
  formatCivilMinute,
  isKeyExpired,
  isReservedTid,
  nextTid,
  parseCivilMinute,
  tidAt,
} from './tid';
export type { BaseDate, CivilMinute } from './tid';
export { VendingKey } from './vending-key';
export type { DerivingKey, Dkga } from './vending-key';
