/**
 * EA07, the Standard Transfer Algorithm (IEC 62055-41 6.5.4; STS.md 6.1): 16 rounds of substitution, chosen nibble by
 * nibble by the key, and permutation. This is the fast form on 32-bit halves with merged tables; `sta.reference.ts`
 * says the same in the words of the standard.
 */
import type { KeyedCipher } from './block-cipher';
import type { StaTables } from './sta.tables';

const ROUNDS = 16;

/**
 * For every round and byte position the table base `(position << 10 | choice << 8) << 1`, for the key used last. One schedule
 * serves all keys: an array for each would be allocated outside the heap and cost more than ten encryptions, and a vending
 * system mostly makes one token with a key and goes on to the next.
 */
const bases = new Uint16Array(ROUNDS * 8);
let scheduledHi = 0;
let scheduledLo = 0;
let isScheduled = false;

/**
 * Encryption complements the key, rotates it right by 12, and looks at bit 3 of each nibble of the key as it rotates
 * left. Decryption looks at bit 0 of the plain key with exchanged substitutions: the same choices in reverse, so both
 * directions share this schedule.
 */
function schedule(keyHi: number, keyLo: number): void {
  const notHi = ~keyHi;
  const notLo = ~keyLo;
  let hi = (notHi >>> 12) | (notLo << 20);
  let lo = (notLo >>> 12) | (notHi << 20);
  for (let at = 0; at < ROUNDS * 8; at += 8) {
    // Bit 3 of the low nibble chooses for the low half of the byte, bit 7 for the high half.
    bases[at] = ((lo << 3) & 0x400) | ((lo << 6) & 0x200);
    bases[at + 1] = 0x800 | ((lo >>> 5) & 0x400) | ((lo >>> 2) & 0x200);
    bases[at + 2] = 0x1000 | ((lo >>> 13) & 0x400) | ((lo >>> 10) & 0x200);
    bases[at + 3] = 0x1800 | ((lo >>> 21) & 0x400) | ((lo >>> 18) & 0x200);
    bases[at + 4] = 0x2000 | ((hi << 3) & 0x400) | ((hi << 6) & 0x200);
    bases[at + 5] = 0x2800 | ((hi >>> 5) & 0x400) | ((hi >>> 2) & 0x200);
    bases[at + 6] = 0x3000 | ((hi >>> 13) & 0x400) | ((hi >>> 10) & 0x200);
    bases[at + 7] = 0x3800 | ((hi >>> 21) & 0x400) | ((hi >>> 18) & 0x200);
    const carry = hi >>> 31;
    hi = (hi << 1) | (lo >>> 31);
    lo = (lo << 1) | carry;
  }
}

/** STA with one key and one set of tables. */
export class Sta implements KeyedCipher {
  #keyHi: number;
  #keyLo: number;
  readonly #tables: StaTables;

  /** @param keyHi, keyLo the 64-bit decoder key, big-endian as DKGA gives it */
  constructor(keyHi: number, keyLo: number, tables: StaTables) {
    this.#keyHi = keyHi | 0;
    this.#keyLo = keyLo | 0;
    this.#tables = tables;
  }

