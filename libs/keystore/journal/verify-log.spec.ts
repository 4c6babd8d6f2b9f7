// Proves that no change to the log passes: bytes flipped, lines deleted, swapped, cut off, an old copy put back, the chain reckoned anew; fast-check chooses where, verifyLog names the line.
import { generateKeyPairSync, hash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { chainOf } from './audit-line';
import { listSegments } from './audit-segments';
import type { AuditCheckpoint } from './checkpoint';
import { checkpointOf } from './checkpoint';
import { readCheckpoints } from './checkpoint-copies';
import { ask, issue, JournalWorkshop, linesOf } from './journal-workshop';
import { verifyLog } from './verify-log';
import type { LogReport } from './verify-log';

jest.setTimeout(60_000);

const RUNS = { numRuns: 60 };

let shop: JournalWorkshop;
let oldCopy: string;
/** All lines, and the files they lie in. */
let lines: string[];
let files: { path: string; count: number }[];
let checkpoints: AuditCheckpoint[];

beforeAll(async () => {
  shop = new JournalWorkshop();
  oldCopy = mkdtempSync(join(tmpdir(), 'journal-old-'));
  const change = { checkpointDirectory: shop.elsewhere, checkpointEveryLines: 9, segmentBytes: 6_000 };
  for (const half of [0, 1]) {
    const journal = await shop.open(change);
    for (let i = 0; i < 20; i += 1) await issue(journal, [ask(`r-${half}-${i}`)]);
    if (half === 1) lines = await linesOf(journal);
    await journal.close();
    if (half === 0) cpSync(shop.directory, oldCopy, { recursive: true });
  }
  lines = [];
  files = [];
  for (const { path } of await listSegments(shop.directory)) {
    const held = readFileSync(path, 'latin1').split('\n').slice(0, -1);
    lines.push(...held);
    files.push({ path, count: held.length });
  }
  checkpoints = await readCheckpoints(shop.elsewhere);
});

afterAll(() => {
  shop.destroy();
  rmSync(oldCopy, { recursive: true });
});

afterEach(() => put(lines));

/** Puts lines into the files, as many into each as were there; the last takes what is left. */
function put(changed: readonly string[]): void {
  let from = 0;
  for (const [i, { path, count }] of files.entries()) {
    const held = changed.slice(from, i === files.length - 1 ? undefined : from + count);
    writeFileSync(path, held.map((line) => `${line}\n`).join(''), 'latin1');
    from += count;
  }
}

function check(options: { checkpoints?: AuditCheckpoint[] } = {}): Promise<LogReport> {
  return verifyLog(shop.directory, { publicKeys: [shop.publicKey], checkpoints, ...options });
}

/** The lines again with hashes that fit, as somebody would write them who has no signing key. */
function rechained(from: readonly string[]): string[] {
  let previous = '0'.repeat(64);
  return from.map((line, i) => {
    const body = line
      .slice(0, line.lastIndexOf(',"prev":"'))
      .replace(/^\{"n":\d+/, `{"n":${i + 1}`)
      .concat(`,"prev":"${previous}"`);
    previous = hash('sha256', body, 'hex');
    return `${body},"hash":"${previous}"}`;
  });
}

const anyLine = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: lines.length });

it('finds nothing in a log that nobody touched', async () => {
  expect(files.length).toBeGreaterThan(3);
  expect(checkpoints.length).toBeGreaterThan(5);
  const report = await check();
  expect(report.faults).toEqual([]);
  expect(report).toMatchObject({ lines: lines.length, signedLines: lines.length - 1, compared: checkpoints.length });
  expect(report.head).toBe(chainOf(lines.at(-1)!)!.hash);
});

