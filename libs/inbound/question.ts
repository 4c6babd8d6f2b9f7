/** The words that customers may write; each has Bangla ones beside it. */
export const INBOUND_WORDS = ['BAL', 'TOK', 'USE', 'HELP', 'STOP', 'START'] as const;
export type InboundWord = (typeof INBOUND_WORDS)[number];

/** What a customer's SMS asks. */
export type Question =
  | {
      readonly kind: 'word';
      readonly word: InboundWord;
      /** What may be a meter's or customer's number, in capitals without spaces and signs; the likelier first. */
      readonly numbers: readonly string[];
      readonly language: 'bn' | 'en';
    }
  /** Short enough for a question, and no word of ours in it. */
  | { readonly kind: 'unclear'; readonly language: 'bn' | 'en' }
  /** Nothing that a person asks us: empty, too long, or with a token in it, as our own answers have. */
  | { readonly kind: 'no-question' };

/** Longer than anybody needs for a word and a number, shorter than each of our own texts: so no answer is answered. */
export const QUESTION_MAX_UNITS = 60;

/** What is read of a text at all. */
const READ_MAX_UNITS = 1_000;
const TOKEN_DIGITS = 20;

/** As customers spell them. NFC, and without the joiners that keyboards put in. */
const SPELLINGS: Readonly<Record<InboundWord, readonly string[]>> = {
  BAL: ['BAL', 'BALANCE', 'BALANS', 'ব্যালেন্স', 'ব্যালান্স', 'ব্যালেন্স', 'ব্যাল', 'স্থিতি'],
  TOK: ['TOK', 'TOKEN', 'TOKENS', 'টোকেন', 'টোক'],
  USE: ['USE', 'USAGE', 'ব্যবহার', 'নিয়ম'],
  HELP: ['HELP', 'INFO', 'সাহায্য', 'হেল্প', 'তথ্য'],
  STOP: ['STOP', 'UNSUBSCRIBE', 'বন্ধ', 'স্টপ'],
  START: ['START', 'SUBSCRIBE', 'চালু', 'শুরু', 'স্টার্ট'],
};
const WORD_OF: ReadonlyMap<string, InboundWord> = new Map(
  INBOUND_WORDS.flatMap((word) => SPELLINGS[word].map((spelling) => [spelling.normalize('NFC'), word] as const)),
);

const BANGLA = /[\u0980-\u09ff]/;
const BANGLA_DIGITS = /[\u09e6-\u09ef]/g;
/** Zero-width spaces and joiners, soft hyphens, marks of direction. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;

/**
 * Reads what a customer wrote: a word in English or Bangla, whatever its case, spaces and punctuation, with a number in
 * English or Bangla digits before or after it, or none. STOP and START count only as the first word, so that "please do
 * not stop" stops nothing. Pure; never throws; takes no longer for a longer text than for 1,000 characters.
 *
 * @example readQuestion('bal: ৪০০১-২৩৪৫') // { kind: 'word', word: 'BAL', numbers: ['40012345'], language: 'en' }
 */
export function readQuestion(text: string): Question {
  const seen = text.slice(0, READ_MAX_UNITS).normalize('NFKC').replace(UNSEEN, '');
  const language = BANGLA.test(seen.replace(BANGLA_DIGITS, '')) ? 'bn' : 'en';
  const pieces = seen
    .replace(BANGLA_DIGITS, (digit) => String(digit.charCodeAt(0) - 0x09e6))
    .toUpperCase()
    .match(/[0-9]+|[\p{L}\p{M}]+/gu);
  if (!pieces || text.length > READ_MAX_UNITS || pieces.join(' ').length > QUESTION_MAX_UNITS) {
    return { kind: 'no-question' };
  }
  const digits = pieces.filter(isNumber).join('');
  if (digits.length >= TOKEN_DIGITS) return { kind: 'no-question' };
  const word = wordOf(pieces.filter((piece) => !isNumber(piece)));
  if (!word) return { kind: 'unclear', language };
  const rest = pieces.filter((piece) => WORD_OF.get(piece) !== word).join('');
  const numbers = digits === '' ? [] : [...new Set([digits, rest])];
  return { kind: 'word', word, numbers, language };
}

/** A number of a meter or customer in the form in which it is compared. @example comparable('ab-12/3') // 'AB123' */
export function comparable(number: string): string {
  return number.toUpperCase().replace(/[^0-9A-Z]/g, '');
}

function isNumber(piece: string): boolean {
  return /^[0-9]/.test(piece);
}

function wordOf(words: readonly string[]): InboundWord | undefined {
  const [first] = words;
  const said = first === undefined ? undefined : WORD_OF.get(first);
  if (said) return said;
  const found = new Set(words.flatMap((word) => WORD_OF.get(word) ?? []));
  const [only] = found;
  return found.size === 1 && only !== 'STOP' && only !== 'START' ? only : undefined;
}
