import { createHash, randomBytes } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import { combine, split } from 'shamir-secret-sharing';
import { hexBytes, trimmed } from './hex-digits';
import type { KeystoreErrorCode } from './keystore.errors';
import { KEK_BYTES } from './software-kek';

/**
 * A custodian's share as it is written down:
 *
 *   vks1-<set>-<threshold>of<shares>-<number>-<66 hex digits in groups of six>-<check>
 *
 * `set` (8 hex digits) is the same on all shares of one KEK, so a share of another KEK is told apart before anything
 * is combined; `check` (6 hex digits) is a SHA-256 over all before it, so a slip of the pen is named, and whose.
 */
const HEADER = /^vks1-([0-9a-f]{8})-(\d{1,2})of(\d{1,2})-(\d{1,2})$/;
const LIMIT = 16;
/** Hexadecimal digits of the check. */
const CHECK_DIGITS = 6;
/** 32 bytes of value and the point they belong to. */
const SHARE_BYTES = KEK_BYTES + 1;
const DASH = 0x2d;

/** How a KEK is split: `shares` custodians, any `threshold` of whom bring it back. */
export interface Splitting {
  /** 2 to 16. */
  readonly shares: number;
  /** 2 to `shares`. */
  readonly threshold: number;
}

interface Share extends Splitting {
  readonly set: string;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * Splits a KEK among custodians (Shamir's scheme over GF(2^8)). Fewer than `threshold` shares tell nothing of it.
 *
 * @param kek 32 bytes; not kept
 * @returns one line of text for each custodian; each is a secret
 * @throws {RangeError} for a splitting that is none
 * @example const lines = await splitKek(kek, { shares: 3, threshold: 2 });
 */
export async function splitKek(kek: Buffer, { shares, threshold }: Splitting): Promise<string[]> {
  const isCount = (n: number): boolean => Number.isInteger(n) && n >= 2 && n <= LIMIT;
  if (!isCount(shares) || !isCount(threshold) || threshold > shares) {
    throw new RangeError(`shares: 2 to ${LIMIT}; threshold: 2 to the number of shares`);
  }
  if (kek.length !== KEK_BYTES) throw new RangeError('a key-encryption key has 32 bytes');
  const set = randomBytes(4).toString('hex');
  // The library insists on a plain Uint8Array and does not take its subclass Buffer.
  const plain = new Uint8Array(kek);
  const parts = await split(plain, shares, threshold);
  plain.fill(0);
  return parts.map((bytes, index) => {
    const line = write({ set, threshold, shares, number: index + 1, bytes });
    bytes.fill(0);
    return line;
  });
}

/**
 * Brings the KEK back from shares, in any order.
 *
 * @param lines as written by `splitKek`, as bytes; case, and blanks around a line, do not matter; not kept
 * @returns 32 bytes; the caller fills them with zeros
 * @throws {DomainError} `kek-share-malformed`, `kek-share-foreign`, `kek-share-repeated` (each with `share`: which of
 * the lines given, from 1), `kek-shares-too-few` (with `given` and `threshold`)
 * @example const kek = await combineShares([fromRahim, fromSalma]);
 */
export async function combineShares(lines: readonly Buffer[]): Promise<Buffer> {
  const shares: Share[] = [];
  try {
    lines.forEach((line, index) => shares.push(readShare(line, index + 1)));
    const [first] = shares;
    if (!first) throw new DomainError<KeystoreErrorCode>('kek-shares-too-few', { given: 0, threshold: 2 });
    shares.forEach((share, index) => refuseStranger(share, first, shares.slice(0, index), index + 1));
    if (shares.length < first.threshold) {
      throw new DomainError<KeystoreErrorCode>('kek-shares-too-few', {
        given: shares.length,
        threshold: first.threshold,
      });
    }
    const kek = await combine(shares.map(({ bytes }) => bytes));
    const copy = Buffer.from(kek);
    kek.fill(0);
    return copy;
  } finally {
    for (const { bytes } of shares) bytes.fill(0);
  }
}

/** How many shares a line says are needed. @throws {DomainError} `kek-share-malformed` */
export function thresholdOf(line: Buffer): number {
  const share = readShare(line, 1);
  share.bytes.fill(0);
  return share.threshold;
}

/** True for text that means to be a share, however damaged. */
export function looksLikeShare(text: Buffer): boolean {
  return trimmed(text).subarray(0, 3).toString('latin1').toLowerCase() === 'vks';
}

function refuseStranger(share: Share, first: Share, before: readonly Share[], position: number): void {
  const isOfSet = share.set === first.set && share.threshold === first.threshold && share.shares === first.shares;
  if (!isOfSet) throw new DomainError<KeystoreErrorCode>('kek-share-foreign', { share: position });
  if (before.some(({ number }) => number === share.number)) {
    throw new DomainError<KeystoreErrorCode>('kek-share-repeated', { share: position, number: share.number });
  }
}

function write({ set, threshold, shares, number, bytes }: Share): string {
  const groups = Buffer.from(bytes)
    .toString('hex')
    .match(/.{1,6}/g)!;
  const body = `vks1-${set}-${threshold}of${shares}-${number}-${groups.join('-')}`;
  return `${body}-${checkOf(Buffer.from(body))}`;
}

function readShare(line: Buffer, position: number): Share {
  const text = lowerCase(trimmed(line));
  const malformed = (): never => {
    throw new DomainError<KeystoreErrorCode>('kek-share-malformed', { share: position });
  };
  try {
    const end = text.lastIndexOf(DASH);
    const start = headerEnd(text);
    if (start < 0 || end <= start) return malformed();
    const found = HEADER.exec(text.toString('latin1', 0, start));
    const check = text.toString('latin1', end + 1);
    if (!found || check !== checkOf(text.subarray(0, end))) return malformed();
    const [threshold, shares, number] = [Number(found[2]), Number(found[3]), Number(found[4])];
    if (threshold < 2 || threshold > shares || shares > LIMIT || number < 1 || number > shares) return malformed();
    const bytes = hexBytes(text.subarray(start, end), SHARE_BYTES, '-');
    if (!bytes) return malformed();
    const plain = new Uint8Array(bytes);
    bytes.fill(0);
    return { set: found[1]!, threshold, shares, number, bytes: plain };
  } finally {
    text.fill(0);
  }
}

/** Where the fourth dash stands: before it nothing is secret. */
function headerEnd(text: Buffer): number {
  let at = -1;
  for (let dashes = 0; dashes < 4; dashes += 1) {
    at = text.indexOf(DASH, at + 1);
    if (at < 0) return -1;
  }
  return at;
}

function lowerCase(text: Buffer): Buffer {
  const lower = Buffer.alloc(text.length);
  text.forEach((byte, at) => (lower[at] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
  return lower;
}

function checkOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, CHECK_DIGITS);
}
