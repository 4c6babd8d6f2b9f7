// Proves what is on the disk before an answer leaves, by watching the file system's own calls: answers, flush, lines, flush; and what a failing flush does.
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, digitsFor, issue, JournalWorkshop } from './journal-workshop';
import { verifyLog } from './verify-log';

type Call = (this: FileHandle, ...args: unknown[]) => Promise<unknown>;

let shop: JournalWorkshop;
/** All file handles of Node are made of this. */
let handles: { write: Call; datasync: Call };
let calls: string[];
const failures: { code: string; at: number }[] = [];

beforeAll(async () => {
  const handle = await open(__filename);
  handles = Object.getPrototypeOf(handle) as typeof handles;
  await handle.close();
});

beforeEach(() => {
  shop = new JournalWorkshop();
  calls = [];
  failures.length = 0;
  for (const name of ['write', 'datasync'] as const) {
    const original = handles[name];
    jest.spyOn(handles, name).mockImplementation(async function (this: FileHandle, ...args: unknown[]) {
      calls.push(name);
      const failure = failures.find(({ at }) => at === calls.length);
      if (failure) throw Object.assign(new Error(failure.code), { code: failure.code });
      const outcome = await original.apply(this, args);
      calls.push(`${name} done`);
      return outcome;
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  shop.destroy();
});

const IN_ORDER = ['write', 'write done', 'datasync', 'datasync done'];

it('answers when answers and then lines were written and flushed', async () => {
  const journal = await shop.open();
  calls = [];
  await issue(journal, [ask('r-1'), ask('r-2')]);
  calls.push('answered');
  expect(calls).toEqual([...IN_ORDER, ...IN_ORDER, 'answered']);
  calls = [];
  await issue(journal, [ask('r-1')]);
  expect(calls).toEqual([]);
  await journal.close();
});

it.each([
  ['answers', 1],
  ['the flush of answers', 3],
  ['lines', 5],
  ['the flush of lines', 7],
])('answers nothing when the disk has no room for %s, and goes on when it has', async (_what, at) => {
  const journal = await shop.open();
  await issue(journal, [ask('r-1')]);
  const { lines } = journal.status();
  calls = [];
  failures.push({ code: 'ENOSPC', at });
  await expect(issue(journal, [ask('r-2')])).rejects.toMatchObject({ code: 'journal-unavailable' });
  expect(journal.status()).toMatchObject({ available: false, lines });
  expect(journal.lookup('api', 'r-2')).toBeUndefined();
  failures.length = 0;
  // Others go on; the one that failed has left nothing behind that a restart could take for an answer.
  expect(await issue(journal, [ask('r-3')])).toEqual([digitsFor(ask('r-3'))]);
  expect(journal.status()).toMatchObject({ available: true, lines: lines + 1 });
  await journal.close();
  expect((await verifyLog(shop.directory, { publicKeys: [shop.publicKey] })).faults).toEqual([]);
  const next = await shop.open();
  expect(next.lookup('api', 'r-2')).toBeUndefined();
  expect(await issue(next, [ask('r-2'), ask('r-1')])).toEqual([digitsFor(ask('r-2')), digitsFor(ask('r-1'))]);
  await next.close();
});

it('trusts a disk that failed to flush no more until it was read again', async () => {
  const journal = await shop.open();
  calls = [];
  failures.push({ code: 'EIO', at: 7 });
  await expect(issue(journal, [ask('r-1')])).rejects.toMatchObject({ code: 'journal-unavailable' });
  failures.length = 0;
  // The kernel may report success now, and have forgotten the page.
  await expect(issue(journal, [ask('r-2')])).rejects.toMatchObject({ code: 'journal-unavailable' });
  await journal.close();
  const next = await shop.open();
  expect(await issue(next, [ask('r-2')])).toEqual([digitsFor(ask('r-2'))]);
  await next.close();
  expect((await verifyLog(shop.directory, { publicKeys: [shop.publicKey] })).faults).toEqual([]);
  expect(shop.troubles).toContain('journal not written');
});

it('goes on when checkpoints cannot be copied, and says so', async () => {
  const copies = join(shop.elsewhere, 'copies');
  const journal = await shop.open({ checkpointDirectory: copies });
  rmSync(copies, { recursive: true });
  await journal.checkpoint();
  expect(await issue(journal, [ask('r-1')])).toEqual([digitsFor(ask('r-1'))]);
  await journal.close();
  expect(shop.troubles).toContain('checkpoint not copied');
});
