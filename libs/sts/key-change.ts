import type { DecoderKey, Ea, KeyType } from './decoder-key';
import { sealManagement } from './encode';
import type { Token } from './encode';
import { refuse } from './sts.errors';
import { civilMinuteOfTid, isKeyExpired, tidAt } from './tid';
import type { CivilMinute } from './tid';

/** From which key type a meter may go to which. */
export type KeyTypeChanges = Readonly<Record<KeyType, readonly KeyType[]>>;

/**
 * The permitted changes of key type, as data because public sources disagree (STS.md section 7): one has these,
 * another lets DITK go to any. A deployment may pass its own.
 */
export const KEY_TYPE_CHANGES: KeyTypeChanges = { 0: [0, 1, 2], 1: [1, 2], 2: [1, 2], 3: [1, 2, 3] };

/** A key change to make. */
export interface KeyChangeRequest {
  /** The key that is in the meter now; the tokens are encrypted under it. It may have expired. */
  readonly current: DecoderKey;
  /** The key to go to: same meter, same algorithm. */
  readonly next: DecoderKey;
  /** EA07: 2, or 3 to bring the supply group code along; EA11: 4. */
  readonly sections: 2 | 3 | 4;
  /** Now, to see whether the new key still lives; null leaves that to the caller. */
  readonly at: CivilMinute | null;
  /** Token carrier, when known: common keys (KT 3) are for magnetic cards, `01`. */
  readonly tct?: string;
  readonly keyTypeChanges?: KeyTypeChanges;
}

/**
 * Makes the set of key-change tokens (IEC 62055-41 6.2.7; STS.md 5.1), in the order of their sections. The set has
 * neither RND nor TID: the same request gives the same tokens, so a reprint is safe. The rollover flag is set exactly
 * when the base date changes.
 *
 * @throws {StsError} key-change-across-meters, key-change-across-ea, bad-section-count, key-type-change, bad-tct,
 * key-change-to-expired-key, before-base-date, tid-exhausted, key-destroyed
 * @example encodeKeyChange({ current, next, sections: 2, at }).map((token) => token.digits)
 */
export function encodeKeyChange(request: KeyChangeRequest): Token[] {
  const { current, next, sections, at } = request;
  if (current.pan !== next.pan) refuse('key-change-across-meters');
  if (current.ea !== next.ea) refuse('key-change-across-ea');
  if (current.ea === '07' ? sections !== 2 && sections !== 3 : sections !== 4) refuse('bad-section-count');
  if (!isKeyTypeChangeAllowed(current.kt, next.kt, request.keyTypeChanges, request.tct)) refuse('key-type-change');
  if (at !== null && isKeyExpired(tidAt(next.baseDate, at), next.ken)) refuse('key-change-to-expired-key');
  const rollover = current.baseDate === next.baseDate ? 0 : 8;
  const threeTokens = sections === 3 ? 4 : 0;
  const words = next.exportWords();
  const high = words[0]!;
  const low = words[words.length - 1]!;
  const sgc = Number(next.sgc);
  const seal = (top16: number, key32: number): Token =>
    sealManagement(current, ((top16 << 16) | (key32 >>> 16)) >>> 0, key32 & 0xffff);
  const tokens = [
    seal(0x3000 | ((next.ken >> 4) << 8) | (next.krn << 4) | rollover | threeTokens | next.kt, high),
    seal(0x4000 | ((next.ken & 15) << 8) | next.ti, low),
  ];
  // EA07: 24 bits of group code, 20 zero bits. EA11: section 3 carries key bits 95 to 64, section 4 bits 63 to 32.
  if (sections === 3) tokens.push(seal(0x8000 | (sgc >> 12), ((sgc & 0xfff) << 20) >>> 0));
  if (sections === 4) tokens.push(seal(0x8000 | (sgc & 0xfff), words[1]!), seal(0x9000 | (sgc >> 12), words[2]!));
  words.fill(0);
  return tokens;
}

/**
 * Whether a meter may go from one key type to another.
 *
 * @param tct token carrier, when known; KT 3 on anything but `01` is not permitted
 * @throws {StsError} bad-tct
 * @example isKeyTypeChangeAllowed(2, 0) // false
 */
export function isKeyTypeChangeAllowed(
  from: KeyType,
  to: KeyType,
  table: KeyTypeChanges = KEY_TYPE_CHANGES,
  tct?: string,
): boolean {
  if (tct !== undefined && !/^[0-9]{2}$/.test(tct)) refuse('bad-tct');
  if (tct !== undefined && tct !== '01' && (from === 3 || to === 3)) return false;
  return table[from].includes(to);
}

/** The next key revision number: 1 after 9. @example nextKrn(9) // 1 */
export function nextKrn(krn: number): number {
  if (!Number.isInteger(krn) || krn < 1 || krn > 9) refuse('bad-krn');
  return (krn % 9) + 1;
}

