import type { KeyedCipher } from './block-cipher';
import { formatBlock } from './digits';
import { Misty1 } from './misty1';
import { checkMeterPan } from './pan';
import { Sta } from './sta';
import { IEC_SAMPLE_TABLES } from './sta.tables';
import type { StaTables, StaTablesKind } from './sta.tables';
import { refuse } from './sts.errors';
import { checkBaseDate } from './tid';
import type { BaseDate } from './tid';

/** Encryption algorithm: 07 is STA (64-bit key), 11 is MISTY1 (128-bit key). */
export type Ea = '07' | '11';

/** 0 DITK initialisation, 1 DDTK default, 2 DUTK unique, 3 DCTK common. */
export type KeyType = 0 | 1 | 2 | 3;

/** What belongs to a decoder key besides its bits (STS.md section 7). */
export interface KeyAttributes {
  /** MeterPAN, 18 digits. */
  readonly pan: string;
  readonly ea: Ea;
  readonly kt: KeyType;
  /** Supply group code, six digits. */
  readonly sgc: string;
  /** Tariff index, 0 to 99. */
  readonly ti: number;
  /** Key revision number, 1 to 9. */
  readonly krn: number;
  /** Key expiry number, 0 to 255; 255 never expires. */
  readonly ken: number;
  readonly baseDate: BaseDate;
}

const SGC = /^[0-9]{6}$/;

/**
 * Checks each attribute by name.
 *
 * @throws {StsError} bad-pan, pan-check-digit, drn-check-digit, bad-ea, unsupported-ea, bad-kt, bad-sgc, bad-ti,
 * bad-krn, bad-ken, bad-base-date
 */
export function checkKeyAttributes(attributes: KeyAttributes): void {
  const { ea, kt, sgc, ti, krn, ken } = attributes;
  if (ea !== '07' && ea !== '11') refuse((ea as string) === '09' ? 'unsupported-ea' : 'bad-ea');
  if (kt !== 0 && kt !== 1 && kt !== 2 && kt !== 3) refuse('bad-kt');
  if (typeof sgc !== 'string' || !SGC.test(sgc)) refuse('bad-sgc');
  if (!Number.isInteger(ti) || ti < 0 || ti > 99) refuse('bad-ti');
  if (!Number.isInteger(krn) || krn < 1 || krn > 9) refuse('bad-krn');
  if (!Number.isInteger(ken) || ken < 0 || ken > 255) refuse('bad-ken');
  checkBaseDate(attributes.baseDate);
  checkMeterPan(attributes.pan);
}

/**
 * The key that a meter and its vending system share, with the attributes that decide what it may do. It does not print
 * itself: `JSON.stringify` and logs show the attributes only.
 *
 * @example DecoderKey.fromHex('e653341f9d5bf36f', { pan, ea: '07', kt: 2, sgc: '123456', ti: 1, krn: 1, ken: 255, baseDate: 2014 })
 */
export class DecoderKey implements KeyAttributes {
  readonly pan: string;
  readonly ea: Ea;
  readonly kt: KeyType;
  readonly sgc: string;
  readonly ti: number;
  readonly krn: number;
  readonly ken: number;
  readonly baseDate: BaseDate;
  /** Which STA tables EA07 runs on; undefined for EA11. */
  readonly tablesKind: StaTablesKind | undefined;
  readonly #cipher: KeyedCipher;
  #wiped = false;

  /**
   * Of checked attributes and the words of the key: for this room; others use `deriveDecoderKey` or `fromHex`.
   *
   * @param words two words for EA07, four for EA11; more are not looked at
   * @internal
   */
  constructor(attributes: KeyAttributes, words: Uint32Array, tables: StaTables = IEC_SAMPLE_TABLES) {
    this.pan = attributes.pan;
    this.ea = attributes.ea;
    this.kt = attributes.kt;
    this.sgc = attributes.sgc;
    this.ti = attributes.ti;
    this.krn = attributes.krn;
    this.ken = attributes.ken;
    this.baseDate = attributes.baseDate;
    if (attributes.ea === '07') {
      this.tablesKind = tables.kind;
      this.#cipher = new Sta(words[0]!, words[1]!, tables);
    } else {
      this.tablesKind = undefined;
      this.#cipher = new Misty1(words);
    }
  }

  /**
   * A decoder key whose bits are known: a meter's own, or one loaded by its manufacturer.
   *
   * @param hex 16 hex digits for EA07, 32 for EA11
   * @throws {StsError} bad-decoder-key and those of checkKeyAttributes
   */
  static fromHex(hex: string, attributes: KeyAttributes, tables: StaTables = IEC_SAMPLE_TABLES): DecoderKey {
    checkKeyAttributes(attributes);
    const digits = attributes.ea === '07' ? 16 : 32;
    if (typeof hex !== 'string' || hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) refuse('bad-decoder-key');
    const words = new Uint32Array(4);
    for (let i = 0; i < digits / 8; i++) words[i] = Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16);
    return new DecoderKey(attributes, words, tables);
  }

  /** Encrypts a block; `out` receives [hi, lo]. @throws {StsError} key-destroyed */
  encryptBlock(hi: number, lo: number, out: Uint32Array): void {
    if (this.#wiped) refuse('key-destroyed');
    this.#cipher.encrypt(hi, lo, out);
  }

  /** Decrypts a block; `out` receives [hi, lo]. @throws {StsError} key-destroyed */
  decryptBlock(hi: number, lo: number, out: Uint32Array): void {
    if (this.#wiped) refuse('key-destroyed');
    this.#cipher.decrypt(hi, lo, out);
  }

  /**
   * The words of the key, most significant first: what key-change tokens carry. A secret.
   *
   * @throws {StsError} key-destroyed
   */
  exportWords(): Uint32Array {
    return this.#wiped ? refuse('key-destroyed') : this.#cipher.keyWords();
  }

  /**
   * The key as hex: for proofs and for a virtual meter's storage. A secret: never log it.
   *
   * @throws {StsError} key-destroyed
   */
  exportHex(): string {
    if (this.#wiped) refuse('key-destroyed');
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = this.#cipher.keyWords();
    const first = formatBlock({ hi: w0, lo: w1 });
    return this.ea === '07' ? first : first + formatBlock({ hi: w2, lo: w3 });
  }

  /** Overwrites what can be overwritten; the key refuses every use afterwards. */
  wipe(): void {
    this.#wiped = true;
    this.#cipher.wipe();
  }
}
