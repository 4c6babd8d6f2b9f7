/**
 * EA07, the Standard Transfer Algorithm (IEC 62055-41 6.5.4; STS.md 6.1): 16 rounds of substitution, chosen nibble by
 * nibble by the key, and permutation. This is the fast form on 32-bit halves with merged tables; `sta.reference.ts`
 * says the same in the words of the standard.
 */
import type { BlockCipher64 } from './block-cipher';
import type { StaTables } from './sta.tables';

const ROUNDS = 16;

/**
 * For every round and byte position the table base `position << 10 | choice << 8`. Encryption complements the key,
 * rotates it right by 12, and looks at bit 3 of each nibble of the key as it rotates left. Decryption looks at bit 0 of
 * the plain key with exchanged substitutions: the same choices in reverse, so both directions share this schedule.
 */
function schedule(keyHi: number, keyLo: number): Uint16Array {
  const bases = new Uint16Array(ROUNDS * 8);
  const notHi = ~keyHi;
  const notLo = ~keyLo;
  let hi = (notHi >>> 12) | (notLo << 20);
  let lo = (notLo >>> 12) | (notHi << 20);
  for (let at = 0; at < ROUNDS * 8; at += 8) {
    // Bit 3 of the low nibble chooses for the low half of the byte, bit 7 for the high half.
    bases[at] = ((lo << 2) & 0x200) | ((lo << 5) & 0x100);
    bases[at + 1] = 0x400 | ((lo >>> 6) & 0x200) | ((lo >>> 3) & 0x100);
    bases[at + 2] = 0x800 | ((lo >>> 14) & 0x200) | ((lo >>> 11) & 0x100);
    bases[at + 3] = 0xc00 | ((lo >>> 22) & 0x200) | ((lo >>> 19) & 0x100);
    bases[at + 4] = 0x1000 | ((hi << 2) & 0x200) | ((hi << 5) & 0x100);
    bases[at + 5] = 0x1400 | ((hi >>> 6) & 0x200) | ((hi >>> 3) & 0x100);
    bases[at + 6] = 0x1800 | ((hi >>> 14) & 0x200) | ((hi >>> 11) & 0x100);
    bases[at + 7] = 0x1c00 | ((hi >>> 22) & 0x200) | ((hi >>> 19) & 0x100);
    const carry = hi >>> 31;
    hi = (hi << 1) | (lo >>> 31);
    lo = (lo << 1) | carry;
  }
  return bases;
}

/** STA with one key and one set of tables. */
export class Sta implements BlockCipher64 {
  readonly #bases: Uint16Array;
  readonly #tables: StaTables;

  /** @param keyHi, keyLo the 64-bit decoder key, big-endian as DKGA gives it */
  constructor(keyHi: number, keyLo: number, tables: StaTables) {
    this.#bases = schedule(keyHi, keyLo);
    this.#tables = tables;
  }

  encrypt(hi: number, lo: number, out: Uint32Array): void {
    const bases = this.#bases;
    const th = this.#tables.encryptHi;
    const tl = this.#tables.encryptLo;
    for (let at = 0; at < ROUNDS * 8; at += 8) {
      const i0 = bases[at]! | (lo & 255);
      const i1 = bases[at + 1]! | ((lo >>> 8) & 255);
      const i2 = bases[at + 2]! | ((lo >>> 16) & 255);
      const i3 = bases[at + 3]! | (lo >>> 24);
      const i4 = bases[at + 4]! | (hi & 255);
      const i5 = bases[at + 5]! | ((hi >>> 8) & 255);
      const i6 = bases[at + 6]! | ((hi >>> 16) & 255);
      const i7 = bases[at + 7]! | (hi >>> 24);
      hi = th[i0]! | th[i1]! | th[i2]! | th[i3]! | th[i4]! | th[i5]! | th[i6]! | th[i7]!;
      lo = tl[i0]! | tl[i1]! | tl[i2]! | tl[i3]! | tl[i4]! | tl[i5]! | tl[i6]! | tl[i7]!;
    }
    out[0] = hi;
    out[1] = lo;
  }

  decrypt(hi: number, lo: number, out: Uint32Array): void {
    const bases = this.#bases;
    const { decryptHi: th, decryptLo: tl, unpermuteHi: uh, unpermuteLo: ul, unsubstitute } = this.#tables;
    // Each inverse round is "unpermute, then unsubstitute"; regrouped, the merged tables do the second half of one
    // round and the first half of the next, with a bare half at either end.
    let nextHi = 0;
    let nextLo = 0;
    for (let position = 0; position < 4; position++) {
      const low = (position << 8) | ((lo >>> (8 * position)) & 255);
      const high = ((position + 4) << 8) | ((hi >>> (8 * position)) & 255);
      nextHi |= uh[low]! | uh[high]!;
      nextLo |= ul[low]! | ul[high]!;
    }
    hi = nextHi;
    lo = nextLo;
    for (let at = (ROUNDS - 1) * 8; at > 0; at -= 8) {
      const i0 = bases[at]! | (lo & 255);
      const i1 = bases[at + 1]! | ((lo >>> 8) & 255);
      const i2 = bases[at + 2]! | ((lo >>> 16) & 255);
      const i3 = bases[at + 3]! | (lo >>> 24);
      const i4 = bases[at + 4]! | (hi & 255);
      const i5 = bases[at + 5]! | ((hi >>> 8) & 255);
      const i6 = bases[at + 6]! | ((hi >>> 16) & 255);
      const i7 = bases[at + 7]! | (hi >>> 24);
      hi = th[i0]! | th[i1]! | th[i2]! | th[i3]! | th[i4]! | th[i5]! | th[i6]! | th[i7]!;
      lo = tl[i0]! | tl[i1]! | tl[i2]! | tl[i3]! | tl[i4]! | tl[i5]! | tl[i6]! | tl[i7]!;
    }
    nextHi = 0;
    nextLo = 0;
    for (let position = 0; position < 4; position++) {
      const shift = 8 * position;
      nextLo |= unsubstitute[(bases[position]! & 0x300) | ((lo >>> shift) & 255)]! << shift;
      nextHi |= unsubstitute[(bases[position + 4]! & 0x300) | ((hi >>> shift) & 255)]! << shift;
    }
    out[0] = nextHi;
    out[1] = nextLo;
  }

  wipe(): void {
    this.#bases.fill(0);
  }
}
