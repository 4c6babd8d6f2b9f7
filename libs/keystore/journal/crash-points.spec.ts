// Proves what a power cut may do: log and results of one group, each cut at any byte or with bytes that never arrived, open again to whole groups alone, and no answer is without its line.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseAuditLine, tellsOfTokens } from './audit-line';
import { ask, digitsFor, issue, JournalWorkshop, linesOf } from './journal-workshop';
import { verifyLog } from './verify-log';

jest.setTimeout(60_000);

const LOG = 'audit/audit-000000000001.log';
const RESULTS = 'results/results-000001.sealed';

const kept = ['kept-1', 'kept-2'];
const last = Array.from({ length: 4 }, (_, i) => `last-${i}`);

let shop: JournalWorkshop;
let work: string;
let before: { log: number; results: number };
let log: Buffer;
let results: Buffer;

beforeAll(async () => {
  shop = new JournalWorkshop();
  work = mkdtempSync(join(tmpdir(), 'journal-cut-'));
  const journal = await shop.open();
  await issue(
    journal,
    kept.map((id) => ask(id)),
  );
  before = { log: at(LOG).length, results: at(RESULTS).length };
  await issue(
    journal,
    last.map((id) => ask(id)),
  );
  // As a killed process leaves them: no closing line.
  log = at(LOG);
  results = at(RESULTS);
  await journal.close();
});

afterAll(() => {
  shop.destroy();
  rmSync(work, { recursive: true, force: true });
});

function at(name: string): Buffer {
  return readFileSync(join(shop.directory, name));
}

/** Opens a copy of the journal with these files and says what is left of the last group. */
async function reopened(logBytes: Buffer, resultBytes: Buffer): Promise<'whole' | 'none'> {
  cpSync(shop.directory, work, { recursive: true, force: true });
  writeFileSync(join(work, LOG), logBytes);
  writeFileSync(join(work, RESULTS), resultBytes);
  const journal = await shop.open({ directory: work });
  for (const id of kept) expect(textOf(journal.lookup('api', id)?.answer)).toBe(digitsFor(ask(id)));
  const found = last.filter((id) => journal.lookup('api', id) !== undefined);
  const told = (await linesOf(journal)).filter(tellsOfTokens).map((line) => parseAuditLine(line)!.requestId);
  // Whole groups: an answer has its line, and a line of a token has its answer.
  expect(told).toEqual([...kept, ...found]);
  // And it goes on: an id that is gone is made again, an id that is there is not.
  expect(
    await issue(
      journal,
      last.map((id) => ask(id)),
    ),
  ).toEqual(last.map((id) => digitsFor(ask(id))));
  await journal.close();
  expect((await verifyLog(work, { publicKeys: [shop.publicKey] })).faults).toEqual([]);
  rmSync(work, { recursive: true });
  expect([0, last.length]).toContain(found.length);
  return found.length > 0 ? 'whole' : 'none';
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

it('keeps a group whose last byte arrived', async () => {
  expect(await reopened(log, results)).toBe('whole');
});

it('drops a group whose lines were cut at any byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: before.log, max: log.length - 1 }), async (end) => {
      expect(await reopened(log.subarray(0, end), results)).toBe('none');
    }),
    { numRuns: 40 },
  );
});

it('drops a group whose results were cut at any byte: then none of its lines was written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: before.results, max: results.length - 1 }), async (end) => {
      expect(await reopened(log.subarray(0, before.log), results.subarray(0, end))).toBe('none');
    }),
    { numRuns: 40 },
  );
});

it('drops what a disk made longer and never filled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: before.log, max: log.length - 1 }), fc.nat(5_000), async (end, zeros) => {
      const torn = Buffer.concat([log.subarray(0, end), Buffer.alloc(zeros)]);
      const tornResults = Buffer.concat([results, Buffer.alloc(zeros)]);
      expect(await reopened(torn, tornResults)).toBe('none');
    }),
    { numRuns: 30 },
  );
});

it('refuses results that are gone although their lines are there: that was no power cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: before.results, max: results.length - 1 }), async (end) => {
      await expect(reopened(log, results.subarray(0, end))).rejects.toMatchObject({ code: 'results-damaged' });
    }),
    { numRuns: 20 },
  );
});
