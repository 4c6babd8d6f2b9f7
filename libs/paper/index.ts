import type { ReceiptSheet } from '@vend/receipts';
import { bitmapOf, type Bitmap } from './bitmap';
import { escPosOf } from './esc-pos';
import { Faces } from './faces';
import { pdfOf } from './pdf';
import { drawReceipt } from './receipt-drawing';

export type { Bitmap } from './bitmap';
export { DrawingTurns } from './drawing-turns';
export { PAPER_ERRORS, type PaperErrorCode } from './paper.errors';

/**
 * A receipt as PDF, as wide as 80 mm paper.
 *
 * @param receiptNo the file's title
 * @param atMs its date: the same receipt gives the same bytes
 * @example await receiptPdf(sheetOf(receipt, 'bn'), receipt.receiptNo, receipt.issuedAt)
 */
export async function receiptPdf(sheet: ReceiptSheet, receiptNo: string, atMs: number): Promise<Buffer> {
  const faces = await Faces.load();
  return pdfOf(faces, drawReceipt(faces, sheet), { title: receiptNo, language: sheet.language, atMs });
}

/** A receipt as black dots, 576 across. @example (await receiptPicture(sheetOf(receipt, 'bn'))).width // 576 */
export async function receiptPicture(sheet: ReceiptSheet): Promise<Bitmap> {
  const faces = await Faces.load();
  return bitmapOf(faces, drawReceipt(faces, sheet));
}

/**
 * A receipt for an ESC/POS printer: its picture, then a cut.
 *
 * @example await receiptEscPos(sheetOf(receipt, 'bn')) // 1b 40 1d 76 30 …
 */
export async function receiptEscPos(sheet: ReceiptSheet): Promise<Buffer> {
  return escPosOf(await receiptPicture(sheet));
}
