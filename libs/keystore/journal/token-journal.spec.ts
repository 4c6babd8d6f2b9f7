// Proves the journal's promises on real files: one answer for an id, also at once, in a group and after a restart; lines before answers; refusals by name.
import { appendFileSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@vend/kernel';
import { parseAuditLine } from './audit-line';
import { listSegments } from './audit-segments';
import { tokenFingerprint } from './fingerprint';
import { ask, digitsFor, issue, JournalWorkshop, linesOf, made, textOf } from './journal-workshop';
import { verifyLog } from './verify-log';

let shop: JournalWorkshop;

beforeEach(() => {
  shop = new JournalWorkshop();
});
afterEach(() => shop.destroy());

async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'no refusal';
}

async function faults(): Promise<unknown[]> {
  return [...(await verifyLog(shop.directory, { publicKeys: [shop.publicKey] })).faults];
}

describe('a request id', () => {
  it('is answered once and for ever, also by the next process', async () => {
    let journal = await shop.open();
    const first = await issue(journal, [ask('r-1'), ask('r-2')]);
    expect(first).toEqual([digitsFor(ask('r-1')), digitsFor(ask('r-2'))]);
    const lines = journal.status().lines;
    const never = (): never => {
      throw new Error('made again');
    };
    const again = await journal.issueOnce<string>('api', [ask('r-2'), ask('r-1')], never);
    expect(again.map(textOf)).toEqual([first[1], first[0]]);
    expect(journal.status().lines).toBe(lines);
    await journal.close();
    journal = await shop.open();
    expect((await journal.issueOnce<string>('api', [ask('r-1')], never)).map(textOf)).toEqual([first[0]]);
    expect(Buffer.from(journal.lookup('api', 'r-2')!.answer).toString()).toBe(first[1]);
    expect(journal.lookup('worker', 'r-2')).toBeUndefined();
    await journal.close();
    expect(await faults()).toEqual([]);
  });

  it('with another content is a conflict, and another caller has ids of its own', async () => {
    const journal = await shop.open();
    const [first] = await issue(journal, [ask('r-1')]);
    expect(await issue(journal, [ask('r-1', 257), ask('r-1')])).toEqual(['conflict', first]);
    expect(await issue(journal, [ask('r-1', 257)], 'worker')).toEqual([digitsFor(ask('r-1', 257))]);
    await journal.close();
  });

  it('is made once when it comes twice in a group and fifty times at once', async () => {
    const journal = await shop.open();
    let makings = 0;
    const request = ask('r-1');
    const calls = Array.from({ length: 50 }, () =>
      journal.issueOnce('api', [request, ask('r-1', 9), request], async (fresh) => {
        await Promise.resolve();
        // Another maker would give other digits: two makings would show as two answers.
        return fresh.map((index) =>
          made([request, ask('r-1', 9), request][index]!, String(10n ** 19n + BigInt(makings++))),
        );
      }),
    );
    const answers = (await Promise.all(calls)).map((outcomes) => outcomes.map(textOf).join());
    expect(new Set(answers)).toEqual(new Set(['10000000000000000000,conflict,10000000000000000000']));
    expect(makings).toBe(1);
    expect((await linesOf(journal)).filter((line) => line.includes('"r-1"'))).toHaveLength(1);
    await journal.close();
  });

  it('is free again when its maker fails or refuses', async () => {
    const journal = await shop.open();
    const failing = journal.issueOnce('api', [ask('r-1')], () => Promise.reject(new Error('module gone')));
    const waiting = journal.issueOnce('api', [ask('r-1')], () => [made(ask('r-1'))]);
    await expect(failing).rejects.toThrow('module gone');
    await expect(waiting).rejects.toThrow('module gone');
    const refused = await journal.issueOnce('api', [ask('r-1')], () => [{ refusal: 'key-expired' }]);
    expect(refused.map(textOf)).toEqual(['key-expired']);
    expect(await issue(journal, [ask('r-1')])).toEqual([digitsFor(ask('r-1'))]);
    await journal.close();
  });
});

