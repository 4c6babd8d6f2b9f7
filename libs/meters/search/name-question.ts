import { idFromBytes, type Id } from '@vend/kernel';
import { nameWords } from './name-words';

/** A search as it is put to the index. */
export interface NameQuestion {
  /** Whose rows are read, by key; a customer elsewhere is not found. */
  readonly offices: readonly number[];
  /** Beginning of the word that leads: the walk along the index is along this one. */
  readonly word: Buffer;
  /** Beginnings of other words that the name must have. */
  readonly others: readonly Buffer[];
}

/** Typed words beyond these are passed over: nobody's name has them all. */
const TYPED_WORDS_MAX = 6;

/**
 * What somebody typed, as the beginnings of words, without those that another one implies; none when it has no letter.
 *
 * @example searchedWords('Md Abdul abd').map(String) // ['md', 'abdul']
 */
export function searchedWords(typed: string): Buffer[] {
  const words = nameWords(typed).slice(0, TYPED_WORDS_MAX);
  return words.filter((word) => !words.some((other) => other !== word && beginsWith(other, word)));
}

/** True when the bytes begin with these. */
export function beginsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.length >= start.length && bytes.subarray(0, start.length).equals(start);
}

/** A row's place in the index. */
export interface RowPlace {
  readonly officeKey: number;
  readonly turned: Buffer;
  /** The customer's. */
  readonly id: Id;
}

/** Where a search goes on: the row that was read last, and along which of the typed words it was read. */
export interface IndexPlace extends RowPlace {
  /** Counted from 0. What the server takes for the rarest word may change between two pages; a walk may not. */
  readonly leading: number;
}

/** A place as a cursor that a caller keeps and gives back. @example placeOf(cursorOf(place)) */
export function cursorOf({ leading, officeKey, turned, id }: IndexPlace): string {
  const head = Buffer.alloc(5);
  head.writeUInt8(leading);
  head.writeUInt32BE(officeKey, 1);
  return Buffer.concat([head, bytesOfId(id), turned]).toString('base64url');
}

/** The place of a cursor; undefined when it is none of ours. It opens nothing: offices are narrowed all the same. */
export function placeOf(cursor: string): IndexPlace | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length < 22) return undefined;
  const [leading, officeKey] = [bytes.readUInt8(0), bytes.readUInt32BE(1)];
  return { leading, officeKey, id: idFromBytes(bytes.subarray(5, 21)), turned: bytes.subarray(21) };
}

/** The condition on `customer_words w` of the rows after a place, or of all; undefined when no office is left. */
export function rangeAfter(
  { offices, word }: NameQuestion,
  place: RowPlace | undefined,
): { readonly sql: string; readonly values: readonly unknown[] } | undefined {
  // Letters are below 0xff, which nothing is: (অ is 0x85, the last Bengali sign 0xfe.)
  const end = Buffer.concat([word, Buffer.of(0xff)]);
  const later = offices.filter((office) => place === undefined || office > place.officeKey);
  const parts: string[] = [];
  const values: unknown[] = [];
  if (place !== undefined && offices.includes(place.officeKey)) {
    parts.push('(w.office = ? AND w.turned >= ? AND w.turned < ? AND NOT (w.turned = ? AND w.customer_id <= ?))');
    // From the cursor on, and never from before the word: a cursor is the caller's to change.
    const from = beginsWith(place.turned, word) || place.turned.compare(word) > 0 ? place.turned : word;
    values.push(place.officeKey, from, end, place.turned, bytesOfId(place.id));
  }
  if (later.length > 0) {
    parts.push('(w.office IN (?) AND w.turned >= ? AND w.turned < ?)');
    values.push(later, word, end);
  }
  return parts.length === 0 ? undefined : { sql: parts.join(' OR '), values };
}

/** Without the check that it is a UUID of a known version: the end of an office is none. */
function bytesOfId(id: Id): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
