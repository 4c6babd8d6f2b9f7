import { idFromBytes, idToBytes, isId, type Id, type InstantMs } from '@vend/kernel';

/**
 * Places in the order of time. An entry's id begins with the millisecond it was booked at, so "everything up to an
 * instant" is a range of ids, and a line of a statement is an entry's id and a line of it.
 */
export interface Position {
  readonly entryId: Id;
  readonly line: number;
}

/** The last place of an instant: every id up to it was booked at that millisecond or before. */
export function lastIdAt(at: InstantMs): Buffer {
  const id = Buffer.alloc(16, 0xff);
  id.writeUIntBE(Math.max(0, Math.floor(at)), 0, 6);
  return id;
}

/** A cursor for the next page: opaque to callers. */
export function cursorOf({ entryId, line }: Position): string {
  return Buffer.concat([idToBytes(entryId), Buffer.of(line)]).toString('base64url');
}

/** Reads a cursor. @throws {RangeError} when the text is none that `cursorOf` could have made */
export function positionOf(cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url');
  const entryId = bytes.length === 17 ? idFromBytes(bytes.subarray(0, 16)) : '';
  if (!isId(entryId)) throw new RangeError('not a cursor of a statement');
  return { entryId, line: bytes[16]! };
}
