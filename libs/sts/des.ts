/**
 * Single DES, one block, for DKGA02 only. OpenSSL 3 refuses single DES; node-forge has it. Its block function is
 * reached through the mode object because the cipher interface copies strings around every block.
 */
import * as forge from 'node-forge';

interface ForgeDes {
  initialize(options: { key: string; decrypt: boolean }): void;
  mode: { cipher: { encrypt(input: number[], output: number[]): void } };
  _keys: number[];
}

type ForgeWithAlgorithms = { cipher: { getAlgorithm(name: string): (() => ForgeDes) | null } };

/** DES encryption under one key; two 32-bit halves in and out. */
export class DesEncryptor {
  readonly #des: ForgeDes;
  readonly #input = [0, 0];
  readonly #output = [0, 0];

  /** @param key eight bytes; parity bits are not looked at */
  constructor(key: Uint8Array) {
    const make = (forge as unknown as ForgeWithAlgorithms).cipher.getAlgorithm('DES-ECB');
    if (!make) throw new Error('node-forge was built without DES');
    this.#des = make();
    this.#des.initialize({ key: Buffer.from(key).toString('latin1'), decrypt: false });
  }

  encrypt(hi: number, lo: number, out: Uint32Array): void {
    this.#input[0] = hi | 0;
    this.#input[1] = lo | 0;
    this.#des.mode.cipher.encrypt(this.#input, this.#output);
    out[0] = this.#output[0]!;
    out[1] = this.#output[1]!;
  }

  wipe(): void {
    this.#des._keys.fill(0);
    this.#input.fill(0);
    this.#output.fill(0);
  }
}
