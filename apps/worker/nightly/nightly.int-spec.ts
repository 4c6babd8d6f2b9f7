/*
 * Proves the night's scheduler on a real database: each task once a business day over any number of workers, a dead
 * worker's run taken over, nothing ended twice, Dhaka's times, missed nights made up for, faults kept.
 */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { dhakaDay, idToBytes, newId, startOfDay } from '@vend/kernel';
import { LedgerService } from '@vend/ledger';
import { inPieces, meterCells, meterCsv } from '../../../test/builders/meters';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import type { NightlyResult, NightlyTask } from './nightly';
import { NightlyRunner, type NightlySettings } from './nightly-runner';
import { claimRun, endRun, extendRun } from './store/nightly-runs';
import { keptImports, nightlyTasks } from './tasks';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh?.drop());
beforeEach(() => fresh.admin.read('DELETE FROM nightly_runs'));

const PROVED: NightlyResult = { faults: [], figures: { looked: 3 } };
const SETTINGS: NightlySettings = { leaseMs: 60_000, retryMs: 0, nights: 1 };
/** A task that notes what it ran for. */
function noting(over: Partial<NightlyTask> = {}) {
  const ran: string[] = [];
  const task: NightlyTask = { name: 'noting', at: '00:40', run: async (day) => (ran.push(day), PROVED), ...over };
  return { ran, task };
}
const lines: Record<string, unknown>[] = [];
const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
beforeEach(() => lines.splice(0));
const runner = (tasks: NightlyTask[], settings = SETTINGS) => new NightlyRunner(fresh.database, tasks, log, settings);
const stored = () =>
  fresh.admin.read<{ state: string; attempts: number; figures: unknown; faults: unknown }>(
    'SELECT * FROM nightly_runs',
  );
const KEEP_DAYS = { WEBHOOKS_KEEP_DAYS: 90, GATEWAY_MESSAGES_KEEP_DAYS: 400, BILLER_ANSWERS_KEEP_DAYS: 400 };
const PARTS = { quietHours: undefined, keepDays: KEEP_DAYS };
/** The files of imports in a folder, kept for 30 days. */
const keptIn = (folder: string) => keptImports({ IMPORT_DIR: folder, IMPORT_KEEP_DAYS: 30 }, fresh.database);
/** 22 November 2026, at a time of the Dhaka night. */
const at = (time: string) => Date.parse(`2026-11-22T${time}:00+06:00`);

it('runs a task once a night, whoever looks and however often', async () => {
  const { ran, task } = noting();
  const workers = Array.from({ length: 8 }, () => runner([task]));
  await Promise.all([...workers, ...workers].map((worker) => worker.runDue(at('00:41'))));
  await workers[0]!.runDue(at('23:59'));
  expect(ran).toEqual(['2026-11-21']);
  expect(await stored()).toMatchObject([{ state: 'PROVED', attempts: 1, figures: { looked: 3 }, faults: [] }]);
});

it('begins at the task’s time in Dhaka, for the day that has ended', async () => {
  const { ran, task } = noting();
  await runner([task]).runDue(at('00:39'));
  expect(ran).toEqual([]);
  await runner([task]).runDue(at('00:40'));
  expect(ran).toEqual(['2026-11-21']);
});

it('makes up for nights that nobody worked, the oldest first', async () => {
  const { ran, task } = noting();
  await runner([task], { ...SETTINGS, nights: 3 }).runDue(at('00:41'));
  expect(ran).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
});

it('tries again what could not run, and says so', async () => {
  let tries = 0;
  const { task } = noting({
    run: async () => {
      if (++tries === 1) throw new Error('no token server');
      return PROVED;
    },
  });
  await runner([task]).runDue(at('01:00'));
  expect(await stored()).toMatchObject([{ state: 'RUNNING' }]);
  expect(lines).toMatchObject([{ level: 50, msg: 'nightly task could not run; it is tried again', task: 'noting' }]);
  await runner([task]).runDue(at('01:01'));
  expect(await stored()).toMatchObject([{ state: 'PROVED', attempts: 2 }]);
});

it('keeps faults with the run, and logs them as an error', async () => {
  const { task } = noting({ run: async () => ({ faults: ['a paisa is missing'], figures: {} }) });
  expect(await runner([task]).runOnce(task, '2026-11-21')).toBe('faults');
  expect(await stored()).toMatchObject([{ state: 'FAULTS', faults: ['a paisa is missing'] }]);
  expect(lines).toMatchObject([{ level: 50, faults: ['a paisa is missing'] }]);
});

