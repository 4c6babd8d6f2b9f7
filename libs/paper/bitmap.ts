import type { Drawing, TextMark } from './drawing';
import type { Faces } from './faces';
import type { Segments } from './outline';

/** A picture of black dots on white paper, eight a byte, the leftmost in the highest bit, rows on whole bytes. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly rowBytes: number;
  readonly rows: Uint8Array;
}

// Asked for hundreds of thousands of times.
const { ceil, floor, max, min } = Math;

/** Lines that a row of dots is looked at along: a dot is black where at least half of it is. */
const SUBROWS = 4;
/** How far letters and their marks reach above and below the base line, by their size. */
const ABOVE = 1.4;
const BELOW = 0.7;

/**
 * A drawing as black dots, for printers that know no Bangla letters. The outlines of the shaped letters are filled by the
 * nonzero rule; no program but this one draws, so the picture is the same on every machine.
 *
 * @example escPosOf(bitmapOf(faces, drawReceipt(faces, sheet)))
 */
export function bitmapOf(faces: Faces, { width, height, marks }: Drawing): Bitmap {
  const rowBytes = ceil(width / 8);
  const bitmap: Bitmap = { width, height, rowBytes, rows: new Uint8Array(rowBytes * height) };
  for (const mark of marks) {
    if (mark.is === 'text') write(bitmap, faces, mark);
    else for (let y = 0; y < mark.height; y++) blacken(bitmap, mark.y + y, mark.x, mark.x + mark.width);
  }
  return bitmap;
}

/** Whether a dot is black. @example isBlack(bitmap, 0, 0) */
export function isBlack({ rowBytes, rows }: Bitmap, x: number, y: number): boolean {
  return ((rows[y * rowBytes + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

function blacken({ width, height, rowBytes, rows }: Bitmap, y: number, from: number, to: number): void {
  if (y < 0 || y >= height) return;
  const [first, end] = [max(0, from), min(width, to)];
  for (let x = first; x < end; x++) rows[y * rowBytes + (x >> 3)]! |= 0x80 >> (x & 7);
}

/** A strip of the picture: how much of each dot is covered, in subrows. */
interface Strip {
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly cover: Float32Array;
}

/** The line over all letters is one bar: what two letters cover of one dot counts together. */
function write(bitmap: Bitmap, faces: Faces, { text, x, y, size, weight }: TextMark): void {
  const [top, height] = [floor(y - size * ABOVE), ceil(size * (ABOVE + BELOW))];
  const strip: Strip = { top, width: bitmap.width, height, cover: new Float32Array(bitmap.width * height) };
  let left = x;
  for (const { text: piece, face } of faces.runsOf(text, weight)) {
    const scale = size / face.unitsPerEm;
    for (const { id, xAdvance, xOffset, yOffset } of face.shape(piece)) {
      fill(strip, face.outlineOf(id), { left: left + xOffset * scale, base: y - yOffset * scale, scale });
      left += xAdvance * scale;
    }
  }
  for (let row = 0; row < height; row++) {
    for (let dot = 0; dot < bitmap.width; dot++) {
      if (strip.cover[row * bitmap.width + dot]! >= SUBROWS / 2) blacken(bitmap, top + row, dot, dot + 1);
    }
  }
}

interface Place {
  readonly left: number;
  readonly base: number;
  /** Dots a unit of the font. */
  readonly scale: number;
}

function fill(strip: Strip, segments: Segments, place: Place): void {
  crossingsOf(strip, segments, place).forEach((crossings, subrow) => {
    crossings.sort((a, b) => a.x - b.x);
    let winding = 0;
    crossings.forEach(({ x, turn }, index) => {
      if (winding !== 0) addSpan(strip, floor(subrow / SUBROWS), crossings[index - 1]!.x, x);
      winding += turn;
    });
  });
}

interface Crossing {
  readonly x: number;
  readonly turn: 1 | -1;
}

/** Where an outline cuts each line that is looked along, and which way it goes; by subrow of the strip. */
function crossingsOf({ top, height }: Strip, segments: Segments, { left, base, scale }: Place): Crossing[][] {
  const subrows: Crossing[][] = [];
  for (let at = 0; at < segments.length; at += 4) {
    const [x0, x1] = [left + segments[at]! * scale, left + segments[at + 2]! * scale];
    const [y0, y1] = [base - segments[at + 1]! * scale - top, base - segments[at + 3]! * scale - top];
    const lower = min(max(y0, y1) * SUBROWS, height * SUBROWS);
    // Its middle decides: an edge that ends on the line is counted once.
    for (let row = max(0, ceil(min(y0, y1) * SUBROWS - 0.5)); row + 0.5 < lower; row++) {
      const x = x0 + (((row + 0.5) / SUBROWS - y0) / (y1 - y0)) * (x1 - x0);
      (subrows[row] ??= []).push({ x, turn: y1 > y0 ? 1 : -1 });
    }
  }
  return subrows;
}

/** Adds to each dot the share of it that a span covers: whole ones between its two ends. */
function addSpan({ width, cover }: Strip, row: number, spanFrom: number, spanTo: number): void {
  const from = spanFrom < 0 ? 0 : spanFrom;
  const to = spanTo > width ? width : spanTo;
  if (to <= from) return;
  const [first, last] = [floor(from), floor(to)];
  const at = row * width;
  if (first === last) {
    cover[at + first]! += to - from;
    return;
  }
  cover[at + first]! += first + 1 - from;
  for (let x = first + 1; x < last; x++) cover[at + x]! += 1;
  if (last < width) cover[at + last]! += to - last;
}
