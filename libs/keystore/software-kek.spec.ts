// Proves that a software KEK opens what it sealed, under the same context alone, and that two of them never mix.
import { createCipheriv, randomBytes } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import fc from 'fast-check';
import { partsOfKek, SoftwareKek } from './software-kek';

const master = Buffer.alloc(32, 7);
const kek = new SoftwareKek(master);

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
}

it('opens what it sealed, byte for byte, differently each time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.string(), async (plain, context) => {
      const [once, again] = [await kek.seal(plain, context), await kek.seal(plain, context)];
      expect(once.equals(again)).toBe(false);
      expect([...(await kek.open(once, context))]).toEqual([...plain]);
    }),
    { numRuns: 50 },
  );
});

it('opens nothing under another context, KEK, or with a bit changed', async () => {
  const sealed = await kek.seal(Buffer.from('value'), 'here');
  expect(await codeOf(kek.open(sealed, 'there'))).toBe('key-file-tampered');
  expect(await codeOf(new SoftwareKek(randomBytes(32)).open(sealed, 'here'))).toBe('key-file-tampered');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const twisted = Buffer.from(sealed);
    twisted[bit >> 3] = twisted[bit >> 3]! ^ (1 << (bit & 7));
    expect(await codeOf(kek.open(twisted, 'here'))).toBe('key-file-tampered');
  }
  for (let length = 0; length < sealed.length; length += 1) {
    expect(await codeOf(kek.open(sealed.subarray(0, length), 'here'))).toBe('key-file-tampered');
  }
});

it('is known by an id that follows from the key and does not show it', () => {
  expect(new SoftwareKek(master).id).toBe(kek.id);
  expect(new SoftwareKek(randomBytes(32)).id).not.toBe(kek.id);
  expect(kek.id).toMatch(/^[0-9a-f]{16}$/);
  expect(JSON.stringify(kek)).toBe(JSON.stringify({ kind: 'software', id: kek.id }));
});

it('unwraps what a PKCS#11 token wrapped under the same KEK, and nothing else', async () => {
  const wrap = partsOfKek(master).wrap;
  const cipher = createCipheriv('id-aes256-wrap-pad', wrap, Buffer.from('a65959a6', 'hex'));
  const wrapped = Buffer.concat([cipher.update(Buffer.alloc(64, 5)), cipher.final()]);
  expect(kek.unwrap(wrapped)).toEqual(Buffer.alloc(64, 5));
  wrapped[3]! ^= 1;
  expect(() => kek.unwrap(wrapped)).toThrow('key-file-tampered');
});

it('does nothing more once closed', async () => {
  const closing = new SoftwareKek(randomBytes(32));
  const sealed = await closing.seal(Buffer.from('value'), 'here');
  closing.close();
  expect(await codeOf(closing.open(sealed, 'here'))).toBe('module-closed');
  expect(await codeOf(closing.seal(sealed, 'here'))).toBe('module-closed');
});