it('takes over from a worker that died, and lets the dead one end nothing', async () => {
  const dead = await claimRun(fresh.database, 'noting', '2026-11-21', 'dead', 0);
  const { ran, task } = noting();
  await runner([task]).runDue(at('01:00'));
  expect(ran).toEqual(['2026-11-21']);
  expect(await endRun(fresh.database, dead!, { faults: ['too late'], figures: {} })).toBe(false);
  expect(await extendRun(fresh.database, dead!, 1_000)).toBe(false);
  expect(await stored()).toMatchObject([{ state: 'PROVED', attempts: 2, faults: [] }]);
});

it('leaves a run alone whose worker lives', async () => {
  await claimRun(fresh.database, 'noting', '2026-11-21', 'alive', 60_000);
  const { ran, task } = noting();
  expect(await runner([task]).runOnce(task, '2026-11-21')).toBe('elsewhere');
  expect(ran).toEqual([]);
});

it('refuses a list with two tasks of a name, or a time that is none', () => {
  const { task } = noting();
  expect(() => runner([task, task])).toThrow('not a list of nightly tasks');
  expect(() => runner([{ ...task, at: '24:00' }])).toThrow('not a list of nightly tasks');
});

it('closes the day, then proves the ledger', async () => {
  const ledger = new LedgerService(fresh.database);
  await ledger.open([]);
  const tasks = nightlyTasks({ ...PARTS, database: fresh.database, ledger, imports: keptIn(tmpdir()) });
  const [close, proof] = ['day-close', 'ledger-proof'].map((name) => tasks.find((task) => task.name === name));
  const yesterday = dhakaDay(startOfDay(dhakaDay(Date.now())) - 1);
  const worker = runner([close!, proof!]);
  expect(await worker.runOnce(proof!, yesterday)).toBe('failed');
  expect(await worker.runOnce(close!, yesterday)).toBe('proved');
  expect([await worker.runOnce(proof!, yesterday), lines.at(-1)]).toMatchObject(['proved', { figures: { days: 1 } }]);
});

it('deletes the files of imports that ended 30 days ago, and no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightly-imports-'));
  try {
    const imports = keptIn(folder);
    const put = async (endedDaysAgo: number | null) => {
      const order = { id: newId(), fileName: 'f', kind: 'csv', by: 'user:selim', at: Date.now() } as const;
      await imports.jobs.put(order, inPieces(meterCsv([meterCells(endedDaysAgo ?? 0)])));
      if (endedDaysAgo === null) return order.id;
      await imports.jobs.work(order.id);
      const endedAt = new Date(Date.now() - endedDaysAgo * 86_400_000);
      await fresh.admin.read('UPDATE imports SET ended_at = ? WHERE id = ?', [endedAt, idToBytes(order.id)]);
      return order.id;
    };
    const [gone, recent, waiting] = [await put(31), await put(29), await put(null)];
    writeFileSync(join(folder, 'notes.txt'), 'somebody else’s');
    for (const days of [40, 0]) {
      const cut = join(folder, `.receiving-${String(days).padStart(18, '0')}`);
      writeFileSync(cut, 'half');
      utimesSync(cut, new Date(), new Date(Date.now() - days * 86_400_000));
    }
    const parts = { ...PARTS, ledger: new LedgerService(fresh.database), imports };
    const task = nightlyTasks({ database: fresh.database, ...parts }).find(({ name }) => name === 'import-files')!;
    expect(await task.run('2026-11-21')).toEqual({ faults: [], figures: { removed: 2, kept: 3 } });
    const left = readdirSync(folder).map((name) => name.slice(0, 36));
    expect(left.sort()).toEqual(['.receiving-000000000000000000', recent, waiting, 'notes.txt'].sort());
    expect(await task.run('2026-11-21')).toEqual({ faults: [], figures: { removed: 0, kept: 3 } });
    await expect(imports.jobs.report(gone).next()).rejects.toMatchObject({ code: 'import-file-missing' });
    expect(await imports.jobs.work(waiting)).toBe('done');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('finds nothing to delete where nothing was ever received', async () => {
  expect(await keptIn(join(tmpdir(), newId())).jobs.forgetFiles(Date.now())).toEqual({ removed: 0, kept: 0 });
});
