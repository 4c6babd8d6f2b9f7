/* Proves that a quote id gives back what it binds, and nothing at all when a bit of it, or the secret, is another. */
import * as fc from 'fast-check';
import { newId } from '@vend/kernel';
import { openQuoteId, sealQuoteId } from './quote-id';

const secret = Buffer.alloc(32, 7);
const binding = {
  meterId: newId(),
  grossPaisa: 100_000n,
  expiresAt: 1_795_000_000_000,
  fingerprint: '0123456789abcdef',
};

it('gives back what it binds', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 15n }),
      fc.integer({ min: 0, max: 2 ** 47 }),
      (grossPaisa, expiresAt) => {
        const bound = { ...binding, grossPaisa, expiresAt };
        expect(openQuoteId(secret, sealQuoteId(secret, bound))).toEqual(bound);
      },
    ),
  );
});

it('refuses any flipped bit', () => {
  const bytes = Buffer.from(sealQuoteId(secret, binding), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const forged = Buffer.from(bytes);
    forged[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => openQuoteId(secret, forged.toString('base64url'))).toThrow('quote-malformed');
  }
});

it.each(['', 'abc', 'x'.repeat(500), '../../etc/passwd'])('refuses %p', (text) => {
  expect(() => openQuoteId(secret, text)).toThrow('quote-malformed');
});

it("refuses another server's quote", () => {
  expect(() => openQuoteId(Buffer.alloc(32, 8), sealQuoteId(secret, binding))).toThrow('quote-malformed');
});
