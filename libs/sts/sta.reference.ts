/**
 * EA07 in the words of the standard, bit by bit: the readable form that the fast one in `sta.ts` is tested against.
 * Two hundred times slower; nothing but tests runs it.
 */
import type { BlockCipher64 } from './block-cipher';
import type { StaTableNumbers } from './sta.tables';

const MASK = (1n << 64n) - 1n;
const rotateLeft = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;
const nibbleOf = (x: bigint, n: number): number => Number((x >> BigInt(4 * n)) & 15n);
const bitOf = (x: bigint, n: number): bigint => (x >> BigInt(n)) & 1n;

/** STA, slowly. Nibble 0 is bits 3 to 0. */
export class StaReference implements BlockCipher64 {
  constructor(
    private readonly key: bigint,
    private readonly tables: StaTableNumbers,
  ) {}

  encrypt(hi: number, lo: number, out: Uint32Array): void {
    const { s1, s2, p } = this.tables;
    let data = (BigInt(hi) << 32n) | BigInt(lo);
    // One's complement first, then 12 places to the right.
    let key = rotateLeft(~this.key & MASK, 64n - 12n);
    for (let round = 0; round < 16; round++) {
      let substituted = 0n;
      for (let n = 0; n < 16; n++) {
        const table = nibbleOf(key, n) & 8 ? s2 : s1;
        substituted |= BigInt(table[nibbleOf(data, n)]!) << BigInt(4 * n);
      }
      data = 0n;
      for (let i = 0; i < 64; i++) data |= bitOf(substituted, i) << BigInt(p[i]!);
      key = rotateLeft(key, 1n);
    }
    store(data, out);
  }

  decrypt(hi: number, lo: number, out: Uint32Array): void {
    const { s1, s2, p } = this.tables;
    let data = (BigInt(hi) << 32n) | BigInt(lo);
    // The key is not complemented here, so the inverse tables change places.
    const d1 = s1.map((_, value) => s2.indexOf(value));
    const d2 = s2.map((_, value) => s1.indexOf(value));
    let key = this.key;
    for (let round = 0; round < 16; round++) {
      let moved = 0n;
      for (let i = 0; i < 64; i++) moved |= bitOf(data, p[i]!) << BigInt(i);
      data = 0n;
      for (let n = 0; n < 16; n++) {
        const table = nibbleOf(key, n) & 1 ? d2 : d1;
        data |= BigInt(table[nibbleOf(moved, n)]!) << BigInt(4 * n);
      }
      key = rotateLeft(key, 63n);
    }
    store(data, out);
  }

  wipe(): void {}
}

function store(data: bigint, out: Uint32Array): void {
  out[0] = Number(data >> 32n);
  out[1] = Number(data & 0xffffffffn);
}
