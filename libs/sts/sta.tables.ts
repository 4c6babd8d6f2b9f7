import { createHash } from 'node:crypto';
import { refuse } from './sts.errors';

/** The substitution and permutation tables of EA07 as they are printed: S1 and S2 (16 entries), P (64 entries). */
export interface StaTableNumbers {
  readonly s1: readonly number[];
  readonly s2: readonly number[];
  readonly p: readonly number[];
}

/** Which tables these are, by fingerprint. */
export type StaTablesKind = 'iec-sample' | 'production' | 'other';

/** What every answer made with the sample tables must say. */
export const SAMPLE_TABLES_NOTICE = 'sample tables: not for real meters';

const FINGERPRINTS: Readonly<Record<string, StaTablesKind>> = {
  cca464f5c6877eccefb60251dd75db898aaa29d7cfd85ddf9d03cbbed234e58d: 'iec-sample',
  '2417810c087e153a22ef481682e2b5da0c93499cadbc2de73d6febd88b19fabd': 'production',
};

/**
 * Checked STA tables, expanded for speed: for each of the eight byte positions and each of the four ways the key
 * can choose the substitutions of its two nibbles, where every byte value lands after substitution and permutation.
 */
export class StaTables {
  readonly kind: StaTablesKind;
  /** SHA-256 over S1, S2 and P as 96 bytes, hex. */
  readonly sha256: string;
  /**
   * Substitution then permutation: words [hi, lo] at (position << 10 | choice << 8 | byte) << 1, side by side so that
   * one cache line serves both.
   */
  readonly encrypt = new Uint32Array(16_384);
  /** Inverse substitution then inverse permutation, same index. */
  readonly decrypt = new Uint32Array(16_384);
  /** Inverse permutation alone: words [hi, lo] at (position << 8 | byte) << 1. */
  readonly unpermute = new Uint32Array(4096);
  /** Inverse substitution alone; index choice << 8 | byte. */
  readonly unsubstitute = new Uint8Array(1024);

  /**
   * @param numbers the three tables
   * @throws {StsError} bad-tables unless S1, S2 are permutations of 0 to 15 and P one of 0 to 63
   */
  constructor(readonly numbers: StaTableNumbers) {
    const { s1, s2, p } = numbers;
    if (!isPermutation(s1, 16) || !isPermutation(s2, 16) || !isPermutation(p, 64)) refuse('bad-tables');
    this.sha256 = createHash('sha256')
      .update(Uint8Array.from([...s1, ...s2, ...p]))
      .digest('hex');
    this.kind = FINGERPRINTS[this.sha256] ?? 'other';
    const inverse = new Array<number>(64);
    p.forEach((to, from) => (inverse[to] = from));
    const d1 = invert(s1);
    const d2 = invert(s2);
    for (let byte = 0; byte < 256; byte++) {
      for (let choice = 0; choice < 4; choice++) {
        const index = (choice << 8) | byte;
        const low = choice & 1 ? s2 : s1;
        const high = choice & 2 ? s2 : s1;
        const substituted = (high[byte >>> 4]! << 4) | low[byte & 15]!;
        this.unsubstitute[index] = ((choice & 2 ? d2 : d1)[byte >>> 4]! << 4) | (choice & 1 ? d2 : d1)[byte & 15]!;
        for (let position = 0; position < 8; position++) {
          scatter(substituted, position, p, this.encrypt, (position << 10) | index);
          scatter(this.unsubstitute[index], position, inverse, this.decrypt, (position << 10) | index);
        }
      }
      for (let position = 0; position < 8; position++) {
        scatter(byte, position, inverse, this.unpermute, (position << 8) | byte);
      }
    }
  }
}

function isPermutation(table: readonly number[], size: number): boolean {
  if (!Array.isArray(table) || table.length !== size || new Set(table).size !== size) return false;
  return table.every((value) => Number.isInteger(value) && value >= 0 && value < size);
}

function invert(table: readonly number[]): number[] {
  const inverse = new Array<number>(table.length);
  table.forEach((to, from) => (inverse[to] = from));
  return inverse;
}

