// Proves that a notice's csms_id is stable, well formed and equal to an independent base32 of SHA-256.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { csmsIdOf } from './csms-id';

describe('csmsIdOf', () => {
  it('is the first 100 bits of SHA-256 in base32', () => {
    // sha256("abc") = ba7816bf 8f01cfea 414140de 5d...; base32 (RFC 4648) by coreutils: printf abc | sha256sum | xxd -r -p | base32
    expect(csmsIdOf('abc')).toBe('xj4bnp4pahh6uqkbidpf');
  });

  it('agrees with base32 by division of the whole digest', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (noticeId) => {
        let number = BigInt(`0x${createHash('sha256').update(noticeId).digest('hex')}`) >> 156n;
        let expected = '';
        for (let i = 0; i < 20; i++, number >>= 5n) {
          expected = 'abcdefghijklmnopqrstuvwxyz234567'[Number(number & 31n)] + expected;
        }
        expect(csmsIdOf(noticeId)).toBe(expected);
      }),
    );
  });

  it('refuses a notice without an id', () => {
    expect(() => csmsIdOf('')).toThrow(RangeError);
  });
});
