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
/** Of an entry: characters of name and content, bytes of the answer. */
const ENTRY_BYTES = 4 + 4 + 4;

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

/** Lengths of all entries, then all their text, then all their answers: one conversion of text for hundreds. */
function encode(results: readonly NamedResult[]): Buffer {
  const texts: string[] = [];
  let answersBytes = 0;
  for (const { name, content, answer } of results) {
    texts.push(name, content);
    answersBytes += answer.length;
  }
  const text = texts.join('');
  const textAt = 8 + results.length * ENTRY_BYTES;
  const textBytes = Buffer.byteLength(text);
  const bytes = Buffer.alloc(textAt + textBytes + answersBytes);
  bytes.writeUInt32BE(results.length, 0);
  bytes.writeUInt32BE(textBytes, 4);
  bytes.write(text, textAt, 'utf8');
  let at = 8;
  let answerAt = textAt + textBytes;
  for (const { name, content, answer } of results) {
    bytes.writeUInt32BE(name.length, at);
    bytes.writeUInt32BE(content.length, at + 4);
    bytes.writeUInt32BE(answer.length, at + 8);
    bytes.set(answer, answerAt);
    at += ENTRY_BYTES;
    answerAt += answer.length;
  }
  return bytes;
}

function decode(plain: Buffer): Map<string, StoredResult> {
  const results = new Map<string, StoredResult>();
  const count = plain.readUInt32BE(0);
  const textAt = 8 + count * ENTRY_BYTES;
  let answerAt = textAt + plain.readUInt32BE(4);
  const text = plain.toString('utf8', textAt, answerAt);
  let nameAt = 0;
  for (let at = 8; at < textAt; at += ENTRY_BYTES) {
    const contentAt = nameAt + plain.readUInt32BE(at);
    const contentEnd = contentAt + plain.readUInt32BE(at + 4);
    const answerEnd = answerAt + plain.readUInt32BE(at + 8);
    const answer = plain.subarray(answerAt, answerEnd);
    results.set(text.slice(nameAt, contentAt), { content: text.slice(contentAt, contentEnd), answer });
    nameAt = contentEnd;
    answerAt = answerEnd;
  }
  return results;
}
