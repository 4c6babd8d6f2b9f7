// Proves that a key file brought back from the past is refused, whatever was done to it, and that its successors are not.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@vend/kernel';
import { admitGeneration, rememberGeneration } from './generation-record';
import { createKeyFile, nextGeneration } from './key-file';
import type { SealedKeyFile } from './key-file.format';
import { publicKeys, refusalCodeOf } from './keystore.fixture';
import { openServiceKeys } from './service-keys';
import { SoftwareKek } from './software-kek';

const kek = new SoftwareKek(Buffer.alloc(32, 7));
const NOW = Date.UTC(2026, 10, 21, 4);
let folder: string;
let path: string;
let key: Buffer;
/** Generations 1 to 6 of one key file. */
let life: SealedKeyFile[];

beforeAll(async () => {
  life = [await createKeyFile(kek, publicKeys(), NOW)];
  key = (await openServiceKeys(kek, life[0]!)).generationKey;
  while (life.length < 6) life.push(await nextGeneration(kek, life.at(-1)!, {}, NOW));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'generation-'));
  path = join(folder, 'seen');
});
afterEach(() => rmSync(folder, { recursive: true }));

const admit = (file: SealedKeyFile) => () => admitGeneration(path, key, file);
async function factsOf(run: () => unknown): Promise<object> {
  try {
    run();
  } catch (error) {
    return (error as DomainError).facts;
  }
  return {};
}

it('admits a new file, the same again, and each successor, also when some were never seen', () => {
  for (const generation of [1, 1, 2, 5, 5, 6]) admit(life[generation - 1]!)();
});

it('refuses every older generation', async () => {
  admit(life[0]!)();
  admit(life[4]!)();
  for (const old of life.slice(0, 4)) {
    expect(await refusalCodeOf(admit(old))).toBe('key-file-rolled-back');
    const facts = { reason: 'older', generation: old.generation, known: 5 };
    expect(await factsOf(admit(old))).toEqual(facts);
  }
  admit(life[5]!)();
});

it('refuses an old file that was changed until its number was high enough', async () => {
  admit(life[0]!)();
  admit(life[3]!)();
  let forked = life[1]!;
  while (forked.generation < 6) {
    forked = await nextGeneration(kek, forked, { keys: [forked.keys[0]!] }, NOW + 1);
    if (forked.generation >= 4) expect(await factsOf(admit(forked))).toMatchObject({ reason: 'forked' });
  }
});

it('refuses another key file, and says so', async () => {
  admit(life[0]!)();
  const other = await createKeyFile(kek, publicKeys(), NOW);
  expect(await factsOf(admit(other))).toMatchObject({ reason: 'another-key-file' });
});

it('refuses a file that is not new where no record is: the record was removed, or the machine is another', async () => {
  expect(await refusalCodeOf(admit(life[2]!))).toBe('key-generation-unknown');
  expect(existsSync(path)).toBe(false);
});

it('takes what two people accepted, and what follows from it, and still nothing older', async () => {
  admit(life[0]!)();
  admit(life[5]!)();
  rememberGeneration(path, key, life[2]!);
  admit(life[2]!)();
  expect(await refusalCodeOf(admit(life[1]!))).toBe('key-file-rolled-back');
});

/** Other digits than these, whichever they are. */
const otherHex = (hex: string) => hex.replace(/./g, (digit) => (digit === '0' ? '1' : '0'));

it.each<[string, (text: string) => string]>([
  ['a lower generation', (text) => text.replace('"generation":5', '"generation":1')],
  ['another fingerprint', (text) => text.replace(/(?<="fingerprint":").{8}/, otherHex)],
  ['another code', (text) => text.replace(/(?<="mac":").{8}/, otherHex)],
  ['nothing', () => ''],
  ['another form', (text) => text.replace('}', ',"x":1}')],
])('refuses to start from a record with %s', async (_what, change) => {
  admit(life[0]!)();
  admit(life[4]!)();
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  expect(await refusalCodeOf(admit(life[4]!))).toBe('key-generation-tampered');
});

it('refuses a record that others may write', async () => {
  admit(life[0]!)();
  chmodSync(path, 0o666);
  expect(await refusalCodeOf(admit(life[0]!))).toBe('key-generation-tampered');
});
