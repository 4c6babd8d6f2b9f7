import { septetsOf } from './gsm7';

/**
 * How the parts of a long message are joined: by a user data header with an 8-bit or a 16-bit reference, or by the
 * SMSC, which gets the whole text in the message_payload parameter. Never mixed in one message.
 */
export type JoinMethod = 'udh-8' | 'udh-16' | 'payload';

/** Septets or UTF-16 units of a message alone and of one part (23.040, 9.2.3.24: 140 octets less the header). */
const ROOM = {
  'gsm-7': { single: 160, 'udh-8': 153, 'udh-16': 152 },
  'ucs-2': { single: 70, 'udh-8': 67, 'udh-16': 66 },
} as const;

/** A text as it is cut for sending. */
export interface SegmentedText {
  readonly alphabet: 'gsm-7' | 'ucs-2';
  /** Septets or UTF-16 units of the whole text, an extension character being two septets. */
  readonly units: number;
  /** The text in normal form C, in order; joined they are the whole. With `payload` always one. */
  readonly parts: readonly string[];
}

const graphemes = new Intl.Segmenter('bn', { granularity: 'grapheme' });
/** A letter with its signs is a few units; longer runs are mischief, and are cut anywhere between characters. */
const GRAPHEME_MAX_UNITS = 24;
const TOKEN_MAX_UNITS = 29;

/**
 * Counts a text and cuts it into SMS. GSM 7-bit when every character is in the alphabet or its extension table, else
 * UCS-2. Normal form C first, because the same Bangla letter may come in two lengths.
 *
 * A cut never parts an escape from its character nor a surrogate pair, and where it can it spares a token (a run of
 * digits and hyphens) and a letter with its vowel signs: phones that show the parts singly stay readable. That may
 * cost a part more than plain counting.
 * Source: CHANNELS.md S2; 3GPP TS 23.038 and 23.040.
 *
 * @example segmentText('Token 1234-5678-9012-3456-7890', 'udh-8').parts.length // 1
 * @example segmentText('ক্ষ', 'udh-8').units // 3
 */
export function segmentText(text: string, join: JoinMethod): SegmentedText {
  const whole = text.normalize('NFC');
  const septets = countSeptets(whole);
  const alphabet = septets === undefined ? 'ucs-2' : 'gsm-7';
  const units = septets ?? whole.length;
  const room = ROOM[alphabet];
  if (units <= room.single || join === 'payload') return { alphabet, units, parts: [whole] };
  const parts: string[] = [];
  for (let start = 0; start < whole.length;) {
    const full = alphabet === 'gsm-7' ? endBySeptets(whole, start, room[join]) : start + room[join];
    const end = full >= whole.length ? whole.length : kindCut(whole, start, full);
    parts.push(whole.slice(start, end));
    start = end;
  }
  return { alphabet, units, parts };
}

/** Undefined when a character is not in the alphabet. */
function countSeptets(text: string): number | undefined {
  let septets = 0;
  for (let n = 0; n < text.length; n++) {
    const cost = septetsOf(text.charCodeAt(n));
    if (cost === 0) return undefined;
    septets += cost;
  }
  return septets;
}

function endBySeptets(text: string, start: number, room: number): number {
  let end = start;
  for (let cost = 0; end < text.length; end++) {
    cost += septetsOf(text.charCodeAt(end));
    if (cost > room) break;
  }
  return end;
}

const ofToken = (character: string | undefined): boolean => character !== undefined && /[0-9-]/.test(character);

/** The last place at or before `end` where a reader would cut; always after `start`. */
function kindCut(text: string, start: number, end: number): number {
  let cut = end;
  if (ofToken(text[cut - 1]) && ofToken(text[cut])) {
    while (cut > start && ofToken(text[cut - 1])) cut--;
    // A run longer than any token is something else, or the whole part: it is cut where the part is full.
    if (cut === start || end - cut > TOKEN_MAX_UNITS) cut = end;
  }
  const from = Math.max(start, cut - GRAPHEME_MAX_UNITS);
  const near = graphemes.segment(text.slice(from, cut + 2)).containing(cut - from);
  const boundary = near === undefined ? cut : from + near.index;
  if (boundary > from) return boundary;
  return isLowSurrogate(text.charCodeAt(cut)) && cut - 1 > start ? cut - 1 : cut;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