/**
 * The last civil minute at which a key of this base date and KEN may make tokens; null when it never expires.
 *
 * @throws {StsError} bad-base-date, bad-ken
 * @example formatCivilMinute(keyExpiresAfter({ baseDate: 1993, ken: 170 })!) // '2014-04-23T09:35'
 */
export function keyExpiresAfter({ baseDate, ken }: Pick<DecoderKey, 'baseDate' | 'ken'>): CivilMinute | null {
  if (!Number.isInteger(ken) || ken < 0 || ken > 255) refuse('bad-ken');
  return ken === 255 ? null : civilMinuteOfTid(baseDate, ken * 65_536 + 65_535);
}

/** One section of a key change as a token carries it. Key halves are secrets. */
export type KeyChangeSection =
  | {
      readonly section: 1;
      readonly kenHigh: number;
      readonly krn: number;
      readonly rollover: boolean;
      readonly threeTokens: boolean;
      readonly kt: KeyType;
      readonly keyHigh: number;
    }
  | { readonly section: 2; readonly kenLow: number; readonly ti: number; readonly keyLow: number }
  /** EA07: the whole group code. */
  | { readonly section: 3; readonly ea: '07'; readonly sgc: number }
  /** EA11: twelve bits of the group code and key bits 95 to 64. */
  | { readonly section: 3; readonly ea: '11'; readonly sgcLow: number; readonly keyMiddle2: number }
  | { readonly section: 4; readonly sgcHigh: number; readonly keyMiddle1: number };

/**
 * Reads the body of a class 2 subclass 3, 4, 8 or 9 token.
 *
 * @returns null when a field is out of range, undefined when this algorithm has no such section
 * @internal
 */
export function readSection(ea: Ea, hi: number, lo: number): KeyChangeSection | null | undefined {
  const key32 = ((hi << 16) | (lo >>> 16)) >>> 0;
  const top12 = (hi >>> 16) & 0xfff;
  switch (hi >>> 28) {
    case 3: {
      const krn = (hi >>> 20) & 15;
      const flags = (hi >>> 16) & 15;
      if (krn < 1 || krn > 9) return null;
      return {
        section: 1,
        kenHigh: (hi >>> 24) & 15,
        krn,
        rollover: (flags & 8) !== 0,
        threeTokens: (flags & 4) !== 0,
        kt: (flags & 3) as KeyType,
        keyHigh: key32,
      };
    }
    case 4:
      return (top12 & 0xff) > 99 ? null : { section: 2, kenLow: top12 >>> 8, ti: top12 & 0xff, keyLow: key32 };
    case 8: {
      if (ea === '11') return { section: 3, ea, sgcLow: top12, keyMiddle2: key32 };
      const sgc = (top12 << 12) | (key32 >>> 20);
      return sgc > 999_999 || (key32 & 0xfffff) !== 0 ? null : { section: 3, ea, sgc };
    }
    case 9:
      return ea === '11' ? { section: 4, sgcHigh: top12, keyMiddle1: key32 } : undefined;
    default:
      return undefined;
  }
}

/** What a complete set says. */
export interface AssembledKeyChange {
  readonly words: Uint32Array;
  readonly kt: KeyType;
  readonly krn: number;
  readonly ti: number;
  readonly ken: number;
  readonly rollover: boolean;
  /** Six digits; undefined for a two-token set, which carries none. */
  readonly sgc: string | undefined;
}

/** Sections held so far, by their number. */
export type SectionSet = { [S in KeyChangeSection['section']]?: Extract<KeyChangeSection, { section: S }> };

/**
 * Puts a set together.
 *
 * @returns undefined while sections are missing, null when the group code in it is no six-digit number
 * @internal
 */
export function assembleKeyChange(ea: Ea, set: SectionSet): AssembledKeyChange | null | undefined {
  const { 1: first, 2: second, 3: third, 4: fourth } = set;
  if (!first || !second) return undefined;
  const common = { kt: first.kt, krn: first.krn, rollover: first.rollover, ti: second.ti };
  const ken = (first.kenHigh << 4) | second.kenLow;
  if (ea === '11') {
    if (third?.ea !== '11' || !fourth) return undefined;
    const sgc = (fourth.sgcHigh << 12) | third.sgcLow;
    if (sgc > 999_999) return null;
    const words = Uint32Array.of(first.keyHigh, third.keyMiddle2, fourth.keyMiddle1, second.keyLow);
    return { ...common, ken, words, sgc: String(sgc).padStart(6, '0') };
  }
  const group = third?.ea === '07' ? third : undefined;
  if (first.threeTokens && !group) return undefined;
  const words = Uint32Array.of(first.keyHigh, second.keyLow);
  const sgc = first.threeTokens && group ? String(group.sgc).padStart(6, '0') : undefined;
  return { ...common, ken, words, sgc };
}
