import { randomFillSync } from 'node:crypto';

/** A UUIDv7 in its usual text form (RFC 9562): made by us, so that a retry can carry the same one. */
export type Id = string;

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const pool = Buffer.alloc(4096);
let used = pool.length;

/** Ten random bytes at a time out of a pool: one system call serves four hundred ids. */
function randomTail(target: Buffer): void {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(target, 6, used, used + 10);
  used += 10;
}

/**
 * A new UUIDv7: 48 bits of milliseconds, then random bits (RFC 9562, 5.7).
 *
 * @example newId() // '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42'
 */
export function newId(nowMs: number = Date.now()): Id {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  randomTail(bytes);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return idFromBytes(bytes);
}

/**
 * Makes new UUIDv7s that rise from one call to the next, the 12 bits after the version being a counter (RFC 9562, 6.2,
 * method 1): rows that are stored together lie together in an index by id.
 *
 * @example const next = risingIds(); next() < next() // true
 */
export function risingIds(nowMs: number = Date.now()): () => Id {
  let ms = nowMs;
  let count = -1;
  let head = '';
  return () => {
    if (++count > 0xfff) [ms, count] = [ms + 1, 0];
    if (count === 0) {
      const hex = ms.toString(16).padStart(12, '0');
      head = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
    }
    if (used + 8 > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    pool[used] = (pool[used]! & 0x3f) | 0x80;
    const tail = pool.toString('hex', used, (used += 8));
    return `${head}${count.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}

/** True for the canonical lower-case text form of a UUID. */
export function isId(text: unknown): text is Id {
  return typeof text === 'string' && ID.test(text);
}

/** The 16 bytes that the database stores. @throws {RangeError} when the text is not an id */
export function idToBytes(id: Id): Buffer {
  if (!isId(id)) throw new RangeError('not a UUID');
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** The text form of 16 stored bytes. */
export function idFromBytes(bytes: Uint8Array): Id {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
