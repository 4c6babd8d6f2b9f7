/* Proves that a quote id gives back what it binds, and nothing at all when a bit of it, or the secret, is another. */
import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { idToBytes, newId } from '@vend/kernel';
import { openQuoteId, quoteIdExpiry, sealQuoteId } from './quote-id';

const secret = Buffer.alloc(32, 7);
const binding = {
  meterId: newId(),
  grossPaisa: 100_000n,
  expiresAt: 1_795_000_000_000,
  fingerprint: '0123456789ab',
};

it('gives back what it binds', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2054, 0, 1) }),
      (grossPaisa, expiresAt) => {
        const bound = { ...binding, grossPaisa, expiresAt };
        const quoteId = sealQuoteId(secret, bound);
        expect(openQuoteId(secret, quoteId)).toEqual(bound);
        expect(quoteIdExpiry(quoteId)).toBe(expiresAt);
        expect(quoteId).toMatch(/^[\w-]{64}$/);
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

it('is another for every payer, and has one spelling', () => {
  const ids = Array.from({ length: 1_000 }, () => sealQuoteId(secret, binding));
  expect(new Set(ids).size).toBe(ids.length);
  expect(() => openQuoteId(secret, `${ids[0]}=`)).toThrow('quote-malformed');
  expect(() => openQuoteId(secret, ` ${ids[0]}`)).toThrow('quote-malformed');
});

it('reads what was made before ids were short', () => {
  const body = Buffer.alloc(39, 1);
  idToBytes(binding.meterId).copy(body, 1);
  body.writeBigInt64BE(binding.grossPaisa, 17);
  body.writeUIntBE(binding.expiresAt, 25, 6);
  Buffer.from('0123456789abcdef', 'hex').copy(body, 31);
  const mac = createHmac('sha256', secret).update('quote-id').update(body).digest().subarray(0, 16);
  expect(openQuoteId(secret, Buffer.concat([body, mac]).toString('base64url'))).toEqual(binding);
  expect(quoteIdExpiry('AAAA')).toBeUndefined();
});
