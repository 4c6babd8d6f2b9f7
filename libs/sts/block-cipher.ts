/** A 64-bit block cipher with its key set up. Results go to `out` as [hi, lo] so that no object is made per block. */
export interface BlockCipher64 {
  encrypt(hi: number, lo: number, out: Uint32Array): void;
  decrypt(hi: number, lo: number, out: Uint32Array): void;
  /** Overwrites the key schedule. */
  wipe(): void;
}
