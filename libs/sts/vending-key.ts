import { DesEncryptor } from './des';
import { ShortHmacSha256 } from './hmac-sha256';
import { refuse } from './sts.errors';

/** Key generation algorithm: 02 goes with 8-byte vending keys, 04 with 20-byte ones. */
export type Dkga = '02' | '04';

/**
 * What deriving a decoder key needs of a vending key: one block of DES, or one HMAC. A key inside a security module
 * takes part by answering these.
 */
export interface DerivingKey {
  readonly dkga: Dkga;
  /** DKGA02: `out` receives DES(block) XOR block XOR key, two words. */
  deriveBlock(hi: number, lo: number, out: Uint32Array): void;
  /** DKGA04: `out` receives HMAC-SHA-256 of the first `length` bytes, eight words. */
  deriveMac(block: Uint8Array, length: number, out: Uint32Array): void;
}

/**
 * A vending key, ready to derive decoder keys. It does not print itself: `JSON.stringify` and logs show the algorithm
 * only. In production it belongs in a security module; see README.md.
 *
 * @example const key = VendingKey.fromHex('abababababababab'); // DKGA02
 */
export class VendingKey implements DerivingKey {
  /** The generation algorithm that this length of key is for. */
  readonly dkga: Dkga;
  readonly #des: DesEncryptor | undefined;
  readonly #hmac: ShortHmacSha256 | undefined;
  #hi = 0;
  #lo = 0;
  #wiped = false;

  /**
   * @param bytes 8 bytes (DKGA02; parity bits kept, they matter) or 20 bytes (DKGA04); copied
   * @throws {StsError} bad-vending-key
   */
  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array) || (bytes.length !== 8 && bytes.length !== 20)) refuse('bad-vending-key');
    if (bytes.length === 8) {
      this.dkga = '02';
      this.#des = new DesEncryptor(bytes);
      const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
      this.#hi = view.getUint32(0);
      this.#lo = view.getUint32(4);
    } else {
      this.dkga = '04';
      this.#hmac = new ShortHmacSha256(bytes);
    }
  }

  /**
   * Reads a key of 16 or 40 hex digits.
   *
   * @throws {StsError} bad-vending-key
   */
  static fromHex(hex: string): VendingKey {
    if (typeof hex !== 'string' || !/^(?:[0-9a-fA-F]{16}|[0-9a-fA-F]{40})$/.test(hex)) refuse('bad-vending-key');
    const bytes = Buffer.from(hex, 'hex');
    try {
      return new VendingKey(bytes);
    } finally {
      bytes.fill(0);
    }
  }

  /**
   * DKGA02: DES of the data block, with data block and key XORed in.
   *
   * @param out receives two words
   * @throws {StsError} bad-vending-key when this is not an 8-byte key; key-destroyed
   */
  deriveBlock(hi: number, lo: number, out: Uint32Array): void {
    if (this.#wiped) refuse('key-destroyed');
    if (!this.#des) return refuse('bad-vending-key');
    this.#des.encrypt(hi, lo, out);
    out[0] = out[0]! ^ hi ^ this.#hi;
    out[1] = out[1]! ^ lo ^ this.#lo;
  }

  /**
   * DKGA04: HMAC-SHA-256 of a message of at most 55 bytes.
   *
   * @param block 64 bytes that start with the message
   * @param out receives eight words
   * @throws {StsError} bad-vending-key when this is not a 20-byte key; key-destroyed
   */
  deriveMac(block: Uint8Array, length: number, out: Uint32Array): void {
    if (this.#wiped) refuse('key-destroyed');
    if (!this.#hmac) return refuse('bad-vending-key');
    this.#hmac.tag(block, length, out);
  }

  /** Overwrites what can be overwritten; the key refuses every use afterwards. */
  wipe(): void {
    this.#wiped = true;
    this.#des?.wipe();
    this.#hmac?.wipe();
    this.#hi = 0;
    this.#lo = 0;
  }
}
