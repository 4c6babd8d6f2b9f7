// Proves that a sealed key file opens with its KEK and no other, and that every change of it is refused by name.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  createKeyFile,
  nextGeneration,
  openVendingKeys,
  readKeyFile,
  sealVendingKey,
  underAnotherKek,
  verifyKeyFile,
  withStanding,
  writeKeyFile,
} from './key-file';
import type { NewVendingKey } from './key-file';
import { attributesOf, fingerprintOf, parseKeyFile, renderKeyFile, statementOf } from './key-file.format';
import type { SealedKeyFile } from './key-file.format';
import { DES_KEY, HMAC_KEY, publicKeys, refusalCodeOf } from './keystore.fixture';
import { openServiceKeys } from './service-keys';
import { SoftwareKek } from './software-kek';
import { openVersion1 } from './key-file.v1';
import { checkValue } from './vending-key';

const master = Buffer.alloc(32, 7);
const kek = new SoftwareKek(master);
const NOW = Date.UTC(2026, 10, 21, 4);
let file: SealedKeyFile;

beforeAll(async () => {
  file = await createKeyFile(kek, publicKeys(), NOW);
});

type Mutable<T> = { -readonly [Name in keyof T]: Mutable<T[Name]> };
function changed(change: (copy: Mutable<SealedKeyFile>) => unknown): SealedKeyFile {
  const copy = structuredClone(file) as Mutable<SealedKeyFile>;
  change(copy);
  return parseKeyFile(Buffer.from(JSON.stringify(copy)));
}

describe('a key file', () => {
  it('gives its keys back as they went in, with their check values', async () => {
    await verifyKeyFile(kek, file);
    const opened = await openVendingKeys(kek, file);
    expect(opened.map(({ kcv: _kcv, ...key }) => key)).toEqual(publicKeys());
    expect(opened.map(({ kcv }) => kcv)).toEqual([
      checkValue(2, Buffer.from(DES_KEY, 'hex')),
      checkValue(4, Buffer.from(HMAC_KEY, 'hex')),
    ]);
  });

  it('shows no value, in whatever spelling', async () => {
    const text = renderKeyFile(file);
    const { resultsKey, generationKey, auditSigningKey } = await openServiceKeys(kek, file);
    const seed = Buffer.from((auditSigningKey.export({ format: 'jwk' }) as { d: string }).d, 'base64url');
    const values = [master, Buffer.from(DES_KEY, 'hex'), Buffer.from(HMAC_KEY, 'hex'), resultsKey, generationKey, seed];
    for (const secret of values) {
      for (const spelling of ['hex', 'base64', 'base64url'] as const)
        expect(text).not.toContain(secret.toString(spelling));
    }
  });

  it('seals the same keys differently each time', async () => {
    const again = await createKeyFile(kek, publicKeys(), NOW);
    expect(again.keys[0]!.value).not.toBe(file.keys[0]!.value);
    expect(again.set).not.toBe(file.set);
  });

  it('does not open with another KEK', async () => {
    const other = new SoftwareKek(Buffer.alloc(32, 8));
    expect(await refusalCodeOf(() => verifyKeyFile(other, file))).toBe('kek-wrong');
    expect(await refusalCodeOf(() => verifyKeyFile(other, { ...file, kek: other.id }))).toBe('key-file-tampered');
  });
});

type Change = (copy: Mutable<SealedKeyFile>) => unknown;
const CHANGES: readonly [string, Change][] = [
  ['another supply group', (f) => (f.keys[0]!.sgc = '123457')],
  ['another key revision', (f) => (f.keys[0]!.krn = 2)],
  ['another kind', (f) => (f.keys[0]!.kind = 'VCDK')],
  ['another base date', (f) => (f.keys[1]!.baseDate = 2035)],
  ['a later expiry', (f) => (f.keys[1]!.ken = 255)],
  ['another state', (f) => (f.keys[1]!.state = 'retired')],
  ['another last day', (f) => (f.keys[1]!.issuedUntil = '2099-12-31')],
  ['another check value', (f) => (f.keys[1]!.kcv = '000000')],
  ['a key left out', (f) => f.keys.pop()],
  ['a key doubled', (f) => f.keys.push(f.keys[0]!)],
  ['keys reordered', (f) => f.keys.reverse()],
  ['values exchanged', (f) => ([f.keys[0]!.value, f.keys[1]!.value] = [f.keys[1]!.value, f.keys[0]!.value])],
  ['another generation', (f) => (f.generation = 2)],
  ['another pedigree', (f) => f.lineage.push('0'.repeat(32))],
  ['another name', (f) => (f.set = '0'.repeat(32))],
  ['another time', (f) => (f.changedAt = 'yesterday')],
  ['a service key left out', (f) => f.services.pop()],
  ['another public key', (f) => (f.services[1]!.publicKey = f.services[2]!.publicKey)],
];

