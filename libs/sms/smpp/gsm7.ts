/** 3GPP TS 23.038, 6.2.1: the place of a character is its code; 0x1B leads to the extension table. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 0x1b;
/** 6.2.1.1: each costs two septets, the escape and its code. */
const EXTENSION: ReadonlyMap<string, number> = new Map([
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
]);

/** By UTF-16 unit: the code, 0x1B00 + the code in the extension table, or -1. All of the alphabet is below U+2100. */
const CODES = new Int16Array(0x2100).fill(-1);
[...BASIC].forEach((character, code) => code !== ESCAPE && (CODES[character.charCodeAt(0)] = code));
for (const [character, code] of EXTENSION) CODES[character.charCodeAt(0)] = (ESCAPE << 8) | code;
const EXTENDED = new Map([...EXTENSION].map(([character, code]) => [code, character]));
const CARRIAGE_RETURN = 0x0d;

/** Septets a UTF-16 unit costs: 1, 2 for the extension table, 0 when the alphabet lacks it. */
export function septetsOf(unit: number): 0 | 1 | 2 {
  const code = CODES[unit] ?? -1;
  return code < 0 ? 0 : code < 0x80 ? 1 : 2;
}

/**
 * A text as septets, one in each octet ("unpacked"), as most SMSCs want it under data_coding 0.
 *
 * @throws {RangeError} for a character outside the alphabet and its extension table
 * @example encodeGsm7('a€').toString('hex') // '611b65'
 */
export function encodeGsm7(text: string): Buffer {
  const octets = Buffer.allocUnsafe(text.length * 2);
  let at = 0;
  for (let n = 0; n < text.length; n++) {
    const code = CODES[text.charCodeAt(n)] ?? -1;
    if (code < 0) throw new RangeError('a character that GSM 7-bit does not have');
    if (code >= 0x80) octets[at++] = ESCAPE;
    octets[at++] = code & 0x7f;
  }
  return octets.subarray(0, at);
}

/**
 * The text of unpacked septets. As 23.038 asks: an unknown extension code is read in the basic table, an escape at the
 * end is a space, and so is a second escape. Bit 7 is ignored.
 */
export function decodeGsm7(septets: Uint8Array): string {
  let text = '';
  for (let n = 0; n < septets.length; n++) {
    const code = septets[n]! & 0x7f;
    if (code !== ESCAPE) {
      text += BASIC[code];
      continue;
    }
    const next = septets[++n];
    const low = next === undefined ? ESCAPE : next & 0x7f;
    text += low === ESCAPE ? ' ' : (EXTENDED.get(low) ?? BASIC[low]);
  }
  return text;
}

/**
 * Packs septets eight into seven octets (23.038, 6.1.2.1), after so many fill bits, which align them behind a user
 * data header. Where seven bits are left over they hold a carriage return, so that they are not read as "@".
 *
 * @example packSeptets(encodeGsm7('hellohello')).toString('hex') // 'e8329bfd4697d9ec37'
 */
export function packSeptets(septets: Uint8Array, fillBits = 0): Buffer {
  const bits = fillBits + septets.length * 7;
  const octets = Buffer.alloc(Math.ceil(bits / 8));
  const put = (septet: number, bit: number): void => {
    const at = bit >> 3;
    const wide = septet << (bit & 7);
    octets[at]! |= wide & 0xff;
    if (wide > 0xff) octets[at + 1]! |= wide >> 8;
  };
  septets.forEach((septet, n) => put(septet & 0x7f, fillBits + n * 7));
  if (octets.length * 8 - bits === 7) put(CARRIAGE_RETURN, bits);
  return octets;
}

/** The septets in packed octets; a carriage return that fills the last seven bits is taken for filling. */
export function unpackSeptets(octets: Uint8Array, fillBits = 0): Buffer {
  const bits = Math.max(0, octets.length * 8 - fillBits);
  const septets = Buffer.alloc(Math.floor(bits / 7));
  for (let n = 0; n < septets.length; n++) {
    const bit = fillBits + n * 7;
    const wide = octets[bit >> 3]! | ((octets[(bit >> 3) + 1] ?? 0) << 8);
    septets[n] = (wide >> (bit & 7)) & 0x7f;
  }
  const filled = bits % 7 === 0 && septets.at(-1) === CARRIAGE_RETURN;
  return filled ? septets.subarray(0, -1) : septets;
}
