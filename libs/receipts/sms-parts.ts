/** GSM 7-bit default alphabet, then its extension table, whose characters cost two septets (3GPP TS 23.038, 6.2.1). */
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const GSM_EXTENSION = new Set('\f^{}\\[~]|€');

/** Room of a message alone, and of each part when a 6-octet header joins several (CHANNELS.md S2). */
const ROOM = { 'gsm-7': { single: 160, part: 153 }, 'ucs-2': { single: 70, part: 67 } } as const;

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
  const characters = [...text.normalize('NFC')];
  const septets = characters.map(septetsOf);
  const alphabet = septets.includes(0) ? 'ucs-2' : 'gsm-7';
  const costs = alphabet === 'gsm-7' ? septets : characters.map((character) => character.length);
  const units = costs.reduce((sum, cost) => sum + cost, 0);
  const { single, part } = ROOM[alphabet];
  if (units <= single) return { alphabet, units, parts: [characters.join('')] };
  const parts = [''];
  let room: number = part;
  for (const [index, character] of characters.entries()) {
    const cost = costs[index]!;
    if (cost > room) {
      parts.push('');
      room = part;
    }
    parts[parts.length - 1] += character;
    room -= cost;
  }
  return { alphabet, units, parts };
}

/** 1 or 2 septets; 0 when GSM 7-bit has no such character. */
function septetsOf(character: string): 0 | 1 | 2 {
  if (GSM_BASIC.has(character)) return 1;
  return GSM_EXTENSION.has(character) ? 2 : 0;
}

/**
 * A field made safe for an English SMS: what GSM 7-bit lacks (a masking dot, a Bangla digit, "৳") becomes `*`, so that
 * one stray character cannot turn one part into three.
 *
 * @example gsmSafe('0123•••6789') // '0123***6789'
 */
export function gsmSafe(text: string): string {
  return [...text.normalize('NFC')].map((character) => (septetsOf(character) === 0 ? '*' : character)).join('');
}