it('names the line of which a bit was flipped', async () => {
  await fc.assert(
    fc.asyncProperty(anyLine(), fc.nat(), fc.integer({ min: 0, max: 7 }), async (number, at, bit) => {
      const bytes = Buffer.from(lines[number - 1]!, 'latin1');
      bytes[at % bytes.length]! ^= 1 << bit;
      put(lines.with(number - 1, bytes.toString('latin1')));
      const { faults } = await check();
      expect(faults[0]).toMatchObject({ line: number, fault: 'changed' });
    }),
    RUNS,
  );
});

it('names the lines that were deleted', async () => {
  await fc.assert(
    fc.asyncProperty(anyLine(), fc.integer({ min: 1, max: 5 }), async (number, count) => {
      put(lines.toSpliced(number - 1, count));
      const { faults } = await check();
      const atEnd = number - 1 + count >= lines.length;
      expect(faults[0]).toMatchObject({ line: number, fault: atEnd ? 'truncated' : 'missing' });
    }),
    RUNS,
  );
});

it('names a line that stands in another place', async () => {
  await fc.assert(
    fc.asyncProperty(anyLine(), anyLine(), async (one, other) => {
      fc.pre(one !== other);
      put(lines.with(one - 1, lines[other - 1]!).with(other - 1, lines[one - 1]!));
      const { faults } = await check();
      expect(faults.some(({ fault }) => fault === 'reordered')).toBe(true);
      expect(faults.some(({ line }) => line === Math.min(one, other) || line === Math.max(one, other))).toBe(true);
    }),
    RUNS,
  );
});

it('finds a log that ends too early, wherever it is cut, and only by what is kept elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: lines.length - 1 }), async (kept) => {
      put(lines.slice(0, kept));
      expect((await check()).faults).toMatchObject([{ line: kept + 1, fault: 'truncated' }]);
      // Without the checkpoints the rest of the log is a good log: this is what they are kept for.
      expect((await check({ checkpoints: [] })).faults).toEqual([]);
    }),
    RUNS,
  );
});

it('finds an old copy that was put back', async () => {
  const report = await verifyLog(oldCopy, { publicKeys: [shop.publicKey], checkpoints });
  expect(report.faults).toMatchObject([{ line: report.lines + 1, fault: 'truncated' }]);
});

it('finds a line changed by somebody who reckons the whole chain anew', async () => {
  expect(rechained(lines)).toEqual(lines);
  await fc.assert(
    fc.asyncProperty(anyLine(), async (number) => {
      const original = lines[number - 1]!;
      fc.pre(original.includes('"units":"256"'));
      put(rechained(lines.with(number - 1, original.replace('"units":"256"', '"units":"999"'))));
      const next = checkpoints.find((one) => one.number >= number)!;
      // By the signature in the log, and by the checkpoint elsewhere even if all signatures are taken out.
      expect((await check({ checkpoints: [] })).faults[0]).toMatchObject({
        line: next.number + 1,
        fault: 'checkpoint-invalid',
      });
      expect((await check()).faults[0]).toMatchObject({ line: next.number, fault: 'changed' });
    }),
    RUNS,
  );
  put(rechained(lines.filter((line) => checkpointOf(line) === undefined)));
  expect((await check({ checkpoints: [] })).signedLines).toBe(0);
  expect((await check()).faults.length).toBeGreaterThan(0);
});

it('believes no checkpoint of another key or of another log', async () => {
  const stranger = generateKeyPairSync('ed25519').publicKey;
  const { faults } = await verifyLog(shop.directory, { publicKeys: [stranger], checkpoints });
  expect(new Set(faults.map(({ fault }) => fault))).toEqual(new Set(['checkpoint-invalid']));
  const foreign = checkpoints.map((one) => ({ ...one, log: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }));
  expect((await check({ checkpoints: foreign })).faults).toMatchObject([{ fault: 'other-log' }]);
  const moved = checkpoints.map((one) => ({ ...one, number: one.number + 1, hash: chainOf(lines[one.number]!)!.hash }));
  expect((await check({ checkpoints: moved.slice(0, 1) })).faults).toMatchObject([{ fault: 'checkpoint-invalid' }]);
});
