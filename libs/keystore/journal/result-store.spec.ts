// Proves that answers are found for as long as they are kept: across parts, with their indexes lost, until their time is over; and that a damaged one is refused, not served.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, digitsFor, issue, JournalWorkshop } from './journal-workshop';
import type { TokenJournal } from './token-journal';

const DAY_MS = 86_400_000;

let shop: JournalWorkshop;
let journal: TokenJournal | undefined;

beforeEach(() => {
  shop = new JournalWorkshop();
});
afterEach(async () => {
  await journal?.close();
  shop.destroy();
});

const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `r-${from + i}`);
const parts = (ending: string): string[] =>
  readdirSync(join(shop.directory, 'results')).filter((name) => name.endsWith(ending));

async function open(): Promise<TokenJournal> {
  journal = await shop.open({ partEntries: 100 });
  return journal;
}

async function fill(count: number): Promise<void> {
  for (let from = 0; from < count; from += 25)
    await issue(
      journal!,
      ids(from, 25).map((id) => ask(id)),
    );
}

/** Which of the ids are answered from the store, with the digits they were given. */
function known(count: number): number {
  return ids(0, count).filter((id) => {
    const found = journal!.lookup('api', id);
    if (found) expect(Buffer.from(found.answer).toString()).toBe(digitsFor(ask(id)));
    return found !== undefined;
  }).length;
}

it('finds answers in every part, before and after a restart', async () => {
  await open();
  await fill(450);
  expect(parts('.sealed')).toHaveLength(5);
  expect(known(450)).toBe(450);
  expect(journal!.lookup('api', 'r-450')).toBeUndefined();
  await journal!.close();
  expect(parts('.index')).toHaveLength(4);
  await open();
  expect(known(450)).toBe(450);
});

it('makes lost and foreign indexes again', async () => {
  await open();
  await fill(450);
  await journal!.close();
  for (const [i, name] of parts('.index').entries()) {
    const path = join(shop.directory, 'results', name);
    if (i % 2 === 0) rmSync(path);
    else writeFileSync(path, 'no index');
  }
  await open();
  expect(known(450)).toBe(450);
  expect(parts('.index')).toHaveLength(4);
});

it('goes on with the part before when it was killed while making another', async () => {
  await open();
  await fill(100);
  await journal!.close();
  writeFileSync(join(shop.directory, 'results/results-000002.sealed'), 'VRP1 half a head');
  await open();
  expect(known(100)).toBe(100);
  await fill(200);
  expect(known(200)).toBe(200);
});

it('lets answers go when their time is over, part by part', async () => {
  await open();
  await fill(100);
  shop.nowMs += 31 * DAY_MS;
  await issue(
    journal!,
    ids(100, 100).map((id) => ask(id)),
  );
  await journal!.close();
  shop.nowMs += 375 * DAY_MS;
  await open();
  expect(known(100)).toBe(0);
  expect(known(200)).toBe(100);
  expect(existsSync(join(shop.directory, 'results/results-000001.sealed'))).toBe(false);
  // The lines stay for ever.
  expect(journal!.status().lines).toBeGreaterThan(200);
});

it('refuses a damaged answer instead of making another', async () => {
  await open();
  await fill(150);
  await journal!.close();
  const path = join(shop.directory, 'results/results-000001.sealed');
  const bytes = readFileSync(path);
  // In the first part nothing is looked at before somebody asks.
  bytes[bytes.length - 40]! ^= 4;
  writeFileSync(path, bytes);
  await open();
  expect(() => journal!.lookup('api', 'r-99')).toThrow('results-damaged');
  await expect(issue(journal!, [ask('r-99')])).rejects.toThrow('results-damaged');
  // The others are served, and the failed call holds no id.
  expect(await issue(journal!, [ask('r-0')])).toEqual([digitsFor(ask('r-0'))]);
  await expect(issue(journal!, [ask('r-new'), ask('r-99')])).rejects.toThrow('results-damaged');
  expect(await issue(journal!, [ask('r-new')])).toEqual([digitsFor(ask('r-new'))]);
});
