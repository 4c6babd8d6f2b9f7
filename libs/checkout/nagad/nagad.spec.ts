/* Proves Nagad's letters against other implementations in both directions, that every broken letter fails in the same words, and that no bytes of an answer are an accident. */
import { constants, createPublicKey, createVerify, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import fc from 'fast-check';
import { md, pki, util } from 'node-forge';
import { NagadCrypto, NagadSealBroken, pemOf } from './nagad-crypto';
import { nagadTime, openInitialized, parseNagadTime, readNagadAnswer, verified } from './nagad.wire';

function keyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
const [merchant, nagad, stranger] = [keyPair(), keyPair(), keyPair()];
const ours = new NagadCrypto({ privateKey: merchant.privateKey, publicKey: nagad.publicKey, hash: 'RSA-SHA256' });
const TEXT = JSON.stringify({ merchantId: '683002007104225', orderId: 'V7K', challenge: 'ab'.repeat(20) });

/** Forge alone: what Nagad would send, made without our code or OpenSSL's. */
function letterByForge(
  text: string,
  { signer = nagad.privateKey, hash = 'sha256' }: { signer?: string; hash?: 'sha1' | 'sha256' } = {},
) {
  const bytes = util.encodeUtf8(text);
  const sealed = pki.publicKeyFromPem(merchant.publicKey).encrypt(bytes, 'RSAES-PKCS1-V1_5');
  const digest = md[hash].create().update(bytes);
  const key = pki.privateKeyFromPem(signer);
  return { sensitiveData: util.encode64(sealed), signature: util.encode64(key.sign(digest)) };
}

describe('the letters', () => {
  it.each([TEXT, 'x', 'টাকা ৫০০', 'a'.repeat(245)])(
    'what we seal, forge opens and its signature is of the very bytes',
    (text) => {
      const { sensitiveData, signature } = ours.seal(text);
      const key = pki.privateKeyFromPem(pki.privateKeyToPem(pki.privateKeyFromPem(nagad.privateKey)));
      const opened = key.decrypt(util.decode64(sensitiveData), 'RSAES-PKCS1-V1_5');
      expect(util.decodeUtf8(opened)).toBe(text);
      const digest = md.sha256.create().update(opened);
      expect(pki.publicKeyFromPem(merchant.publicKey).verify(digest.digest().bytes(), util.decode64(signature))).toBe(
        true,
      );
      expect(createVerify('RSA-SHA256').update(text, 'utf8').verify(merchant.publicKey, signature, 'base64')).toBe(
        true,
      );
    },
  );

  it('what forge seals and signs, we open', () => {
    expect(ours.open(letterByForge(TEXT))).toBe(TEXT);
  });

  it('SHA1 where the row says so, and only there', () => {
    const older = new NagadCrypto({ privateKey: merchant.privateKey, publicKey: nagad.publicKey, hash: 'RSA-SHA1' });
    expect(older.open(letterByForge(TEXT, { hash: 'sha1' }))).toBe(TEXT);
    expect(() => ours.open(letterByForge(TEXT, { hash: 'sha1' }))).toThrow(NagadSealBroken);
    const { signature } = older.seal(TEXT);
    expect(createVerify('RSA-SHA1').update(TEXT).verify(merchant.publicKey, signature, 'base64')).toBe(true);
  });

  it('keys as the bare base64 of their DER, and as PEM', () => {
    const bare = (pem: string) => pem.replace(/-----[^-]+-----|\n/g, '');
    const keys = {
      privateKey: pemOf(bare(merchant.privateKey), 'PRIVATE KEY'),
      publicKey: pemOf(bare(nagad.publicKey), 'PUBLIC KEY'),
      hash: 'RSA-SHA256' as const,
    };
    expect(new NagadCrypto(keys).open(letterByForge(TEXT))).toBe(TEXT);
    expect(pemOf(merchant.privateKey, 'PRIVATE KEY').trim()).toBe(merchant.privateKey.trim());
  });

  it('every broken letter fails in the same words', () => {
    const good = letterByForge(TEXT);
    const flip = (text: string, at: number) => {
      const bytes = Buffer.from(text, 'base64');
      bytes[at]! ^= 1;
      return bytes.toString('base64');
    };
    const unpadded = publicEncrypt(
      { key: createPublicKey(merchant.publicKey), padding: constants.RSA_NO_PADDING },
      Buffer.alloc(256, 1).fill(0, 0, 1),
    );
    const broken = [
      { ...good, sensitiveData: flip(good.sensitiveData, 0) },
      { ...good, sensitiveData: flip(good.sensitiveData, 255) },
      { ...good, sensitiveData: good.sensitiveData.slice(0, 100) },
      { ...good, sensitiveData: '' },
      { ...good, sensitiveData: unpadded.toString('base64') },
      { ...good, signature: flip(good.signature, 10) },
      { ...good, signature: '' },
      letterByForge(TEXT, { signer: stranger.privateKey }),
      new NagadCrypto({ privateKey: nagad.privateKey, publicKey: stranger.publicKey, hash: 'RSA-SHA256' }).seal(TEXT),
    ];
    const said = broken.map((letter) => {
      try {
        return ours.open(letter);
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    });
    expect(new Set(said)).toEqual(new Set(['NagadSealBroken: the message cannot be opened']));
  });
});

describe('answers', () => {
  const body = (said: object) => letterByForge(JSON.stringify(said));
  const said = { paymentReferenceId: 'MDYy-1', challenge: 'c1', acceptDateTime: '20260301101531' };

  it('the answer to initialize counts when it is sealed, signed and to our challenge', () => {
    expect(openInitialized(body(said), ours, 'c1')).toMatchObject({ paymentReferenceId: 'MDYy-1' });
    expect(openInitialized(body(said), ours, 'c2')).toBeUndefined();
    expect(openInitialized(body({ ...said, paymentReferenceId: '../x' }), ours, 'c1')).toBeUndefined();
    expect(openInitialized({ ...body(said), signature: 'AAAA' }, ours, 'c1')).toBeUndefined();
    expect(openInitialized({}, ours, 'c1')).toBeUndefined();
  });

  it.each([
    [200, '{"status":"Success"}', { kind: 'ok', body: { status: 'Success' } }],
    [400, '{"reason":"INVALID_SIGNATURE","message":"…"}', { kind: 'refused', reason: 'invalid-signature' }],
    [200, '{"devMessage":"Order 8801700000000 used"}', { kind: 'refused', reason: 'order-used' }],
    [500, '{"reason":"X"}', { kind: 'none', reason: 'gateway-error' }],
    [404, '{}', { kind: 'none', reason: 'gateway-error' }],
    [200, '<html>', { kind: 'none', reason: 'gateway-unreadable' }],
    [502, '', { kind: 'none', reason: 'gateway-error' }],
  ])('HTTP %s with %s', (status, text, expected) => {
    expect(readNagadAnswer({ kind: 'answer', status, text })).toEqual(expected);
  });

  it('any text is one of three kinds of answer, and its reason holds no digit', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.integer({ min: 200, max: 599 }), (text, status) => {
        const answer = readNagadAnswer({ kind: 'answer', status, text });
        expect(answer.kind === 'ok' || /^[a-z-]{1,40}$/.test(answer.reason)).toBe(true);
        if (answer.kind === 'ok') verified.safeParse(answer.body);
      }),
    );
  });

  it('times both ways, in Dhaka', () => {
    expect(nagadTime(0)).toBe('19700101060000');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseNagadTime(nagadTime(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
    expect(parseNagadTime('2026-03-01 10:15:31.0')).toBe(Date.UTC(2026, 2, 1, 4, 15, 31));
    for (const wrong of [undefined, null, 5, '', '2026-13-01 10:15:31', '2026-03-01'])
      expect(parseNagadTime(wrong)).toBeNull();
  });
});
