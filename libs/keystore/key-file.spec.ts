// Proves who may read what: KEK and key file are refused by name when they are open to others, malformed or gone; real files and descriptors.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@vend/kernel';
import { readKek } from './kek';
import { openKeyFile, writeSecretFile } from './key-file';
import { sealKeys } from './sealed-keys';

const kekHex = '0123456789abcdefFEDCBA98765432100123456789abcdef0123456789abcdef';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keystore-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'no refusal';
}

describe('the key-encryption key', () => {
  it.each(['', '\n', '\r\n'])('is read from 64 digits and line end %j', (end) => {
    expect(readKek(fileOf('kek', kekHex + end)).toString('hex')).toBe(kekHex.toLowerCase());
  });

  it('is read from an inherited descriptor', () => {
    const fd = openSync(fileOf('kek', kekHex), 'r');
    expect(fd).toBeGreaterThan(2);
    expect(readKek(`fd:${fd}`).toString('hex')).toBe(kekHex.toLowerCase());
    // The descriptor is used up: nothing later in the process can read the key again.
    expect(() => closeSync(fd)).toThrow('EBADF');
  });

  it.each([0o640, 0o604, 0o620, 0o666])('is refused at mode %o', (mode) => {
    expect(codeOf(() => readKek(fileOf('kek', kekHex, mode)))).toBe('kek-permissive');
  });

  it.each([kekHex.slice(1), `${kekHex}0`, kekHex.replace('f', 'g'), '', `${kekHex} `])('is refused as %j', (text) => {
    expect(codeOf(() => readKek(fileOf('kek', text)))).toBe('kek-malformed');
  });

  it.each(['/nowhere/kek', 'fd:0', 'fd:2', 'fd:9999', tmpdir(), '/dev/zero'])('is unreadable from %s', (source) => {
    expect(codeOf(() => readKek(source))).toBe('kek-unreadable');
  });
});

describe('the key file', () => {
  const sealed = sealKeys(Buffer.from(kekHex, 'hex'), [
    { sgc: '123456', krn: 1, kind: 'VUDK', dkga: 4, baseDate: 2014, ken: 255, value: Buffer.alloc(20, 3) },
  ]);

  it('opens with its KEK', () => {
    const [key] = openKeyFile(fileOf('keys', sealed), fileOf('kek', kekHex));
    expect(key!.value).toEqual(Buffer.alloc(20, 3));
  });

  it('is refused when others may read it, and when it is gone', () => {
    const kek = fileOf('kek', kekHex);
    expect(codeOf(() => openKeyFile(fileOf('keys', sealed, 0o644), kek))).toBe('key-file-permissive');
    expect(codeOf(() => openKeyFile(join(folder, 'gone'), kek))).toBe('key-file-unreadable');
  });
});

describe('writing a secret', () => {
  it('makes it readable by its owner only and leaves no draft', () => {
    const path = join(folder, 'secret');
    writeSecretFile(path, 'one', 'refuse');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['secret']);
  });

  it('replaces only when told to', () => {
    const path = join(folder, 'secret');
    writeSecretFile(path, 'one', 'refuse');
    expect(() => writeSecretFile(path, 'two', 'refuse')).toThrow('EEXIST');
    expect(readFileSync(path, 'utf8')).toBe('one');
    writeSecretFile(path, 'two', 'replace');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(existsSync(`${path}.${process.pid}.new`)).toBe(false);
  });
});
