/**
 * EA11: MISTY1 (RFC 2994), 128-bit key, eight rounds, 64-bit block, big-endian. The fast form;
 * `misty1.reference.ts` follows the RFC's description step by step.
 */
import type { KeyedCipher } from './block-cipher';
import { S7, S9 } from './misty1.tables';

/** RFC 2994 2.2, function FI: 16 bits in, 16 bits of key. */
function fi(input: number, key: number): number {
  const d7 = input & 0x7f;
  const d9 = S9[input >>> 7]! ^ d7;
  const mixed7 = S7[d7]! ^ (d9 & 0x7f) ^ (key >>> 9);
  return (mixed7 << 9) | (S9[d9 ^ (key & 0x1ff)]! ^ mixed7);
}

/** MISTY1 with one key. */
export class Misty1 implements KeyedCipher {
  // Entries 0 to 7 are K1 to K8, 8 to 15 are K'1 to K'8.
  readonly #key = new Uint16Array(16);

  /** @param words the 128-bit key, most significant word first */
  constructor(words: Uint32Array) {
    const k = this.#key;
    for (let i = 0; i < 4; i++) {
      k[2 * i] = words[i]! >>> 16;
      k[2 * i + 1] = words[i]!;
    }
    for (let i = 0; i < 8; i++) k[i + 8] = fi(k[i]!, k[(i + 1) & 7]!);
  }

  encrypt(hi: number, lo: number, out: Uint32Array): void {
    const k = this.#key;
    let d0 = hi;
    let d1 = lo;
    for (let round = 0; round < 8; round += 2) {
      d0 = fl(k, d0, round);
      d1 = fl(k, d1, round + 1);
      d1 ^= fo(k, d0, round);
      d0 ^= fo(k, d1, round + 1);
    }
    d0 = fl(k, d0, 8);
    d1 = fl(k, d1, 9);
    // The halves leave exchanged.
    out[0] = d1;
    out[1] = d0;
  }

  decrypt(hi: number, lo: number, out: Uint32Array): void {
    const k = this.#key;
    let d0 = flInverse(k, lo, 8);
    let d1 = flInverse(k, hi, 9);
    for (let round = 6; round >= 0; round -= 2) {
      d0 ^= fo(k, d1, round + 1);
      d1 ^= fo(k, d0, round);
      d0 = flInverse(k, d0, round);
      d1 = flInverse(k, d1, round + 1);
    }
    out[0] = d0;
    out[1] = d1;
  }

  keyWords(): Uint32Array {
    return Uint32Array.from({ length: 4 }, (_, i) => (this.#key[2 * i]! << 16) | this.#key[2 * i + 1]!);
  }

  wipe(): void {
    this.#key.fill(0);
  }
}

function fo(k: Uint16Array, input: number, round: number): number {
  let t0 = (input >>> 16) ^ k[round]!;
  let t1 = input & 0xffff;
  t0 = fi(t0, k[((round + 5) & 7) + 8]!) ^ t1;
  t1 ^= k[(round + 2) & 7]!;
  t1 = fi(t1, k[((round + 1) & 7) + 8]!) ^ t0;
  t0 ^= k[(round + 7) & 7]!;
  t0 = fi(t0, k[((round + 3) & 7) + 8]!) ^ t1;
  t1 ^= k[(round + 4) & 7]!;
  return (t1 << 16) | t0;
}

// The key halves of layer FL: KL of RFC 2994 2.1 for even and odd layers (counted from 0 here).
const flAndKey = (k: Uint16Array, layer: number): number =>
  layer & 1 ? k[((((layer - 1) >> 1) + 2) & 7) + 8]! : k[layer >> 1]!;
const flOrKey = (k: Uint16Array, layer: number): number =>
  layer & 1 ? k[(((layer - 1) >> 1) + 4) & 7]! : k[(((layer >> 1) + 6) & 7) + 8]!;

function fl(k: Uint16Array, input: number, layer: number): number {
  const left = input >>> 16;
  const right = (input & 0xffff) ^ (left & flAndKey(k, layer));
  return ((left ^ (right | flOrKey(k, layer))) << 16) | right;
}

function flInverse(k: Uint16Array, input: number, layer: number): number {
  const right = input & 0xffff;
  const left = (input >>> 16) ^ (right | flOrKey(k, layer));
  return (left << 16) | (right ^ (left & flAndKey(k, layer)));
}
