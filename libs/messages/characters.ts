import { isGsm, smsParts, type Language } from '@vend/receipts';

/** A character that an officer did not mean to pay for. */
export interface StrayCharacter {
  /** Index of its first UTF-16 unit. */
  readonly at: number;
  readonly character: string;
  /** In words: `RIGHT SINGLE QUOTATION MARK`, or `U+1F4A1`. */
  readonly name: string;
  /** What to write instead; '' is nothing. */
  readonly instead: string;
  /** The parts of the text as it is, and with all such characters replaced. */
  readonly parts: number;
  readonly partsWithout: number;
}

/** Characters that word processors put in, with their Unicode names and what to write instead. */
const KNOWN: Readonly<Record<string, readonly [name: string, instead: string]>> = {
  '\u00a0': ['NO-BREAK SPACE', ' '],
  '\u00ad': ['SOFT HYPHEN', ''],
  '\u200b': ['ZERO WIDTH SPACE', ''],
  '\u200c': ['ZERO WIDTH NON-JOINER', ''],
  '\u200d': ['ZERO WIDTH JOINER', ''],
  '\u200e': ['LEFT-TO-RIGHT MARK', ''],
  '\u200f': ['RIGHT-TO-LEFT MARK', ''],
  '\u2009': ['THIN SPACE', ' '],
  '\u202f': ['NARROW NO-BREAK SPACE', ' '],
  '\u2010': ['HYPHEN', '-'],
  '\u2011': ['NON-BREAKING HYPHEN', '-'],
  '\u2013': ['EN DASH', '-'],
  '\u2014': ['EM DASH', '-'],
  '\u2018': ['LEFT SINGLE QUOTATION MARK', "'"],
  '\u2019': ['RIGHT SINGLE QUOTATION MARK', "'"],
  '\u201c': ['LEFT DOUBLE QUOTATION MARK', '"'],
  '\u201d': ['RIGHT DOUBLE QUOTATION MARK', '"'],
  '\u2022': ['BULLET', '-'],
  '\u2026': ['HORIZONTAL ELLIPSIS', '...'],
  '\u00d7': ['MULTIPLICATION SIGN', 'x'],
  '\u00b7': ['MIDDLE DOT', '.'],
  '\u09f3': ['BENGALI RUPEE SIGN', 'Tk'],
  '\u0964': ['DEVANAGARI DANDA', '.'],
  '\ufeff': ['ZERO WIDTH NO-BREAK SPACE', ''],
};
/** Of these Bangla has no use: they are there unseen. A joiner or non-joiner shapes letters and stays. */
const UNSEEN_IN_BANGLA = /[\u00a0\u00ad\u200b\u200e\u200f\u2009\u202f\ufeff]/u;
const BANGLA_DIGIT = /[০-৯]/u;

/**
 * Points out what a text need not pay for: in English every character outside GSM 7-bit, of which one alone halves the
 * room of the whole message; in Bangla what nobody sees, and Bangla digits, which nobody can type into a meter.
 *
 * @param text as it would leave, or a template's body
 * @example strayCharacters('Don’t pay twice', 'en')[0]?.name // 'RIGHT SINGLE QUOTATION MARK'
 */
export function strayCharacters(text: string, language: Language): StrayCharacter[] {
  const isStray = (character: string) =>
    language === 'en' ? !isGsm(character) : UNSEEN_IN_BANGLA.test(character) || BANGLA_DIGIT.test(character);
  const found: { at: number; character: string }[] = [];
  let clean = '';
  let at = 0;
  for (const character of text) {
    if (isStray(character)) found.push({ at, character });
    clean += isStray(character) ? nameOf(character)[1] : character;
    at += character.length;
  }
  if (found.length === 0) return [];
  const [parts, partsWithout] = [smsParts(text).parts.length, smsParts(clean).parts.length];
  return found.map((each) => {
    const [name, instead] = nameOf(each.character);
    return { ...each, name, instead, parts, partsWithout };
  });
}

function nameOf(character: string): readonly [name: string, instead: string] {
  const known = KNOWN[character];
  if (known) return known;
  const code = character.codePointAt(0)!;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (BANGLA_DIGIT.test(character)) return [`BENGALI DIGIT ${hex}`, String(code - 0x09e6)];
  if (/\p{Script=Bengali}/u.test(character)) return [`BENGALI LETTER ${hex}`, ''];
  return [/\p{Extended_Pictographic}/u.test(character) ? `EMOJI ${hex}` : hex, ''];
}
