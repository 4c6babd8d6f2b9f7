/** A 64-bit block cipher with its key set up. Results go to `out` as [hi, lo] so that no object is made per block. */
export interface BlockCipher64 {
  encrypt(hi: number, lo: number, out: Uint32Array): void;
  decrypt(hi: number, lo: number, out: Uint32Array): void;
  /** Overwrites the key schedule. */
  wipe(): void;
}

/** A cipher that can give its key back, so that whoever needs the key keeps no second copy. */
export interface KeyedCipher extends BlockCipher64 {
  /** The key, most significant word first. */
  keyWords(): Uint32Array;
}
