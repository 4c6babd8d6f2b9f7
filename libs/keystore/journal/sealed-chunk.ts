import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import type { StoredResult } from './journal.types';

/**
 * The results of a group of tokens, sealed together: one AES-256-GCM for hundreds of tokens. A chunk opens
 * only where it was written, for the part's salt makes its key and its place is in the additional data.
 *
 * header: magic, bytes of the sealed text, first and last line of the group that was written together, and
 * how many chunks of that group follow
 */
export const CHUNK_HEADER_BYTES = 4 + 4 + 8 + 8 + 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAGIC = 0x56524331;
const ENTRY_HEADER_BYTES = 2 + 4 + 4;

/** Which lines were written together with a chunk. */
export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

/** Where a chunk belongs. */
export interface ChunkPlace {
  /** Where in the part it begins. */
  readonly place: number;
  readonly lines: LineSpan;
  /** Chunks of the same group behind it. */
  readonly following: number;
}

export interface ChunkHeader {
  readonly lines: LineSpan;
  readonly following: number;
  /** Header, nonce, sealed text and tag. */
  readonly totalBytes: number;
}

/** A result under the name it is looked up by. */
export interface NamedResult extends StoredResult {
  /** Request id, a line end, caller: neither part can be mistaken for the other. */
  readonly name: string;
}

/** @example resultName('api', 'r-1:5:1') */
export function resultName(caller: string, requestId: string): string {
  return `${requestId}\n${caller}`;
}

/**
 * Seals results.
 *
 * @param key 32 bytes, of this part alone
 */
export function sealChunk(
  key: Buffer,
  { place, lines, following }: ChunkPlace,
  results: readonly NamedResult[],
): Buffer {
  const plain = encode(results);
  try {
    const head = Buffer.alloc(CHUNK_HEADER_BYTES + IV_BYTES);
    head.writeUInt32BE(MAGIC, 0);
    head.writeUInt32BE(plain.length, 4);
    head.writeBigUInt64BE(BigInt(lines.first), 8);
    head.writeBigUInt64BE(BigInt(lines.last), 16);
    head.writeUInt32BE(following, 24);
    // Random, not counted: a place is written again after a group that could not be.
    const iv = randomFillSync(head, CHUNK_HEADER_BYTES, IV_BYTES).subarray(CHUNK_HEADER_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(head, place));
    return Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  } finally {
    plain.fill(0);
  }
}

/** @returns undefined when these bytes do not begin a chunk */
export function readChunkHeader(bytes: Buffer): ChunkHeader | undefined {
  if (bytes.length < CHUNK_HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC) return undefined;
  return {
    lines: { first: Number(bytes.readBigUInt64BE(8)), last: Number(bytes.readBigUInt64BE(16)) },
    following: bytes.readUInt32BE(24),
    totalBytes: CHUNK_HEADER_BYTES + IV_BYTES + bytes.readUInt32BE(4) + TAG_BYTES,
  };
}

/** The results of one chunk, by name; `erase` when they are no longer needed. */
export interface OpenChunk {
  readonly results: ReadonlyMap<string, StoredResult>;
  erase(): void;
}

/** @returns undefined when the chunk is not what was sealed, or not sealed here */
export function openChunk(key: Buffer, place: number, chunk: Buffer): OpenChunk | undefined {
  const textAt = CHUNK_HEADER_BYTES + IV_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, chunk.subarray(CHUNK_HEADER_BYTES, textAt), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(boundTo(chunk, place)).setAuthTag(chunk.subarray(chunk.length - TAG_BYTES));
  const plain = decipher.update(chunk.subarray(textAt, chunk.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    plain.fill(0);
    return undefined;
  }
  return { results: decode(plain), erase: () => plain.fill(0) };
}

function boundTo(head: Buffer, place: number): Buffer {
  const bound = Buffer.alloc(CHUNK_HEADER_BYTES + 8);
  head.copy(bound, 0, 0, CHUNK_HEADER_BYTES);
  bound.writeBigUInt64BE(BigInt(place), CHUNK_HEADER_BYTES);
  return bound;
}

function encode(results: readonly NamedResult[]): Buffer {
  let limit = 0;
  for (const { name, content, answer } of results) {
    limit += ENTRY_HEADER_BYTES + 3 * (name.length + content.length) + answer.length;
  }
  const bytes = Buffer.alloc(limit);
  let end = 0;
  for (const { name, content, answer } of results) {
    const at = end;
    end += ENTRY_HEADER_BYTES;
    const nameBytes = bytes.write(name, end, 'utf8');
    end += nameBytes;
    const contentBytes = bytes.write(content, end, 'utf8');
    end += contentBytes;
    bytes.set(answer, end);
    end += answer.length;
    bytes.writeUInt16BE(nameBytes, at);
    bytes.writeUInt32BE(contentBytes, at + 2);
    bytes.writeUInt32BE(answer.length, at + 6);
  }
  return bytes.subarray(0, end);
}

function decode(plain: Buffer): Map<string, StoredResult> {
  const results = new Map<string, StoredResult>();
  for (let at = 0; at < plain.length;) {
    const nameAt = at + ENTRY_HEADER_BYTES;
    const contentAt = nameAt + plain.readUInt16BE(at);
    const answerAt = contentAt + plain.readUInt32BE(at + 2);
    at = answerAt + plain.readUInt32BE(nameAt - 4);
    const name = plain.toString('utf8', nameAt, contentAt);
    results.set(name, { content: plain.toString('utf8', contentAt, answerAt), answer: plain.subarray(answerAt, at) });
  }
  return results;
}