describe('the log', () => {
  it('tells everything but the token', async () => {
    const journal = await shop.open();
    const [digits] = await issue(journal, [ask('r-1')]);
    const line = parseAuditLine((await linesOf(journal)).find((text) => text.includes('"credit"'))!);
    expect(line).toMatchObject({
      caller: 'api',
      requestId: 'r-1',
      pan: '600727000000000009',
      units: '256',
      tid: 6_612_482,
      outcome: 'issued',
      at: shop.nowMs,
      fingerprints: [tokenFingerprint('r-1', digits!)],
    });
    await journal.close();
    for (const name of readdirSync(shop.directory, { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    )) {
      expect(readFileSync(join(name.parentPath, name.name)).includes(digits!)).toBe(false);
    }
  });

  it('begins a file a day and at its size, and is read across them from any line', async () => {
    const journal = await shop.open({ segmentBytes: 2_000 });
    for (let i = 0; i < 40; i += 1) await issue(journal, [ask(`r-${i}`)]);
    shop.nowMs += 86_400_000;
    const since = shop.nowMs;
    await issue(journal, [ask('r-next-day')]);
    expect((await listSegments(shop.directory)).length).toBeGreaterThan(5);
    const all = await linesOf(journal);
    expect(all.map((text) => parseAuditLine(text)!.number)).toEqual(all.map((_, i) => i + 1));
    for (const from of [1, 2, 17, all.length, all.length + 1])
      expect(await linesOf(journal, from)).toEqual(all.slice(from - 1));
    const today: string[] = [];
    for await (const line of journal.entriesSince(since)) today.push(line.requestId);
    expect(today).toContain('r-next-day');
    expect(today).not.toContain('r-39');
    await journal.close();
    expect(await faults()).toEqual([]);
  });

  it('signs its head at intervals, at the end, and keeps a copy elsewhere', async () => {
    const journal = await shop.open({ checkpointEveryLines: 10, checkpointDirectory: shop.elsewhere });
    for (let i = 0; i < 25; i += 1) await issue(journal, [ask(`r-${i}`)]);
    expect(journal.status().signedLines).toBeGreaterThanOrEqual(20);
    shop.nowMs += 60_000;
    await issue(journal, [ask('r-later')]);
    expect(journal.status().lines - journal.status().signedLines).toBe(1);
    await journal.close();
    const copies = readdirSync(shop.elsewhere).flatMap((name) =>
      readFileSync(join(shop.elsewhere, name), 'utf8').trim().split('\n'),
    );
    expect(copies.length).toBeGreaterThanOrEqual(4);
  });
});

describe('opening', () => {
  it('refuses a directory that another journal writes', async () => {
    const journal = await shop.open();
    expect(await codeOf(shop.open())).toBe('journal-in-use');
    await journal.close();
    await (await shop.open()).close();
  });

  it('refuses results under another key, and a log without its results', async () => {
    const journal = await shop.open();
    await issue(journal, [ask('r-1')]);
    await journal.close();
    expect(await codeOf(shop.open({ resultsKey: Buffer.alloc(32) }))).toBe('results-key-wrong');
    const part = join(shop.directory, 'results/results-000001.sealed');
    const bytes = readFileSync(part);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(part, bytes);
    expect(await codeOf(shop.open())).toBe('results-damaged');
    // The documented way out: the results are put aside, and the log says so.
    renameSync(join(shop.directory, 'results'), join(shop.directory, 'results-aside'));
    const next = await shop.open();
    expect((await linesOf(next)).some((text) => text.includes('"results-lost"'))).toBe(true);
    await next.close();
  });

  it('refuses a log whose end was cut off: by the results of the lines that are gone', async () => {
    const journal = await shop.open();
    for (let i = 0; i < 5; i += 1) await issue(journal, [ask(`r-${i}`)]);
    await journal.close();
    await cutLines(4);
    expect(await codeOf(shop.open())).toBe('audit-log-truncated');
  });

  it.each([1, 2, 3])('refuses a log whose last %d lines were cut off: by a checkpoint elsewhere', async (count) => {
    const change = { checkpointDirectory: shop.elsewhere };
    await (await shop.open(change)).close();
    await cutLines(count);
    expect(await codeOf(shop.open(change))).toBe('audit-log-rolled-back');
  });

  it('refuses a log with a changed line, and one that has lost its id', async () => {
    const journal = await shop.open();
    await issue(journal, [ask('r-1')]);
    await journal.close();
    const [segment] = await listSegments(shop.directory);
    const text = readFileSync(segment!.path, 'latin1');
    writeFileSync(segment!.path, text.replace('"units":"256"', '"units":"257"'));
    expect(await codeOf(shop.open())).toBe('audit-log-damaged');
    writeFileSync(segment!.path, text);
    renameSync(join(shop.directory, 'journal.json'), join(shop.directory, 'aside.json'));
    expect(await codeOf(shop.open())).toBe('journal-malformed');
  });

  it('records that a torn end was cut off', async () => {
    const journal = await shop.open();
    await issue(journal, [ask('r-1')]);
    await journal.close();
    const [segment] = await listSegments(shop.directory);
    appendFileSync(segment!.path, '{"n":7,"at":"2026-');
    const next = await shop.open();
    const recovered = (await linesOf(next))
      .map((line) => parseAuditLine(line)!)
      .find(({ kind }) => kind === 'journal-recovered');
    expect(recovered?.detail).toEqual({ cutBytes: 18 });
    await next.close();
    expect(await faults()).toEqual([]);
  });
});

async function cutLines(count: number): Promise<void> {
  const segment = (await listSegments(shop.directory)).at(-1)!;
  const lines = readFileSync(segment.path, 'latin1').trimEnd().split('\n');
  truncateSync(segment.path, lines.slice(0, -count).join('\n').length + 1);
}
