// Proves that sealed vending keys open with their KEK and no other, and that every change of the file is refused by name.
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '@vend/kernel';
import fc from 'fast-check';
import { openSealedKeys, sealKeys } from './sealed-keys';
import { checkValue } from './vending-key';
import type { VendingKeyAttributes } from './vending-key';

const kek = Buffer.alloc(32, 7);
const desKey = Buffer.from('abababababababab', 'hex');
const hmacKey = Buffer.from('abababababababab949494949494949401234567', 'hex');
const keys: (VendingKeyAttributes & { value: Buffer })[] = [
  { sgc: '123456', krn: 1, kind: 'VUDK', dkga: 2, baseDate: 2014, ken: 255, value: desKey },
  { sgc: '201457', krn: 1, kind: 'VUDK', dkga: 4, baseDate: 2014, ken: 200, value: hmacKey },
];

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'no refusal';
}

type Json = { [name: string]: unknown; keys: Record<string, unknown>[] };
function changed(change: (file: Json) => void): Buffer {
  const file = JSON.parse(sealKeys(kek, keys)) as Json;
  change(file);
  return Buffer.from(JSON.stringify(file));
}

describe('sealed keys', () => {
  it('come back as they went in, with their check values', () => {
    const opened = openSealedKeys(kek, Buffer.from(sealKeys(kek, keys)));
    expect(opened.map(({ kcv: _kcv, state: _state, issuedUntil: _until, ...key }) => key)).toEqual(keys);
    expect(opened.map((key) => key.kcv)).toEqual([checkValue(2, desKey), checkValue(4, hmacKey)]);
  });

  it('show no value in the file', () => {
    const text = sealKeys(kek, keys).toLowerCase();
    for (const secret of [kek, desKey, hmacKey]) {
      expect(text).not.toContain(secret.toString('hex'));
      expect(text).not.toContain(secret.toString('base64').toLowerCase());
    }
  });

  it('seal the same key differently each time', () => {
    expect(sealKeys(kek, keys)).not.toBe(sealKeys(kek, keys));
  });

  it('do not open with another KEK', () => {
    expect(codeOf(() => openSealedKeys(Buffer.alloc(32, 8), Buffer.from(sealKeys(kek, keys))))).toBe('kek-wrong');
  });

  it.each<[string, (file: Json) => void]>([
    ['another supply group', (f) => (f.keys[0]!['sgc'] = '123457')],
    ['another key revision', (f) => (f.keys[0]!['krn'] = 2)],
    ['another kind', (f) => (f.keys[0]!['kind'] = 'VCDK')],
    ['another base date', (f) => (f.keys[1]!['baseDate'] = 2035)],
    ['a later expiry', (f) => (f.keys[1]!['ken'] = 255)],
    ['another check value', (f) => (f.keys[1]!['kcv'] = '000000')],
    ['a key left out', (f) => f.keys.pop()],
    ['a key doubled', (f) => f.keys.push(f.keys[0]!)],
    ['keys reordered', (f) => f.keys.reverse()],
    [
      'values exchanged',
      (f) => {
        const [a, b] = f.keys as [Record<string, unknown>, Record<string, unknown>];
        [a['sealed'], b['sealed'], a['iv'], b['iv']] = [b['sealed'], a['sealed'], b['iv'], a['iv']];
      },
    ],
    ['another generation', (f) => (f['generation'] = 2)],
    [
      'a key from another file under the same KEK',
      (f) => {
        f.keys[0] = (JSON.parse(sealKeys(kek, keys)) as Json).keys[0]!;
      },
    ],
  ])('with %s are called tampered', (_what, change) => {
    expect(codeOf(() => openSealedKeys(kek, changed(change)))).toBe('key-file-tampered');
  });

  it('hold each key to its attributes even when the list code was made to fit', () => {
    // A second lock behind the first: here the forger can compute the code over the list.
    const list = Buffer.from(hkdfSync('sha256', kek, Buffer.alloc(0), 'vend/keystore/1/list', 32));
    const recoded = (change: (file: Json) => void) =>
      changed((file) => {
        change(file);
        const mac = createHmac('sha256', list).update(
          JSON.stringify(['vend-sealed-keys', 1, file['generation'], file.keys.length]),
        );
        for (const k of file.keys) {
          const bound = ['sgc', 'krn', 'kind', 'dkga', 'baseDate', 'ken', 'kcv'].map((name) => k[name]);
          mac.update(JSON.stringify(['vend-vending-key', 1, ...bound])).update(JSON.stringify([k['iv'], k['sealed']]));
        }
        file['mac'] = mac.digest('hex');
      });
    expect(
      openSealedKeys(
        kek,
        recoded(() => undefined),
      ),
    ).toHaveLength(2);
    expect(
      codeOf(() =>
        openSealedKeys(
          kek,
          recoded((f) => (f.keys[1]!['ken'] = 255)),
        ),
      ),
    ).toBe('key-file-tampered');
    expect(
      codeOf(() =>
        openSealedKeys(
          kek,
          recoded((f) => (f.keys[0]!['sgc'] = '999999')),
        ),
      ),
    ).toBe('key-file-tampered');
  });

  it.each<[string, string]>([
    ['not JSON', 'keys'],
    ['an empty object', '{}'],
    ['an unknown field', JSON.stringify({ ...(JSON.parse(sealKeys(kek, keys)) as object), extra: 1 })],
  ])('%s is malformed', (_what, content) => {
    expect(codeOf(() => openSealedKeys(kek, Buffer.from(content)))).toBe('key-file-malformed');
  });

  it('never open after any one character of sealed values was changed', () => {
    const text = sealKeys(kek, keys);
    const file = JSON.parse(text) as Json;
    const sealed = String(file.keys[0]!['sealed']);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: sealed.length - 2 }),
        fc.constantFrom(...'ABCDEFwxyz0189+/'),
        (at, letter) => {
          fc.pre(sealed[at] !== letter && sealed[at] !== '=');
          const twisted = text.replace(sealed, sealed.slice(0, at) + letter + sealed.slice(at + 1));
          return codeOf(() => openSealedKeys(kek, Buffer.from(twisted))) === 'key-file-tampered';
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each<[string, Partial<(typeof keys)[0]>]>([
    ['even parity', { value: Buffer.from('abababababababaa', 'hex') }],
    ['a short value', { value: Buffer.alloc(7, 1) }],
    ['a key of the other algorithm', { dkga: 4 }],
    ['KRN 0', { krn: 0 }],
    ['KEN 256', { ken: 256 }],
    ['a short supply group', { sgc: '12345' }],
  ])('with %s are not sealed at all', (_what, fault) => {
    expect(codeOf(() => sealKeys(kek, [{ ...keys[0]!, ...fault }]))).toBe('vending-key-invalid');
  });

  it('refuse two keys for one supply group and revision', () => {
    expect(codeOf(() => sealKeys(kek, [keys[0]!, { ...keys[1]!, sgc: '123456' }]))).toBe('vending-key-invalid');
  });
});

describe('check value', () => {
  it('of a DES key is the start of its encrypted zero block', () => {
    // FIPS 81 style known answer: DES under 0101010101010101 of the zero block is 8CA64DE9C1B123A7.
    expect(checkValue(2, Buffer.from('0101010101010101', 'hex'))).toBe('8CA64D');
  });

  it('differs between keys', () => {
    const values = Array.from({ length: 50 }, () => checkValue(4, randomBytes(20)));
    expect(new Set(values).size).toBe(50);
  });
});
