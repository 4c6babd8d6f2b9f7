/**
 * EA11 as RFC 2994 describes it, with its 1-based key indices and whole-word names: the readable form that the fast one
 * in `misty1.ts` is tested against. Nothing but tests runs it.
 */
import type { BlockCipher64 } from './block-cipher';
import { S7, S9 } from './misty1.tables';

type Words = readonly number[];

/** Index n of K1 to K8, wrapping round as the key schedule table of the RFC does. */
const at = (words: Words, n: number): number => words[(n - 1) % 8]!;

/** 9 bits and 7 bits go three times through substitution and exclusive or. */
function fi(input: number, key: number): number {
  let left9 = input >> 7;
  let right7 = input & 0x7f;
  left9 = S9[left9]! ^ right7;
  right7 = S7[right7]! ^ (left9 & 0x7f);
  right7 ^= key >> 9;
  left9 ^= key & 0x1ff;
  left9 = S9[left9]! ^ right7;
  return ((right7 << 7) << 2) | left9;
}

/** MISTY1, slowly. */
export class Misty1Reference implements BlockCipher64 {
  private readonly k: number[] = [];
  private readonly kPrime: number[] = [];

  constructor(key: Uint8Array) {
    for (let i = 0; i < 16; i += 2) this.k.push(key[i]! * 256 + key[i + 1]!);
    for (let i = 1; i <= 8; i++) this.kPrime.push(fi(at(this.k, i), at(this.k, i + 1)));
  }

  encrypt(hi: number, lo: number, out: Uint32Array): void {
    let left = hi;
    let right = lo;
    for (let i = 1; i <= 8; i++) {
      if (i % 2 === 1) {
        left = this.fl(left, i);
        right = this.fl(right, i + 1);
      }
      [left, right] = [(right ^ this.fo(left, i)) >>> 0, left];
    }
    // The halves leave exchanged.
    out[0] = this.fl(right, 10);
    out[1] = this.fl(left, 9);
  }

  decrypt(hi: number, lo: number, out: Uint32Array): void {
    let left = this.flInverse(lo, 9);
    let right = this.flInverse(hi, 10);
    for (let i = 8; i >= 1; i--) {
      [left, right] = [right, (left ^ this.fo(right, i)) >>> 0];
      if (i % 2 === 1) {
        left = this.flInverse(left, i);
        right = this.flInverse(right, i + 1);
      }
    }
    out[0] = left;
    out[1] = right;
  }

  wipe(): void {}

  /** KO of round i: Ki, Ki+2, Ki+7, Ki+4. KI: K'i+5, K'i+1, K'i+3. */
  private fo(input: number, i: number): number {
    let left = input >>> 16;
    let right = input & 0xffff;
    const ko = [at(this.k, i), at(this.k, i + 2), at(this.k, i + 7)];
    const ki = [at(this.kPrime, i + 5), at(this.kPrime, i + 1), at(this.kPrime, i + 3)];
    for (let j = 0; j < 3; j++) [left, right] = [right, fi(left ^ ko[j]!, ki[j]!) ^ right];
    return (((left ^ at(this.k, i + 4)) << 16) | right) >>> 0;
  }

  /** KL of layer i: odd K(i+1)/2 and K'(i+1)/2+6; even K'i/2+2 and Ki/2+4. */
  private kl(i: number): [number, number] {
    return i % 2 === 1
      ? [at(this.k, (i + 1) / 2), at(this.kPrime, (i + 1) / 2 + 6)]
      : [at(this.kPrime, i / 2 + 2), at(this.k, i / 2 + 4)];
  }

  private fl(input: number, i: number): number {
    const [and, or] = this.kl(i);
    const right = (input & 0xffff) ^ ((input >>> 16) & and);
    return (((input >>> 16) ^ (right | or)) * 65_536 + right) >>> 0;
  }

  private flInverse(input: number, i: number): number {
    const [and, or] = this.kl(i);
    const left = (input >>> 16) ^ ((input & 0xffff) | or);
    return (left * 65_536 + ((input & 0xffff) ^ (left & and))) >>> 0;
  }
}
