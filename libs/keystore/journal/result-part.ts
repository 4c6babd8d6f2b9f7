import { hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { DomainError } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import type { JournalErrorCode } from './journal.errors';
import { CHUNK_HEADER_BYTES, openChunk, readChunkHeader } from './sealed-chunk';
import type { ChunkHeader, OpenChunk } from './sealed-chunk';

/** A part is one file of sealed chunks. Its header: magic, salt, check of the key, time made, line before. */
const MAGIC = Buffer.from('VRP1');
const SALT_BYTES = 32;
const CHECK_BYTES = 16;
export const PART_HEADER_BYTES = MAGIC.length + SALT_BYTES + CHECK_BYTES + 8 + 8;
/** No group is as large: a header that says more is not one. */
const LARGEST_CHUNK_BYTES = 64 * 1024 * 1024;

export interface PartHeader {
  /** Seals the chunks of this part alone. */
  readonly key: Buffer;
  readonly madeAt: InstantMs;
  /** The last line of the log when the part was made. */
  readonly afterLine: number;
}

/** A new part's header and what it says. */
export function makePartHeader(resultsKey: Buffer, madeAt: InstantMs, afterLine: number): [Buffer, PartHeader] {
  const salt = randomBytes(SALT_BYTES);
  const numbers = Buffer.alloc(16);
  numbers.writeDoubleBE(madeAt, 0);
  numbers.writeBigUInt64BE(BigInt(afterLine), 8);
  const { key, check } = keysOf(resultsKey, salt);
  return [Buffer.concat([MAGIC, salt, check, numbers]), { key, madeAt, afterLine }];
}

/**
 * @returns undefined when the file was not finished being made
 * @throws {DomainError} `results-key-wrong`
 */
export function readPartHeader(resultsKey: Buffer, bytes: Buffer): PartHeader | undefined {
  if (bytes.length < PART_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const saltAt = MAGIC.length;
  const checkAt = saltAt + SALT_BYTES;
  const numbersAt = checkAt + CHECK_BYTES;
  const { key, check } = keysOf(resultsKey, bytes.subarray(saltAt, checkAt));
  if (!timingSafeEqual(check, bytes.subarray(checkAt, numbersAt))) {
    throw new DomainError<JournalErrorCode>('results-key-wrong');
  }
  return {
    key,
    madeAt: bytes.readDoubleBE(numbersAt),
    afterLine: Number(bytes.readBigUInt64BE(numbersAt + 8)),
  };
}

function keysOf(resultsKey: Buffer, salt: Buffer): { key: Buffer; check: Buffer } {
  const derive = (use: string, bytes: number): Buffer => Buffer.from(hkdfSync('sha256', resultsKey, salt, use, bytes));
  return { key: derive('vend-results-seal-1', 32), check: derive('vend-results-check-1', CHECK_BYTES) };
}

/** A chunk that opened, and where it stands. */
export interface PlacedChunk extends ChunkHeader {
  readonly place: number;
  readonly chunk: OpenChunk;
}

/**
 * All chunks of a part, opened one after the other; ends before the first that does not open.
 * The reader erases each before it asks for the next.
 */
export async function* readChunks(path: string, key: Buffer): AsyncGenerator<PlacedChunk> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(CHUNK_HEADER_BYTES);
    for (let place = PART_HEADER_BYTES; ;) {
      const { bytesRead } = await handle.read(head, 0, head.length, place);
      const header = bytesRead === head.length ? readChunkHeader(head) : undefined;
      if (!header || header.totalBytes > LARGEST_CHUNK_BYTES || place + header.totalBytes > size) return;
      const bytes = Buffer.alloc(header.totalBytes);
      await handle.read(bytes, 0, bytes.length, place);
      const chunk = openChunk(key, place, bytes);
      if (!chunk) return;
      yield { ...header, place, chunk };
      place += header.totalBytes;
    }
  } finally {
    await handle.close();
  }
}

/** Reads and opens one chunk, now: an answer is waiting. @throws {DomainError} `results-damaged` */
export function readChunkAt(path: string, key: Buffer, place: number): OpenChunk {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(CHUNK_HEADER_BYTES);
    const bytesRead = readSync(fd, head, 0, head.length, place);
    const header = bytesRead === head.length ? readChunkHeader(head) : undefined;
    if (header && header.totalBytes <= LARGEST_CHUNK_BYTES) {
      const bytes = Buffer.alloc(header.totalBytes);
      const chunk =
        readSync(fd, bytes, 0, bytes.length, place) === bytes.length ? openChunk(key, place, bytes) : undefined;
      if (chunk) return chunk;
    }
  } finally {
    closeSync(fd);
  }
  throw new DomainError<JournalErrorCode>('results-damaged', { place });
}
