/**
 * Names as they are searched: what people write differently and mean the same is written once.
 *
 * Latin: lower case, accents off. Bangla: Unicode NFC, then
 *
 *   ী → ি, ূ → ু, ঈ → ই, ঊ → উ               long and short vowels
 *   শ, ষ → স;  ণ → ন;  য → জ;  ঙ → ং;  ৎ → ত   letters that sound alike
 *   ড়, ঢ় → র                                   likewise; য় stays itself
 *   ্ ঁ ঃ ় and joiners                           dropped: আব্দুল is আবদুল, মোঃ is মো
 *   ০-৯ → 0-9
 *
 * Apostrophes are dropped inside a word; everything else that is neither letter, mark nor digit parts words.
 *
 * The bytes: ASCII as it is, Bangla (U+0980 to U+09FF) as 0x80 to 0xFF, another letter as 0x01 and its three bytes.
 * One byte for a letter keeps the index a third of what UTF-8 would make it; only equality and prefixes are asked of it.
 */

/** Raise it with any change of the rules below: what is stored by another rule is made anew (fillCustomerWords). */
export const NAME_RULE = 1;

/** Words of a name beyond these are not searched by. */
const WORDS_MAX = 12;
/** What the column holds. */
const TURNED_MAX_BYTES = 250;
const SPACE_HEX = '20';

const SAME: Readonly<Record<string, string>> = {
  '\u09c0': '\u09bf',
  '\u09c2': '\u09c1',
  ঈ: 'ই',
  ঊ: 'উ',
  শ: 'স',
  ষ: 'স',
  ণ: 'ন',
  য: 'জ',
  ঙ: '\u0982',
  ৎ: 'ত',
};
/** One code point, which NFC writes as two. */
const YA_WITH_DOT = '\u09df';
const BENGALI_FIRST = 0x0980;
const DIGIT_ZERO = 0x09e6;

/**
 * The words of a name, or of what somebody typed to find one, as the index has them. In the order of the text, each once.
 *
 * @example nameWords('মোঃ আব্দুল করিম').length // 3
 * @example nameWords('আবদুল')[0]!.equals(nameWords('আব্দুল')[0]!) // true
 */
export function nameWords(name: string): Buffer[] {
  return hexWords(name).map((hex) => Buffer.from(hex, 'hex'));
}

/**
 * The rows of the index for a name: its words, turned so that each comes first once.
 *
 * @example turnedNames('Abdul Karim').map(String) // ['abdul karim', 'karim abdul']
 */
export function turnedNames(name: string): Buffer[] {
  return turnedHex(name).map((hex) => Buffer.from(hex, 'hex'));
}

/** The same rows in hexadecimal, as a statement has them. @example turnedHex('Ali') // ['616c69'] */
export function turnedHex(name: string): string[] {
  const words = hexWords(name);
  return words.map((_, first) =>
    [...words.slice(first), ...words.slice(0, first)].join(SPACE_HEX).slice(0, TURNED_MAX_BYTES * 2),
  );
}

function hexWords(name: string): string[] {
  const words = new Set<string>();
  // A blank ends whatever the rules look at, so that what lies between two can be looked up by itself.
  for (const piece of name.split(' ')) {
    for (const word of wordsOfPiece(piece)) {
      words.add(word);
      if (words.size === WORDS_MAX) return [...words];
    }
  }
  return [...words];
}

/** Half a million people have some thousands of words in their names. */
const REMEMBERED_MAX = 20_000;
const remembered = new Map<string, readonly string[]>();

function wordsOfPiece(piece: string): readonly string[] {
  const known = remembered.get(piece);
  if (known) return known;
  const parts = foldedText(piece).split(/[^\p{L}\p{M}\p{N}]+/u);
  const words = parts.map((part) => bytesOf(part).toString('hex')).filter((hex) => hex !== '');
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  // A copy: a part of a text keeps all of the text in memory.
  remembered.set(Buffer.from(piece).toString(), words);
  return words;
}

const officeKeys = new Map<string, number>();

/** An office as the index has it: 32 bits of its name. Two offices with the same are told apart by the customer's row. */
export function officeKey(office: string): number {
  const known = officeKeys.get(office);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(office.normalize('NFC').trim().toLowerCase())) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  if (officeKeys.size >= REMEMBERED_MAX) officeKeys.clear();
  officeKeys.set(Buffer.from(office).toString(), hash >>> 0);
  return hash >>> 0;
}

function foldedText(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[\u09a1\u09a2]\u09bc/g, 'র')
    .replace(/\u09af\u09bc/g, YA_WITH_DOT)
    .replace(/[\u200b-\u200d\u2060'\u2019\u09cd\u0981\u0983\u09bc]/g, '');
}

function bytesOf(word: string): Buffer {
  const bytes: number[] = [];
  for (const letter of word) {
    const point = (SAME[letter] ?? letter).codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point >= DIGIT_ZERO && point < DIGIT_ZERO + 10) bytes.push(0x30 + point - DIGIT_ZERO);
    else if (point >= BENGALI_FIRST && point < BENGALI_FIRST + 0x80) bytes.push(0x80 + point - BENGALI_FIRST);
    else bytes.push(0x01, point >> 16, (point >> 8) & 0xff, point & 0xff);
  }
  return Buffer.from(bytes);
}
