import type { Id, InstantMs } from '@vend/kernel';

/*
 * Values as they stand in the text of a statement, for statements of thousands of rows: the driver's placeholders look at
 * the type of every value and look through the text for the next one, which is half of what a bulk import costs.
 * Everything else uses placeholders. The rules are the driver's own (literals.spec.ts compares them), and rest on what
 * the start-up check demands: no NO_BACKSLASH_ESCAPES (profile.ts).
 */

const SPECIAL = /[\0\b\t\n\r\x1a"'\\]/;
const SPECIALS = /[\0\b\t\n\r\x1a"'\\]/g;
const ESCAPED: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};

/** A text, or NULL. @example textLiteral("O'Neil") // 'O\'Neil' in quotation marks */
export function textLiteral(text: string | null): string {
  if (text === null) return 'NULL';
  return SPECIAL.test(text) ? `'${text.replace(SPECIALS, (unit) => ESCAPED[unit]!)}'` : `'${text}'`;
}

const HEX = /^(?:[0-9a-f]{2})*$/;

/** Bytes given as lower-case hexadecimal. @throws {RangeError} @example hexLiteral('c0ffee') // x'c0ffee' */
export function hexLiteral(hex: string): string {
  if (!HEX.test(hex)) throw new RangeError('not hexadecimal');
  return `x'${hex}'`;
}

/** The 16 bytes of an id. @throws {RangeError} when the text is none */
export function idLiteral(id: Id): string {
  if (id.length !== 36) throw new RangeError('not a UUID');
  return hexLiteral(id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24));
}

/** A whole number. @throws {RangeError} @example integerLiteral(230n) // 230 */
export function integerLiteral(value: number | bigint): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError('not a whole number');
  return String(value);
}

/** An instant for a DATETIME(3), which holds UTC. @example instantLiteral(0) // '1970-01-01 00:00:00.000' */
export function instantLiteral(at: InstantMs): string {
  return `'${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}'`;
}
