/** The other side of receipts as files: what a printer and a reader make of them. */
import { inflateSync } from 'node:zlib';
import type { Bitmap } from '@vend/paper';

/** A printer, as far as a receipt needs one: reset, pictures, feed and cut; anything else is refused. */
export function printed(bytes: Buffer): Bitmap {
  if (bytes.readUInt16BE(0) !== 0x1b40) throw new Error('the printer was not reset');
  const bands: Buffer[] = [];
  let at = 2;
  let rowBytes = 0;
  while (bytes.readUInt32BE(at) === 0x1d763000) {
    rowBytes = bytes.readUInt16LE(at + 4);
    const length = rowBytes * bytes.readUInt16LE(at + 6);
    bands.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  if (bytes.subarray(at).toString('hex') !== '1d564218') throw new Error('what follows the picture is no cut');
  const rows = Buffer.concat(bands);
  return { width: rowBytes * 8, height: rows.length / rowBytes, rowBytes, rows };
}

/** The text that a PDF's lines carry, in their order: what a reader copies, searches or reads aloud. */
export function textOfPdf(pdf: Buffer): string[] {
  const lines: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at !== -1; at = pdf.indexOf('stream\n', at + 1)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    let content: string;
    try {
      content = inflateSync(pdf.subarray(at + 7)).toString('latin1');
    } catch {
      continue;
    }
    for (const [, literal] of content.matchAll(/\/ActualText \(((?:\\[^]|[^\\)])*)\)/g)) lines.push(decoded(literal!));
  }
  return lines;
}

/** A string of a PDF: UTF-16 behind a byte order mark where it is not ASCII. */
function decoded(literal: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  const bytes = Buffer.from(
    literal.replaceAll(/\\([^])/g, (_, each: string) => escapes[each] ?? each),
    'latin1',
  );
  if (bytes.readUInt16BE(0) !== 0xfeff) return bytes.toString('latin1');
  return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
}
