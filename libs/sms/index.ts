export * from './csms-id';
export * from './sms-gateway';
export * from './smpp';
export { SmsHttpV3Gateway, type SmsHttpV3Options } from './sms-http-v3';
export * from './notice';
export { findNotices, saveNotices } from './store/notices';
export {
  findCaseNotices,
  queueCaseNotice,
  saveCaseNotices,
  type CaseNotice,
  type CaseNoticeOutcome,
} from './store/case-notices';
