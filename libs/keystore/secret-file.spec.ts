// Proves who may read what, on real files and descriptors: KEK, shares and secret files are refused by name when they are open to others, malformed or gone.
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
import { splitKek } from './custodian-shares';
import { readKek } from './kek';
import { refusalCodeOf } from './keystore.fixture';
import { writeSecretFile } from './secret-file';

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

describe('the key-encryption key', () => {
  it.each(['', '\n', '\r\n', ' '])('is read from 64 digits and line end %j', async (end) => {
    expect((await readKek(fileOf('kek', kekHex + end))).toString('hex')).toBe(kekHex.toLowerCase());
  });

  it('is brought back from shares, one a line, in any order', async () => {
    const lines = await splitKek(Buffer.from(kekHex, 'hex'), { shares: 3, threshold: 2 });
    const shares = `${lines[2]}\r\n\n${lines[0]}`;
    expect((await readKek(fileOf('shares', shares))).toString('hex')).toBe(kekHex.toLowerCase());
    expect(await refusalCodeOf(() => readKek(fileOf('one', lines[1]!)))).toBe('kek-shares-too-few');
  });

  it('is read from an inherited descriptor', async () => {
    const fd = openSync(fileOf('kek', kekHex), 'r');
    expect(fd).toBeGreaterThan(2);
    expect((await readKek(`fd:${fd}`)).toString('hex')).toBe(kekHex.toLowerCase());
    // The descriptor is used up: nothing later in the process can read the key again.
    expect(() => closeSync(fd)).toThrow('EBADF');
  });

  it.each([0o640, 0o604, 0o620, 0o666])('is refused at mode %o', async (mode) => {
    expect(await refusalCodeOf(() => readKek(fileOf('kek', kekHex, mode)))).toBe('kek-permissive');
  });

  it.each([kekHex.slice(1), `${kekHex}0`, kekHex.replace('f', 'g'), ''])('is refused as %j', async (text) => {
    expect(await refusalCodeOf(() => readKek(fileOf('kek', text)))).toBe('kek-malformed');
  });

  it.each(['/nowhere/kek', 'fd:0', 'fd:2', 'fd:9999', tmpdir(), '/dev/zero'])(
    'is unreadable from %s',
    async (source) => {
      expect(await refusalCodeOf(() => readKek(source))).toBe('kek-unreadable');
    },
  );
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

  it('is not stopped by the draft of a process that was killed', () => {
    const path = join(folder, 'secret');
    writeFileSync(`${path}.${process.pid}.new`, 'half');
    writeSecretFile(path, 'whole', 'refuse');
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });
});
