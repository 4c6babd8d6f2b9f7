// Proves the keystore of a running token server on real files: opening, reloading over new generations and a new KEK, and that a refused file leaves the old keys at work.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IEC_SAMPLE_TABLES } from '@vend/sts';
import { handoverPath, writeHandover } from './kek-handover';
import { createKeyFile, nextGeneration, underAnotherKek, withStanding, writeKeyFile } from './key-file';
import type { SealedKeyFile } from './key-file.format';
import { openKeystore } from './keystore';
import type { Keystore } from './keystore';
import { keystoreAccessOf } from './keystore.settings';
import { publicKeys, refusalCodeOf } from './keystore.fixture';
import type { MeterKey } from './security-module';
import { SoftwareKek } from './software-kek';

const NOW = Date.UTC(2026, 10, 21, 4);
const METER: MeterKey = {
  pan: '600727000000000009',
  ea: '11',
  tct: '02',
  sgc: '201457',
  krn: 1,
  ti: '01',
  kt: 2,
  ken: 200,
  baseDate: 2014,
};
const REQUEST = { subclass: 0, tid: 6_612_482, rnd: 5, amountUnits: 256n } as const;
const master = Buffer.alloc(32, 7);
const kek = new SoftwareKek(master);

let folder: string;
let keyFile: string;
let first: SealedKeyFile;
let keystore: Keystore;

const open = () =>
  openKeystore({
    keyFile,
    kek: { kind: 'software', source: join(folder, 'kek') },
    seenFile: join(folder, 'seen'),
    tables: IEC_SAMPLE_TABLES,
    cacheSize: 10,
  });
const issue = () => keystore.module.issueCredit(METER, REQUEST);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keystore-'));
  keyFile = join(folder, 'keys.json');
  first = await createKeyFile(kek, publicKeys(), NOW);
  writeKeyFile(keyFile, first, 'refuse');
  writeFileSync(join(folder, 'kek'), master.toString('hex'), { mode: 0o600 });
  keystore = await open();
});
afterEach(() => {
  keystore.close();
  rmSync(folder, { recursive: true });
});

const retired = async (file: SealedKeyFile) => {
  const key = await withStanding(kek, file.set, file.keys[1]!, { state: 'retired' });
  return nextGeneration(kek, file, { keys: [file.keys[0]!, key] }, NOW);
};

it('opens module and service keys, and finds nothing new in the same file', async () => {
  expect((await issue()).digits).toMatch(/^\d{20}$/);
  expect(keystore.serviceKeys.resultsKey).toHaveLength(32);
  expect(await keystore.reload()).toEqual({ generation: 1, changed: false });
});

it('follows a new generation through the same module object; what was begun before ends well', async () => {
  const before = issue();
  writeKeyFile(keyFile, await retired(first), 'replace');
  const [, reload] = await Promise.all([before, keystore.reload()]);
  expect(reload).toEqual({ generation: 2, changed: true });
  expect(await refusalCodeOf(issue)).toBe('key-not-active');
  expect(keystore.serviceKeys.resultsKey.some((byte) => byte !== 0)).toBe(true);
});

it('follows a new KEK over the handover, twice, with the same service keys', async () => {
  const { digits } = await issue();
  const resultsKey = Buffer.from(keystore.serviceKeys.resultsKey);
  let [from, file] = [kek, first];
  for (const fill of [8, 9]) {
    const next = Buffer.alloc(32, fill);
    const to = new SoftwareKek(next);
    file = await underAnotherKek(from, to, file, NOW);
    await writeHandover(keyFile, from, to, next);
    writeKeyFile(keyFile, file, 'replace');
    expect(await keystore.reload()).toMatchObject({ changed: true });
    expect((await issue()).digits).toBe(digits);
    from = to;
  }
  expect(keystore.serviceKeys.resultsKey).toEqual(resultsKey);
  expect(await refusalCodeOf(open)).toBe('kek-wrong');
});

