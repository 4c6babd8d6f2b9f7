export {
  groupedToken,
  tokensToType,
  type Bilingual,
  type Language,
  type Receipt,
  type ReceiptKind,
  type ReceiptLine,
  type ReceiptToken,
  type ReceiptTokenKind,
} from './receipt';
export { KIND_TITLES } from './kinds';
export { printText } from './print-text';
export { gsmSafe, isGsm, smsCuts, smsParts, type SmsParts } from './sms-parts';
export { receiptValues } from './sms-values';
export { factsOfReceipt, parseReceiptLine, receiptLine, ReceiptLineFault, type ReceiptLineFacts } from './receipt-line';
export { PAPER_WORDS, TOKEN_WORDS } from './paper-words';
export { sheetOf, type ReceiptSheet, type SheetRow } from './sheet';
