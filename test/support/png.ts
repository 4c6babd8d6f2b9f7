/** Pictures of black dots as PNG files, for people to look at. */
import { crc32, deflateSync } from 'node:zlib';
import type { Bitmap } from '@vend/paper';

/** One bit a dot. */
export function pngOf({ width, height, rowBytes, rows }: Bitmap): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  // Each row begins with its filter: none. A set bit is white there.
  const lines = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...rows.subarray(y * rowBytes, (y + 1) * rowBytes)].map((byte, x) => (x === 0 ? 0 : byte ^ 0xff))),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(lines));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(name, 'ascii'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
