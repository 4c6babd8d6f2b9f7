import type { Bitmap } from './bitmap';

/** ESC @: as after switching on. */
const RESET = [0x1b, 0x40];
/** GS v 0, at normal size: a picture of so many bytes across and so many rows. */
const RASTER = [0x1d, 0x76, 0x30, 0x00];
/** GS V 66 n: feed n dots beyond the knife, and cut, leaving a little. */
const CUT = [0x1d, 0x56, 0x42, 0x18];

/** A small printer's memory holds so many rows; the next picture goes on where this one ends. */
const BAND_ROWS = 128;

/**
 * A picture in the language of receipt printers (ESC/POS): reset, the picture in bands, feed and cut. Their code pages have
 * no Bangla; dots are dots.
 *
 * @example await port.write(escPosOf(bitmapOf(faces, drawReceipt(faces, sheet))))
 */
export function escPosOf({ height, rowBytes, rows }: Bitmap): Buffer {
  const parts: Buffer[] = [Buffer.from(RESET)];
  for (let top = 0; top < height; top += BAND_ROWS) {
    const count = Math.min(BAND_ROWS, height - top);
    parts.push(
      Buffer.from([...RASTER, rowBytes & 0xff, rowBytes >> 8, count & 0xff, count >> 8]),
      Buffer.from(rows.subarray(top * rowBytes, (top + count) * rowBytes)),
    );
  }
  return Buffer.concat([...parts, Buffer.from(CUT)]);
}