/** Sets, in the pair of words number `index`, the bits where those of the byte at this position go. */
function scatter(byte: number, position: number, moves: readonly number[], pairs: Uint32Array, index: number): void {
  for (let bit = 0; bit < 8; bit++) {
    if (((byte >>> bit) & 1) === 0) continue;
    const to = moves[position * 8 + bit]!;
    const at = 2 * index + (to >= 32 ? 0 : 1);
    pairs[at] = pairs[at]! | (1 << (to & 31));
  }
}

/**
 * The tables that IEC 62055-41 prints as examples. No real meter uses them.
 *
 * @example deriveDecoderKey({ ..., tables: IEC_SAMPLE_TABLES })
 */
export const IEC_SAMPLE_TABLES = new StaTables({
  s1: [12, 10, 8, 4, 3, 15, 0, 2, 14, 1, 5, 13, 6, 9, 7, 11],
  s2: [6, 9, 7, 4, 3, 10, 12, 14, 2, 13, 1, 15, 0, 11, 8, 5],
  p: [
    29, 27, 34, 9, 16, 62, 55, 2, 40, 49, 38, 25, 33, 61, 30, 23, 1, 41, 21, 57, 42, 15, 5, 58, 19, 53, 22, 17, 48, 28,
    24, 39, 3, 60, 36, 14, 11, 52, 54, 12, 31, 51, 10, 26, 0, 45, 37, 43, 44, 6, 59, 4, 7, 35, 56, 50, 13, 18, 32, 47,
    46, 63, 20, 8,
  ],
});

/**
 * Reads a file of STA tables that an operator got from the STS Association. Three forms are taken:
 * 96 raw bytes; JSON `{"s1":[16],"s2":[16],"p":[64],"claims":"production"}`; or text, 96 decimal numbers in the order
 * S1, S2, P with optional labels such as `S1 =`, or 192 hex digits.
 *
 * @param bytes the file
 * @param claims what the configuration says these tables are; `production` must then match the published SHA-256
 * @throws {StsError} bad-tables, tables-fingerprint
 * @example parseStaTables(readFileSync(path), 'production').kind // 'production'
 */
export function parseStaTables(bytes: Uint8Array, claims?: StaTablesKind): StaTables {
  if (bytes.length === 96) {
    const flat = [...bytes];
    // A text of exactly 96 characters holds bytes above 63 that no permutation has, so the two cannot be confused.
    if (flat.every((value) => value < 64)) return claimed(fromFlat(flat), claims);
  }
  const text = Buffer.from(bytes).toString('utf8').trim();
  if (!text.startsWith('{')) return claimed(fromFlat(numbersOfText(text)), claims);
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return refuse('bad-tables');
  }
  const field = (name: string): number[] => (parsed[name] ?? parsed[name.toUpperCase()]) as number[];
  const tables = new StaTables({ s1: field('s1'), s2: field('s2'), p: field('p') });
  return claimed(tables, parsed['claims'] === 'production' ? 'production' : claims);
}

function numbersOfText(text: string): number[] {
  const bare = text.replace(/#.*$/gm, ' ');
  if (/^[0-9a-fA-F]{192}$/.test(bare.replace(/\s+/g, ''))) {
    // 96 two-digit decimal numbers set without blanks would read the same way; decimals always have separators here.
    if (!/\d\s+\d/.test(bare.trim()) || /[a-fA-F]/.test(bare)) return [...Buffer.from(bare.replace(/\s+/g, ''), 'hex')];
  }
  return (bare.replace(/\b(?:s1|s2|p)\b\s*[:=]?/gi, ' ').match(/\d+/g) ?? []).map(Number);
}

function fromFlat(flat: readonly number[]): StaTables {
  if (flat.length !== 96) refuse('bad-tables');
  return new StaTables({ s1: flat.slice(0, 16), s2: flat.slice(16, 32), p: flat.slice(32) });
}

function claimed(tables: StaTables, claims: StaTablesKind | undefined): StaTables {
  if (claims === 'production' && tables.kind !== 'production') refuse('tables-fingerprint');
  return tables;
}
