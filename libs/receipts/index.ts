export {
  groupedToken,
  type Language,
  type Receipt,
  type ReceiptLine,
  type ReceiptToken,
  type ReceiptTokenKind,
} from './receipt';
export { printText } from './print-text';
export { smsParts, type SmsParts } from './sms-parts';
export { smsText } from './sms-text';
