import { gsmSafe, groupedToken, smsCuts, smsParts, type Language, type ReceiptToken } from '@vend/receipts';
import { TEMPLATES } from './codes';
import { parseTemplate, type SmsTemplate, type TemplatePiece } from './template';

/** A text as it leaves, and what it takes. Contains the tokens: never logged, never stored. */
export interface RenderedSms {
  readonly text: string;
  readonly alphabet: 'gsm-7' | 'ucs-2';
  /** Septets or UTF-16 units. */
  readonly units: number;
  readonly parts: number;
  /** Parts times the price of one, when that was given. */
  readonly costPaisa?: bigint;
}

export interface RenderOptions {
  /** In any order; the text has them in sequence. */
  readonly tokens?: readonly ReceiptToken[];
  /** What the gateway takes for one part. */
  readonly partPaisa?: bigint;
}

/**
 * A message in words: the template with its values, in normal form C. Tokens stand where the template says, in groups
 * of four ASCII digits; several are numbered 1/3, 2/3 … and no part of a long message, of either reference length, cuts
 * one in two. Values in an English text stay within GSM 7-bit, so that a name cannot double the cost; only the free text
 * of a notice goes as it was written. Source: CHANNELS.md S1, S2.
 *
 * @param values by placeholder; '' is as good as missing
 * @throws {RangeError} when a value outside [ ] is missing, or a token is not 20 ASCII digits; it names no value
 * @example renderSms(template, { amount: '500.00', meter: '012345678901' }, {}).parts // 1
 */
export function renderSms(
  template: SmsTemplate,
  values: Readonly<Record<string, string>>,
  { tokens = [], partPaisa }: RenderOptions,
): RenderedSms {
  const filled = fillAll(parsed(template.body), template, values, tokens.length > 0);
  const [before, after] = splitAtTokens(filled);
  const text = tokens.length === 0 ? `${before}${after}`.trim() : layOut(before, tokens, after, template.language);
  const whole = text.normalize('NFC');
  const { alphabet, units, parts } = smsParts(whole);
  const cost = partPaisa === undefined ? {} : { costPaisa: partPaisa * BigInt(parts.length) };
  return { text: whole, alphabet, units, parts: parts.length, ...cost };
}

/** Bodies are few and read for every message. */
const read = new Map<string, readonly TemplatePiece[]>();
const READ_MAX = 500;

function parsed(body: string): readonly TemplatePiece[] {
  const known = read.get(body);
  if (known) return known;
  const pieces = parseTemplate(body.normalize('NFC'));
  if (read.size >= READ_MAX) read.clear();
  read.set(body, pieces);
  return pieces;
}

/** Stands for the tokens until they are laid out: no template and no value holds it. */
const TOKENS_HERE = '\u0000';

function fillAll(
  pieces: readonly TemplatePiece[],
  template: SmsTemplate,
  values: Readonly<Record<string, string>>,
  hasTokens: boolean,
): string {
  const fill = (piece: TemplatePiece): string | undefined => {
    if ('text' in piece) return piece.text;
    if ('name' in piece) {
      if (piece.name === 'tokens') return hasTokens ? TOKENS_HERE : undefined;
      return valueOf(values[piece.name], template);
    }
    const inside = piece.pieces.map(fill);
    return inside.includes(undefined) ? '' : inside.join('');
  };
  return pieces
    .map((piece) => {
      const text = fill(piece);
      if (text === undefined && 'name' in piece) throw new RangeError(`${template.code} needs a value: ${piece.name}`);
      return text;
    })
    .join('');
}

function valueOf(value: string | undefined, { code, language }: SmsTemplate): string | undefined {
  if (value === undefined || value === '') return undefined;
  const isFree = TEMPLATES[code].required.includes('text');
  const plain = value.replaceAll(TOKENS_HERE, '').normalize('NFC');
  return language === 'en' && !isFree ? gsmSafe(plain) : plain;
}

function splitAtTokens(filled: string): [before: string, after: string] {
  const at = filled.indexOf(TOKENS_HERE);
  return at < 0 ? [filled, ''] : [filled.slice(0, at), filled.slice(at + 1).replaceAll(TOKENS_HERE, '')];
}

/** The tokens' words and digits; of several, each must stay in one part. */
function layOut(before: string, tokens: readonly ReceiptToken[], after: string, language: Language): string {
  const inOrder = [...tokens].sort((a, b) => a.sequence - b.sequence);
  const [first] = inOrder;
  const alone = inOrder.length === 1;
  const count = inOrder.length;
  const heading = alone
    ? { bn: 'টোকেন:', en: 'Token:' }[language]
    : { bn: `${count}টি টোকেন, সবগুলো এই ক্রমে দিন:`, en: `${count} tokens, enter all in this order:` }[language];
  const numbers = alone ? [groupedToken(first!.digits)] : inOrder.map(numbered);
  const close = alone ? { bn: '।', en: '.' }[language] : '';
  const start = `${before}${heading}`.trimStart().normalize('NFC');
  const rest = `${close}${after}`.trimEnd();
  const plain = `${[start, ...numbers].join(' ')}${rest}`.normalize('NFC');
  const { alphabet, parts } = smsParts(plain);
  if (parts.length === 1) return plain;
  return `${numbers.reduce((text, number) => appendWhole(text, number, alphabet), start)}${rest}`;
}

/** @example '2/3 1234 5678 9012 3456 7890' */
function numbered({ sequence, of, digits }: ReceiptToken): string {
  return `${sequence}/${of} ${groupedToken(digits)}`;
}

/**
 * Puts a number behind a text so that no cut between two parts goes through it, whichever reference the gateway joins
 * them by: some phones show the parts apart. Blanks fill the rest of the part where one would.
 */
function appendWhole(text: string, number: string, alphabet: RenderedSms['alphabet']): string {
  for (let longer = `${text} `; ; longer += ' ') {
    const placed = `${longer}${number}`;
    const isCut = (['udh-8', 'udh-16'] as const).some((join) =>
      smsCuts(placed, alphabet, join).some((cut) => cut > longer.length && cut < placed.length),
    );
    if (!isCut) return placed;
  }
}
