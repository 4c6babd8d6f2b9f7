/** GSM 7-bit default alphabet, then its extension table, whose characters cost two septets (3GPP TS 23.038, 6.2.1). */
const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const GSM_EXTENSION = '\f^{}\\[~]|€';
const classOf = (characters: string) => characters.replace(/[\\\]^-]/g, '\\$&');
const NOT_GSM = new RegExp(`[^${classOf(GSM_BASIC + GSM_EXTENSION)}]`, 'u');
const NOT_GSM_ALL = new RegExp(NOT_GSM.source, 'gu');
const EXTENDED_ONE = new RegExp(`[${classOf(GSM_EXTENSION)}]`, 'u');
const EXTENDED = new RegExp(EXTENDED_ONE.source, 'gu');

/** Room of a message alone, and of each part when a header with an 8-bit or 16-bit reference joins several (CHANNELS.md S2). */
const ROOM = {
  'gsm-7': { single: 160, 'udh-8': 153, 'udh-16': 152 },
  'ucs-2': { single: 70, 'udh-8': 67, 'udh-16': 66 },
} as const;

/** How a text travels. */
export interface SmsParts {
  readonly alphabet: 'gsm-7' | 'ucs-2';
  /** Septets or UTF-16 code units of the whole text. */
  readonly units: number;
  /** The text as it is cut, in normal form C. Empty text is one empty part. */
  readonly parts: readonly string[];
}

/**
 * Counts and cuts a text as SMS: GSM 7-bit (160, or 153 a part) when every character is in the alphabet or its
 * extension table, else UCS-2 (70, or 67). Normal form C first, because the same Bangla letter may come in two lengths.
 * A cut never parts an escape from its character, nor a surrogate pair. Source: CHANNELS.md S2.
 *
 * @example smsParts('Token 1234').parts.length // 1
 */
export function smsParts(text: string): SmsParts {
  const whole = text.normalize('NFC');
  const alphabet = NOT_GSM.test(whole) ? 'ucs-2' : 'gsm-7';
  const extended = alphabet === 'gsm-7' ? (whole.match(EXTENDED)?.length ?? 0) : 0;
  const units = whole.length + extended;
  if (units <= ROOM[alphabet].single) return { alphabet, units, parts: [whole] };
  const starts = [0, ...smsCuts(whole, alphabet, 'udh-8')];
  return { alphabet, units, parts: starts.map((start, n) => whole.slice(start, starts[n + 1])) };
}

/**
 * Where a joined message is cut: the index of the first UTF-16 unit of each part after the first.
 *
 * @param text in normal form C
 * @param join the header's reference: 8 bits leave room for 153 or 67, 16 bits for 152 or 66
 * @example smsCuts('x'.repeat(200), 'gsm-7', 'udh-16') // [152]
 */
export function smsCuts(text: string, alphabet: SmsParts['alphabet'], join: 'udh-8' | 'udh-16'): number[] {
  const room = ROOM[alphabet][join];
  const end = alphabet === 'gsm-7' && EXTENDED_ONE.test(text) ? endByCost : endByLength;
  const cuts: number[] = [];
  for (let start = end(text, 0, room); start < text.length; start = end(text, start, room)) cuts.push(start);
  return cuts;
}

/** Where a part ends when every code unit costs one: one earlier if a surrogate pair would be cut. */
function endByLength(text: string, start: number, room: number): number {
  const end = Math.min(start + room, text.length);
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/** Where a part ends when characters of the extension table cost two: an escape stays with its character. */
function endByCost(text: string, start: number, room: number): number {
  let end = start;
  for (let cost = 0; end < text.length; end++) {
    cost += GSM_EXTENSION.includes(text[end]!) ? 2 : 1;
    if (cost > room) break;
  }
  return end;
}

/**
 * A field made safe for an English SMS: what GSM 7-bit lacks (a masking dot, a Bangla digit, "৳") becomes `*`, so that
 * one stray character cannot turn one part into three.
 *
 * @example gsmSafe('0123•••6789') // '0123***6789'
 */
export function gsmSafe(text: string): string {
  return text.normalize('NFC').replace(NOT_GSM_ALL, '*');
}

/** True when a character is in the GSM 7-bit alphabet or its extension table. @example isGsm('৳') // false */
export function isGsm(character: string): boolean {
  return !NOT_GSM.test(character);
}
