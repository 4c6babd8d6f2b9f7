// Proves each fast primitive equal to an independent form of the same thing on random inputs: STA and MISTY1 against the
// readable references (STA with random tables too), DES against node-forge's own cipher, HMAC against node:crypto.
import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import forge from 'node-forge';
import { DesEncryptor } from './des';
import { formatBlock } from './digits';
import { SHORT_MESSAGE_MAX_BYTES, ShortHmacSha256 } from './hmac-sha256';
import { Misty1 } from './misty1';
import { Misty1Reference } from './misty1.reference';
import { Sta } from './sta';
import { StaReference } from './sta.reference';
import { IEC_SAMPLE_TABLES, StaTables } from './sta.tables';
import type { BlockCipher64 } from './block-cipher';

const word = fc.nat({ max: 0xffffffff });
const bytes = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
const permutation = (size: number): fc.Arbitrary<number[]> => {
  const all = Array.from({ length: size }, (_, n) => n);
  return fc.shuffledSubarray(all, { minLength: size, maxLength: size });
};

function run(cipher: BlockCipher64, way: 'encrypt' | 'decrypt', hi: number, lo: number): string {
  const out = new Uint32Array(2);
  cipher[way](hi, lo, out);
  return formatBlock({ hi: out[0]!, lo: out[1]! });
}

function expectTwins(fast: BlockCipher64, slow: BlockCipher64, hi: number, lo: number): void {
  const encrypted = run(fast, 'encrypt', hi, lo);
  expect(encrypted).toBe(run(slow, 'encrypt', hi, lo));
  expect(run(fast, 'decrypt', hi, lo)).toBe(run(slow, 'decrypt', hi, lo));
  const back = [parseInt(encrypted.slice(0, 8), 16), parseInt(encrypted.slice(8), 16)] as const;
  expect(run(fast, 'decrypt', ...back)).toBe(formatBlock({ hi, lo }));
}

it('STA on 32-bit halves is STA bit by bit, for the sample tables', () => {
  fc.assert(
    fc.property(word, word, word, word, (keyHi, keyLo, hi, lo) => {
      const slow = new StaReference((BigInt(keyHi) << 32n) | BigInt(keyLo), IEC_SAMPLE_TABLES.numbers);
      expectTwins(new Sta(keyHi, keyLo, IEC_SAMPLE_TABLES), slow, hi, lo);
    }),
    { numRuns: 300 },
  );
});

it('STA is the same for any tables, also where S2 is not the inverse of S1', () => {
  fc.assert(
    fc.property(permutation(16), permutation(16), permutation(64), word, word, (s1, s2, p, hi, lo) => {
      const tables = new StaTables({ s1, s2, p });
      expect(tables.kind).toBe('other');
      expectTwins(new Sta(lo, hi, tables), new StaReference((BigInt(lo) << 32n) | BigInt(hi), tables.numbers), hi, lo);
    }),
    { numRuns: 40 },
  );
});

it('STA keeps two keys apart that are used in turn', () => {
  const one = new Sta(1, 2, IEC_SAMPLE_TABLES);
  const other = new Sta(3, 4, IEC_SAMPLE_TABLES);
  const alone = run(new Sta(1, 2, IEC_SAMPLE_TABLES), 'encrypt', 5, 6);
  expect(run(one, 'encrypt', 5, 6)).toBe(alone);
  expect(run(other, 'encrypt', 5, 6)).not.toBe(alone);
  expect(run(one, 'encrypt', 5, 6)).toBe(alone);
  other.wipe();
  expect(run(one, 'encrypt', 5, 6)).toBe(alone);
});

it('MISTY1 is MISTY1 as the RFC spells it', () => {
  fc.assert(
    fc.property(bytes(16), word, word, (key, hi, lo) => {
      const view = new DataView(key.buffer, key.byteOffset);
      const words = Uint32Array.of(...[0, 4, 8, 12].map((at) => view.getUint32(at)));
      expectTwins(new Misty1(words), new Misty1Reference(key), hi, lo);
    }),
    { numRuns: 1000 },
  );
});

it("one DES block is node-forge's DES-ECB, and FIPS 81's example", () => {
  const out = new Uint32Array(2);
  new DesEncryptor(Buffer.from('0123456789abcdef', 'hex')).encrypt(0x4e6f7720, 0x69732074, out);
  expect(formatBlock({ hi: out[0]!, lo: out[1]! })).toBe('3fa40e8a984d4815');
  fc.assert(
    fc.property(bytes(8), word, word, (key, hi, lo) => {
      const cipher = forge.cipher.createCipher('DES-ECB', Buffer.from(key).toString('latin1'));
      cipher.start();
      cipher.update(forge.util.createBuffer(forge.util.hexToBytes(formatBlock({ hi, lo }))));
      new DesEncryptor(key).encrypt(hi, lo, out);
      expect(formatBlock({ hi: out[0]!, lo: out[1]! })).toBe(cipher.output.toHex().slice(0, 16));
    }),
    { numRuns: 200 },
  );
});

it("HMAC-SHA-256 of a short message is node:crypto's, for every length", () => {
  for (let length = 0; length <= SHORT_MESSAGE_MAX_BYTES; length++) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), bytes(64), (key, block) => {
        const tag = new Uint32Array(8);
        new ShortHmacSha256(key).tag(block, length, tag);
        const expected = createHmac('sha256', key).update(block.subarray(0, length)).digest('hex');
        expect(Array.from(tag, (part) => part.toString(16).padStart(8, '0')).join('')).toBe(expected);
      }),
      { numRuns: 10 },
    );
  }
  const mac = new ShortHmacSha256(new Uint8Array(20));
  expect(() => mac.tag(new Uint8Array(64), 56, new Uint32Array(8))).toThrow(RangeError);
  expect(() => new ShortHmacSha256(new Uint8Array(65))).toThrow(RangeError);
});
