export {
  groupedToken,
  type Language,
  type Receipt,
  type ReceiptKind,
  type ReceiptLine,
  type ReceiptToken,
  type ReceiptTokenKind,
} from './receipt';
export { KIND_TITLES } from './kinds';
export { printText } from './print-text';
export { smsParts, type SmsParts } from './sms-parts';
export { smsText } from './sms-text';
