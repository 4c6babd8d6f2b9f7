import { create } from 'qrcode';
import type { ReceiptSheet, SheetRow } from '@vend/receipts';
import { Column, type Drawing, type Style } from './drawing';
import type { Faces } from './faces';

/** Dots across the printable 72 mm of 80 mm paper, at 8 dots a millimetre. */
const WIDTH = 576;

const TITLE: Style = { size: 32, weight: 'bold' };
const TEXT: Style = { size: 25, weight: 'regular' };
const STRONG: Style = { size: 25, weight: 'bold' };
const SMALL: Style = { size: 21, weight: 'regular' };
/** As large as twenty digits and four gaps can be side by side. */
const TOKEN: Style = { size: 44, weight: 'bold' };

/** The box that a customer ticks when the meter has taken the token. */
const BOX = 34;
const QR_DOTS_A_MODULE = 4;
/** Without so much white around it a phone does not find the code. */
const QUIET_MODULES = 4;

/**
 * A receipt as it lies on 80 mm paper: where every line, box and bar stands. PDF and picture are both made of it.
 *
 * @example drawReceipt(await Faces.load(), sheetOf(receipt, 'bn')).width // 576
 */
export function drawReceipt(faces: Faces, sheet: ReceiptSheet): Drawing {
  const column = new Column(faces, WIDTH);
  column.y += 8;
  column.paragraph(sheet.title, TITLE, { set: 'centre' });
  for (const mark of sheet.marks) drawMark(column, mark);
  column.y += 6;
  for (const { name, value } of sheet.heading) drawHeading(column, name, value);
  column.y += 8;
  if (sheet.notes.length > 0 || sheet.tokens.length > 0) drawTokens(column, sheet);
  sheet.lines.forEach((line) => drawRow(column, line, TEXT));
  if (sheet.lines.length > 0) {
    column.y += 4;
    column.rule(2);
    column.y += 4;
  }
  sheet.totals.forEach((row) => drawRow(column, row, STRONG));
  if (sheet.page) drawPage(column, sheet.page);
  column.y += 24;
  return column.drawing();
}

function drawMark(column: Column, words: string): void {
  column.y += 6;
  const top = column.y;
  column.y += 4;
  column.paragraph(words, STRONG, { left: 16, right: WIDTH - 16, set: 'centre' });
  column.y += 6;
  column.frame(0, top, WIDTH, column.y - top);
}

/** Names in a column of their own, so that the eye runs down the values. */
function drawHeading(column: Column, name: string, value: string): void {
  const top = column.y;
  column.paragraph(`${name}:`, TEXT, { right: 150 });
  const below = column.y;
  column.y = top;
  column.paragraph(value, TEXT, { left: 156 });
  column.y = Math.max(below, column.y);
}

function drawTokens(column: Column, { notes, tokens }: ReceiptSheet): void {
  column.rule(4);
  column.y += 6;
  for (const note of notes) column.paragraph(note, TEXT);
  for (const { name, groups } of tokens) {
    column.y += 8;
    const top = column.y;
    column.paragraph(name, STRONG, { right: WIDTH - BOX - 12 });
    column.frame(WIDTH - BOX, top, BOX, BOX);
    column.y = Math.max(column.y, top + BOX);
    column.paragraph(groups, TOKEN);
  }
  column.y += 6;
  column.rule(4);
  column.y += 8;
}

function drawRow(column: Column, { name, value, note }: SheetRow, style: Style): void {
  column.pair(name, value, style);
  if (note !== undefined && note !== '') column.paragraph(note, SMALL, { left: 12, right: WIDTH - 40 });
}

function drawPage(column: Column, { url, words }: NonNullable<ReceiptSheet['page']>): void {
  const { modules } = create(url, { errorCorrectionLevel: 'M' });
  const quiet = QUIET_MODULES * QR_DOTS_A_MODULE;
  const side = modules.size * QR_DOTS_A_MODULE + 2 * quiet;
  const top = column.y;
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (!modules.get(y, x)) continue;
      let run = 1;
      while (x + run < modules.size && modules.get(y, x + run)) run++;
      const at = (module: number) => quiet + module * QR_DOTS_A_MODULE;
      column.bar(at(x), top + at(y), run * QR_DOTS_A_MODULE, QR_DOTS_A_MODULE);
      x += run;
    }
  }
  column.y = top + quiet;
  column.paragraph(words, TEXT, { left: side });
  column.y += 4;
  // What the code says, without what is behind the sign: to type it by hand.
  column.paragraph(url.replace(/^https?:\/\//, '').replace(/#.*$/, ''), STRONG, { left: side });
  column.y = Math.max(column.y, top + side);
}