  #prepare(): void {
    if (isScheduled && scheduledHi === this.#keyHi && scheduledLo === this.#keyLo) return;
    schedule(this.#keyHi, this.#keyLo);
    scheduledHi = this.#keyHi;
    scheduledLo = this.#keyLo;
    isScheduled = true;
  }

  encrypt(hi: number, lo: number, out: Uint32Array): void {
    this.#prepare();
    const pairs = this.#tables.encrypt;
    for (let at = 0; at < ROUNDS * 8; at += 8) {
      const i0 = bases[at]! | ((lo << 1) & 0x1fe);
      const i1 = bases[at + 1]! | ((lo >>> 7) & 0x1fe);
      const i2 = bases[at + 2]! | ((lo >>> 15) & 0x1fe);
      const i3 = bases[at + 3]! | ((lo >>> 23) & 0x1fe);
      const i4 = bases[at + 4]! | ((hi << 1) & 0x1fe);
      const i5 = bases[at + 5]! | ((hi >>> 7) & 0x1fe);
      const i6 = bases[at + 6]! | ((hi >>> 15) & 0x1fe);
      const i7 = bases[at + 7]! | ((hi >>> 23) & 0x1fe);
      hi = pairs[i0]! | pairs[i1]! | pairs[i2]! | pairs[i3]! | pairs[i4]! | pairs[i5]! | pairs[i6]! | pairs[i7]!;
      lo =
        pairs[i0 + 1]! |
        pairs[i1 + 1]! |
        pairs[i2 + 1]! |
        pairs[i3 + 1]! |
        pairs[i4 + 1]! |
        pairs[i5 + 1]! |
        pairs[i6 + 1]! |
        pairs[i7 + 1]!;
    }
    out[0] = hi;
    out[1] = lo;
  }

  decrypt(hi: number, lo: number, out: Uint32Array): void {
    this.#prepare();
    const { decrypt: pairs, unpermute, unsubstitute } = this.#tables;
    // Each inverse round is "unpermute, then unsubstitute"; regrouped, the merged tables do the second half of one
    // round and the first half of the next, with a bare half at either end.
    let nextHi = 0;
    let nextLo = 0;
    for (let position = 0; position < 4; position++) {
      const low = ((position << 8) | ((lo >>> (8 * position)) & 255)) << 1;
      const high = (((position + 4) << 8) | ((hi >>> (8 * position)) & 255)) << 1;
      nextHi |= unpermute[low]! | unpermute[high]!;
      nextLo |= unpermute[low + 1]! | unpermute[high + 1]!;
    }
    hi = nextHi;
    lo = nextLo;
    for (let at = (ROUNDS - 1) * 8; at > 0; at -= 8) {
      const i0 = bases[at]! | ((lo << 1) & 0x1fe);
      const i1 = bases[at + 1]! | ((lo >>> 7) & 0x1fe);
      const i2 = bases[at + 2]! | ((lo >>> 15) & 0x1fe);
      const i3 = bases[at + 3]! | ((lo >>> 23) & 0x1fe);
      const i4 = bases[at + 4]! | ((hi << 1) & 0x1fe);
      const i5 = bases[at + 5]! | ((hi >>> 7) & 0x1fe);
      const i6 = bases[at + 6]! | ((hi >>> 15) & 0x1fe);
      const i7 = bases[at + 7]! | ((hi >>> 23) & 0x1fe);
      hi = pairs[i0]! | pairs[i1]! | pairs[i2]! | pairs[i3]! | pairs[i4]! | pairs[i5]! | pairs[i6]! | pairs[i7]!;
      lo =
        pairs[i0 + 1]! |
        pairs[i1 + 1]! |
        pairs[i2 + 1]! |
        pairs[i3 + 1]! |
        pairs[i4 + 1]! |
        pairs[i5 + 1]! |
        pairs[i6 + 1]! |
        pairs[i7 + 1]!;
    }
    nextHi = 0;
    nextLo = 0;
    for (let position = 0; position < 4; position++) {
      const shift = 8 * position;
      const lowChoice = (bases[position]! >>> 1) & 0x300;
      const highChoice = (bases[position + 4]! >>> 1) & 0x300;
      nextLo |= unsubstitute[lowChoice | ((lo >>> shift) & 255)]! << shift;
      nextHi |= unsubstitute[highChoice | ((hi >>> shift) & 255)]! << shift;
    }
    out[0] = nextHi;
    out[1] = nextLo;
  }

  keyWords(): Uint32Array {
    return Uint32Array.of(this.#keyHi, this.#keyLo);
  }

  wipe(): void {
    this.#keyHi = 0;
    this.#keyLo = 0;
    // Whichever key was scheduled last: another one only has to be scheduled again.
    isScheduled = false;
    scheduledHi = 0;
    scheduledLo = 0;
    bases.fill(0);
  }
}
