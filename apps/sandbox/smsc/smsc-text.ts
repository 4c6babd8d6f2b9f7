/** GSM 7-bit as a phone reads it (3GPP TS 23.038, 6.2.1), by code; kept apart from the sender's table on purpose. */
const LETTERS = [
  '@£$¥èéùìòÇ\nØø\rÅå', // 00
  'Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ', // 10
  ' !"#¤%&\'()*+,-./', // 20
  '0123456789:;<=>?', // 30
  '¡ABCDEFGHIJKLMNO', // 40
  'PQRSTUVWXYZÄÖÑÜ§', // 50
  '¿abcdefghijklmno', // 60
  'pqrstuvwxyzäöñüà', // 70
].join('');
const AFTER_ESCAPE: Readonly<Record<number, string>> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};

function ofSeptets(septets: Iterable<number>): string {
  let read = '';
  let escaped = false;
  for (const septet of septets) {
    if (escaped) read += AFTER_ESCAPE[septet] ?? LETTERS[septet];
    else if (septet !== 0x1b) read += LETTERS[septet];
    escaped = !escaped && septet === 0x1b;
  }
  return read;
}

function* unpack(octets: Buffer, skipBits: number): Iterable<number> {
  const total = Math.floor((octets.length * 8 - skipBits) / 7);
  for (let n = 0; n < total; n++) {
    let septet = 0;
    for (let bit = 0; bit < 7; bit++) {
      const at = skipBits + n * 7 + bit;
      septet |= ((octets[at >> 3]! >> (at & 7)) & 1) << bit;
    }
    // Seven bits left over at the end are filled with a carriage return.
    if (n === total - 1 && septet === 0x0d && (skipBits + total * 7) % 8 === 0) return;
    yield septet;
  }
}

/** What the phone shows of one part, and how the part joins with others. */
export interface PhonePart {
  readonly text: string;
  readonly joins?: { readonly reference: number; readonly total: number; readonly place: number };
}

/** Reads a part as a phone does: the header first, then the text behind it. */
export function readPart(octets: Buffer, esmClass: number, coding: number, packed: boolean): PhonePart {
  const headed = (esmClass & 0x40) !== 0 && octets.length > 0;
  const header = headed ? octets.subarray(0, octets[0]! + 1) : octets.subarray(0, 0);
  const rest = octets.subarray(header.length);
  const joins = joinOf(header);
  const skipBits = packed ? (7 - ((header.length * 8) % 7)) % 7 : 0;
  const text = coding === 8 ? ofUcs2(rest) : coding === 3 ? rest.toString('latin1') : sevenBit(rest, packed, skipBits);
  return joins ? { text, joins } : { text };
}

const sevenBit = (octets: Buffer, packed: boolean, skipBits: number): string =>
  ofSeptets(packed ? unpack(octets, skipBits) : octets.map((each) => each & 0x7f));

function ofUcs2(octets: Buffer): string {
  let read = '';
  for (let at = 0; at + 1 < octets.length; at += 2) read += String.fromCharCode(octets.readUInt16BE(at));
  return read;
}

function joinOf(header: Buffer): PhonePart['joins'] {
  if (header[0] === 5 && header[1] === 0 && header[2] === 3) {
    return { reference: header[3]!, total: header[4]!, place: header[5]! };
  }
  if (header[0] === 6 && header[1] === 8 && header[2] === 4) {
    return { reference: header.readUInt16BE(3), total: header[5]!, place: header[6]! };
  }
  return undefined;
}

/** A customer's text as parts of deliver_sm: 7-bit where ASCII is enough, else UCS-2, joined by an 8-bit reference. */
export function writeParts(text: string, reference: number): { coding: number; esmClass: number; octets: Buffer }[] {
  // Of ASCII these are other letters in GSM 7-bit, or none.
  const plain = /^[\n\r -~]*$/.test(text) && !/[@$_`^{}[\]~|\\]/.test(text);
  const room = plain ? 160 : 70;
  const [coding, each] = plain ? [0, 153] : [8, 67];
  const write = (part: string): Buffer => (plain ? Buffer.from(part, 'latin1') : Buffer.from(part, 'utf16le').swap16());
  if (text.length <= room) return [{ coding, esmClass: 0, octets: write(text) }];
  const parts: string[] = [];
  for (let start = 0; start < text.length; start += each) parts.push(text.slice(start, start + each));
  return parts.map((part, n) => ({
    coding,
    esmClass: 0x40,
    octets: Buffer.concat([Buffer.from([5, 0, 3, reference & 0xff, parts.length, n + 1]), write(part)]),
  }));
}
