/**
 * Reads hexadecimal digits one by one, so that a secret never becomes a JavaScript string, which nobody can erase.
 *
 * @param skip a character between digits to be left out
 * @returns the bytes, or null when anything is no digit or the count is not `bytes`
 * @example hexBytes(Buffer.from('0aff'), 2) // <Buffer 0a ff>
 */
export function hexBytes(text: Uint8Array, bytes: number, skip?: string): Buffer | null {
  const value = Buffer.alloc(bytes);
  const skipped = skip?.charCodeAt(0);
  let digits = 0;
  for (const character of text) {
    if (character === skipped) continue;
    const nibble = nibbleOf(character);
    if (nibble < 0 || digits === bytes * 2) return erased(value);
    value[digits >> 1] = (value[digits >> 1]! << 4) | nibble;
    digits += 1;
  }
  return digits === bytes * 2 ? value : erased(value);
}

function erased(value: Buffer): null {
  value.fill(0);
  return null;
}

function nibbleOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const lower = character | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** The lines of a secret text, without their ends and blank ones; views of the same memory, erased with it. */
export function linesOf(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < text.length;) {
    const found = text.indexOf(0x0a, start);
    const end = found < 0 ? text.length : found;
    const line = trimmed(text.subarray(start, end));
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
}

/** Without blanks and control characters at both ends; a view. */
export function trimmed(text: Buffer): Buffer {
  let [start, end] = [0, text.length];
  while (start < end && text[start]! <= 0x20) start += 1;
  while (end > start && text[end - 1]! <= 0x20) end -= 1;
  return text.subarray(start, end);
}