describe('a changed key file', () => {
  it.each(CHANGES)('with %s is called tampered', async (_what, change) => {
    expect(await refusalCodeOf(() => verifyKeyFile(kek, changed(change)))).toBe('key-file-tampered');
  });

  it('with a key from another file under the same KEK is called tampered, even with a fresh seal', async () => {
    const other = await createKeyFile(kek, publicKeys(), NOW);
    const grafted = changed((f) => (f.keys[0] = other.keys[0]!));
    expect(await refusalCodeOf(() => verifyKeyFile(kek, grafted))).toBe('key-file-tampered');
    const resealed = await nextGeneration(kek, file, { keys: grafted.keys }, NOW);
    expect(await refusalCodeOf(() => openVendingKeys(kek, resealed))).toBe('key-file-tampered');
  });

  it('holds each key to its attributes even when the seal over all was made to fit', async () => {
    for (const change of [{ ken: 255 }, { state: 'active' as const, sgc: '999999' }, { issuedUntil: '2031-01-01' }]) {
      const keys = [file.keys[0]!, { ...file.keys[1]!, ...change }];
      const forged = await nextGeneration(kek, file, { keys }, NOW);
      await verifyKeyFile(kek, forged);
      expect(await refusalCodeOf(() => openVendingKeys(kek, forged))).toBe('key-file-tampered');
    }
  });

  it('never opens after any one character of a sealed value was changed', async () => {
    const sealed = file.keys[0]!.value;
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 3), fc.constantFrom(...'ABCDEFwxyz0189+/'), async (at, letter) => {
        fc.pre(sealed[at] !== letter);
        const twisted = changed((f) => (f.keys[0]!.value = sealed.slice(0, at) + letter + sealed.slice(at + 1)));
        expect(await refusalCodeOf(() => verifyKeyFile(kek, twisted))).toBe('key-file-tampered');
        expect(await refusalCodeOf(() => openVendingKeys(kek, twisted))).toBe('key-file-tampered');
      }),
      { numRuns: 100 },
    );
  });

  it.each<[string, () => string]>([
    ['not JSON', () => 'keys'],
    ['an empty object', () => '{}'],
    ['a file with an unknown field', () => JSON.stringify({ ...file, extra: 1 })],
    ['a file without a seal', () => JSON.stringify({ ...file, seal: undefined })],
  ])('%s is malformed', async (_what, content) => {
    expect(await refusalCodeOf(() => parseKeyFile(Buffer.from(content())))).toBe('key-file-malformed');
  });

  it('binds every field that stands in it', () => {
    // A field added to the form and forgotten in the seal would be free for anyone to change.
    const { seal: _seal, format: _format, version: _version, keys, services, ...rest } = file;
    const bound = new Set<string>();
    const base = statementOf(file).toString('hex');
    for (const name of Object.keys(rest)) {
      if (statementOf({ ...file, [name]: 'other' }).toString('hex') !== base) bound.add(name);
    }
    expect([...bound]).toEqual(Object.keys(rest));
    const { method: _method, value: _value, ...attributes } = keys[0]!;
    expect(attributesOf(keys[0]!)).toEqual(Object.values(attributes));
    expect(Object.keys(services[0]!)).toEqual(['name', 'publicKey', 'value']);
  });
});

describe('sealing', () => {
  it.each<[string, Partial<NewVendingKey>]>([
    ['even parity', { value: Buffer.from('abababababababaa', 'hex') }],
    ['a short value', { value: Buffer.alloc(7, 1) }],
    ['the other algorithm', { dkga: 4 }],
    ['KRN 0', { krn: 0 }],
    ['KEN 256', { ken: 256 }],
    ['a short supply group', { sgc: '12345' }],
    ['a day that does not exist', { issuedUntil: '2026-02-30' }],
  ])('refuses a key with %s', async (_what, fault) => {
    const sealing = sealVendingKey(kek, file.set, { ...publicKeys()[0]!, ...fault });
    expect(await refusalCodeOf(() => sealing)).toBe('vending-key-invalid');
  });

  it('refuses two keys for one supply group and revision', async () => {
    const [first, second] = publicKeys();
    const making = createKeyFile(kek, [first!, { ...second!, sgc: '123456' }], NOW);
    expect(await refusalCodeOf(() => making)).toBe('vending-key-invalid');
  });
});

