import { inflateSync } from 'node:zlib';

/** What a WOFF file says of one table (W3C WOFF 1.0, 5). */
interface Table {
  readonly tag: Uint8Array;
  readonly checksum: number;
  readonly data: Uint8Array;
}

const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;

/**
 * The TrueType font inside a WOFF file, all tables unpacked. From the packed one a letter's outline costs unpacking all
 * letters, each time.
 *
 * @throws {RangeError} when it is no WOFF file
 * @example create(unpackWoff(readFileSync('font.woff')))
 */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new RangeError('not a WOFF file');
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, index) => readTable(woff, index));
  const count = tables.length;
  const header = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY);
  // The kind of outlines, then what once sped up a search among the tables.
  woff.copy(header, 0, 4, 8);
  const power = Math.floor(Math.log2(count));
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(2 ** power * 16, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE((count - 2 ** power) * 16, 10);
  const parts: Uint8Array[] = [header];
  let offset = header.length;
  tables.forEach(({ tag, checksum, data }, index) => {
    const at = SFNT_HEADER + index * SFNT_ENTRY;
    header.set(tag, at);
    header.writeUInt32BE(checksum, at + 4);
    header.writeUInt32BE(offset, at + 8);
    header.writeUInt32BE(data.length, at + 12);
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
    parts.push(data, padding);
    offset += data.length + padding.length;
  });
  return Buffer.concat(parts);
}

function readTable(woff: Buffer, index: number): Table {
  const at = WOFF_HEADER + index * WOFF_ENTRY;
  const [offset, packedLength, length, checksum] = [4, 8, 12, 16].map((field) => woff.readUInt32BE(at + field)) as [
    number,
    number,
    number,
    number,
  ];
  const stored = woff.subarray(offset, offset + packedLength);
  // Stored as it is where packing gained nothing.
  const data = packedLength < length ? inflateSync(stored) : stored;
  return { tag: woff.subarray(at, at + 4), checksum, data };
}