it.each<[string, string, (rotated: SealedKeyFile) => void]>([
  ['none', 'kek-wrong', () => rmSync(handoverPath(keyFile))],
  ['a changed', 'kek-handover-unusable', () => change(handoverPath(keyFile), /"sealed":"..../, '"sealed":"AAAA')],
  ['a malformed', 'kek-handover-unusable', () => writeFileSync(handoverPath(keyFile), '{')],
  ['another', 'kek-handover-unusable', () => change(handoverPath(keyFile), /"to":"..../, '"to":"0000')],
])('stays with its keys when there is %s handover to the new KEK: %s', async (_what, code, spoil) => {
  const next = Buffer.alloc(32, 8);
  const rotated = await underAnotherKek(kek, new SoftwareKek(next), first, NOW);
  await writeHandover(keyFile, kek, new SoftwareKek(next), next);
  writeKeyFile(keyFile, rotated, 'replace');
  spoil(rotated);
  expect(await refusalCodeOf(() => keystore.reload())).toBe(code);
  expect((await issue()).digits).toMatch(/^\d{20}$/);
  expect(keystore.generation).toBe(1);
});

function change(path: string, from: RegExp, to: string): void {
  const changed = readFileSync(path, 'utf8').replace(from, to);
  writeFileSync(path, changed);
}

it('stays with its keys when the file is older, changed under an honest seal, or gone, and recovers', async () => {
  copyFileSync(keyFile, join(folder, 'old'));
  const second = await retired(first);
  writeKeyFile(keyFile, second, 'replace');
  await keystore.reload();
  const tries: [string, () => void][] = [
    ['key-file-rolled-back', () => copyFileSync(join(folder, 'old'), keyFile)],
    ['key-file-tampered', () => writeKeyFile(keyFile, { ...second, keys: first.keys }, 'replace')],
    ['key-file-unreadable', () => rmSync(keyFile)],
  ];
  for (const [code, spoil] of tries) {
    spoil();
    expect(await refusalCodeOf(() => keystore.reload())).toBe(code);
    expect(await refusalCodeOf(issue)).toBe('key-not-active');
  }
  writeKeyFile(keyFile, second, 'replace');
  expect(await keystore.reload()).toEqual({ generation: 2, changed: false });
});

it('does not count a generation as used that it could not open', async () => {
  const twisted = { ...first.keys[1]!, ken: 201 };
  const broken = await nextGeneration(kek, first, { keys: [first.keys[0]!, twisted] }, NOW);
  writeKeyFile(keyFile, broken, 'replace');
  expect(await refusalCodeOf(() => keystore.reload())).toBe('key-file-tampered');
  writeKeyFile(keyFile, first, 'replace');
  expect((await open()).generation).toBe(1);
});

it('obeys signals one after another', async () => {
  writeKeyFile(keyFile, await retired(first), 'replace');
  const all = await Promise.all([keystore.reload(), keystore.reload(), keystore.reload()]);
  expect(all.map(({ changed }) => changed)).toEqual([true, false, false]);
});

it('does nothing more once closed, also when a reload was under way', async () => {
  writeKeyFile(keyFile, await nextGeneration(kek, first, {}, NOW), 'replace');
  const reload = keystore.reload();
  keystore.close();
  await reload.catch(() => undefined);
  expect(await refusalCodeOf(issue)).toBe('module-closed');
});

describe('settings', () => {
  const software = { KEY_FILE: '/k', KEY_MODULE: 'software' } as const;

  it('say where keys and KEK are', () => {
    expect(keystoreAccessOf({ ...software, KEK_FILE: 'fd:3' })).toEqual({
      keyFile: '/k',
      seenFile: '/k.seen',
      kek: { kind: 'software', source: 'fd:3' },
    });
    const token = { PKCS11_LIBRARY: '/l', PKCS11_TOKEN: 't', PKCS11_PIN_FILE: 'fd:4', KEY_SEEN_FILE: '/s' };
    expect(keystoreAccessOf({ KEY_FILE: '/k', KEY_MODULE: 'pkcs11', ...token })).toEqual({
      keyFile: '/k',
      seenFile: '/s',
      kek: { kind: 'pkcs11', library: '/l', tokenLabel: 't', pinSource: 'fd:4' },
    });
  });

  it('name everything that is missing together', () => {
    expect(keystoreAccessOf(software)).toEqual({ faults: ['KEK_FILE: needed with KEY_MODULE=software'] });
    expect(keystoreAccessOf({ KEY_FILE: '/k', KEY_MODULE: 'pkcs11' })).toMatchObject({
      faults: expect.arrayContaining([expect.stringContaining('PKCS11_TOKEN')]),
    });
  });
});