describe('the next generation', () => {
  it('names those before it, and keeps what was not changed', async () => {
    const second = await nextGeneration(kek, file, {}, NOW);
    const third = await nextGeneration(kek, second, { keys: [second.keys[0]!] }, NOW);
    expect(third.generation).toBe(3);
    expect(third.lineage).toEqual([fingerprintOf(file), fingerprintOf(second)]);
    await verifyKeyFile(kek, third);
    expect(await openVendingKeys(kek, third)).toHaveLength(1);
    expect(third.services).toEqual(file.services);
  });

  it('carries a key in another state, and the file with it', async () => {
    const retired = await withStanding(kek, file.set, file.keys[1]!, { state: 'retired', issuedUntil: '2026-12-31' });
    const next = await nextGeneration(kek, file, { keys: [retired] }, NOW);
    await verifyKeyFile(kek, next);
    const [key] = await openVendingKeys(kek, next);
    expect(key).toMatchObject({ state: 'retired', issuedUntil: '2026-12-31', value: Buffer.from(HMAC_KEY, 'hex') });
  });

  it('moves to another KEK whole: same keys, same service keys, opened by the new one alone', async () => {
    const other = new SoftwareKek(Buffer.alloc(32, 9));
    const moved = await underAnotherKek(kek, other, file, NOW);
    expect(await refusalCodeOf(() => verifyKeyFile(kek, moved))).toBe('kek-wrong');
    await verifyKeyFile(other, moved);
    expect((await openVendingKeys(other, moved)).map(({ value }) => value.toString('hex'))).toEqual([
      DES_KEY,
      HMAC_KEY,
    ]);
    const [before, after] = [await openServiceKeys(kek, file), await openServiceKeys(other, moved)];
    expect(after.resultsKey).toEqual(before.resultsKey);
    expect(after.auditSigningKey.equals(before.auditSigningKey)).toBe(true);
    expect(moved.generation).toBe(2);
  });
});

describe('on disk', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'key-file-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read back as it was written, and refused when others may read it or it is gone', async () => {
    const path = join(folder, 'keys.json');
    writeKeyFile(path, file, 'refuse');
    expect(readKeyFile(path)).toEqual(file);
    chmodSync(path, 0o640);
    expect(await refusalCodeOf(() => readKeyFile(path))).toBe('key-file-permissive');
    expect(await refusalCodeOf(() => readKeyFile(join(folder, 'gone')))).toBe('key-file-unreadable');
  });

  it('is called outdated in its first version, whose keys still open', async () => {
    const path = join(folder, 'keys.json');
    writeFileSync(path, VERSION_1, { mode: 0o600 });
    expect(await refusalCodeOf(() => readKeyFile(path))).toBe('key-file-outdated');
    const opened = openVersion1(master, Buffer.from(VERSION_1));
    expect(opened.map(({ kcv: _kcv, ...key }) => key)).toEqual(publicKeys());
    expect(await refusalCodeOf(() => openVersion1(Buffer.alloc(32, 8), Buffer.from(VERSION_1)))).toBe('kek-wrong');
    const twisted = VERSION_1.replace('"ken":200', '"ken":255');
    expect(await refusalCodeOf(() => openVersion1(master, Buffer.from(twisted)))).toBe('key-file-tampered');
  });
});

describe('check value', () => {
  it('of a DES key is the start of its encrypted zero block', () => {
    // FIPS 81 style known answer: DES under 0101010101010101 of the zero block is 8CA64DE9C1B123A7.
    expect(checkValue(2, Buffer.from('0101010101010101', 'hex'))).toBe('8CA64D');
  });
});

/** Written by the first release under the KEK 07…07. */
const VERSION_1 =
  '{"format":"vend-sealed-keys","version":1,"generation":3,"kekCheck":"cb7da59dd0b3b53a","keys":[{"sgc":"123456",' +
  '"krn":1,"kind":"VUDK","dkga":2,"baseDate":2014,"ken":255,"kcv":"C33F45","iv":"jAs1lnFKYXi5zjoy","sealed":' +
  '"qPsuShOuoyJUxa/M73qSbu8qdFoRaz/M"},{"sgc":"201457","krn":1,"kind":"VUDK","dkga":4,"baseDate":2014,"ken":200,' +
  '"kcv":"0F353D","iv":"5GT/g/9Hp1oslPIM","sealed":"6pJBpuMWtPObsmDRGEK9Cr3IRUYgRrQ7MqSIbAa1rLrWHVEe"}],' +
  '"mac":"6407d6f60e9a9d13ea2dc3f6cc3f45eeab0532bdfd560a3945627889380f5288"}';
