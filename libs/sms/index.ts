export * from './csms-id';
export * from './sms-gateway';
export { SmsHttpV3Gateway, type SmsHttpV3Options } from './sms-http-v3';
