/*
 * Proves on a real database that an import which is killed, interrupted or taken up by two ends as one that was not: every
 * row counted once, every fault reported once; and that its report can be mended and sent again.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { newId } from '@vend/kernel';
import { Database, takeDue, type Tx } from '@vend/platform';
import { ImportFiles, type FileKind } from '@vend/tables';
import { inPieces, meterCells, meterCsv, type MeterCells } from '../../../test/builders/meters';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { workbookOf } from '../../../test/support/xlsx';
import { claimImport, extendClaim } from '../store/imports';
import { paceOf } from './import-job';
import { ImportJobs } from './import-jobs';

jest.setTimeout(60_000);
const folder = mkdtempSync(join(tmpdir(), 'import-jobs-'));
let fresh: FreshDatabase;
let jobs: ImportJobs;
beforeAll(async () => {
  fresh = await freshDatabase();
  jobs = new ImportJobs(fresh.database, new ImportFiles(folder, 10_000_000));
});
afterAll(async () => {
  await fresh?.drop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  const tables = ['import_faults', 'imports', 'outbox', 'customer_words', 'record_history'];
  for (const table of [...tables, 'meter_states', 'meters', 'connections', 'customers']) {
    await fresh.admin.read(`DELETE FROM ${table}`);
  }
});

const order = (kind: FileKind = 'csv', id = newId()) => ({ id, fileName: 'f', kind, by: 'user:selim', at: Date.now() });
const put = (text: string, given = order()) => jobs.put(given, inPieces(text, 4_096));
const cells = (count: number, change: (i: number) => Partial<MeterCells> = () => ({})) =>
  Array.from({ length: count }, (_, i) => meterCells(i, change(i)));
/** 3,000 rows, every hundredth with two faults. */
const LONG = meterCsv(cells(3_000, (i) => (i % 100 === 7 ? { phase: '2', mobile: '=1+1' } : {})));

async function stored(): Promise<number> {
  const [row] = await fresh.admin.read<{ n: string }>('SELECT COUNT(*) AS n FROM meters');
  return Number(row!.n);
}
async function reportOf(id: string): Promise<string> {
  let text = '';
  for await (const line of jobs.report(id)) text += line;
  return text;
}

/** A database that dies before its nth commit from now on: what a killed process leaves is the same. */
function dyingAfter(commits: number): Database {
  let left = commits;
  const dying = Object.create(fresh.database) as Database;
  dying.transaction = <T>(work: (tx: Tx) => Promise<T>) =>
    fresh.database.transaction(async (tx) => {
      const result = await work(tx);
      if (left-- <= 0) throw new Error('killed');
      return result;
    });
  return dying;
}

it('imports what was put in order, and leaves the outbox empty', async () => {
  const { id } = await put(LONG);
  expect((await takeDue(fresh.database, 10, 1_000, new Date(Date.now() + 1_000))).map((due) => due.refId)).toEqual([
    id,
  ]);
  const seen: number[] = [];
  expect(await jobs.work(id, { onProgress: (job) => seen.push(job.counts.rows) })).toBe('done');
  const job = await jobs.byId(id);
  expect(job).toMatchObject({
    state: 'DONE',
    refusal: null,
    counts: { rows: 3_000, inserted: 2_970, updated: 0, unchanged: 0, rejected: 30 },
    faults: 60,
    lastLine: 3_001,
  });
  expect(paceOf(job)).toMatchObject({ percent: 100, secondsLeft: null });
  expect(await stored()).toBe(2_970);
  expect(await fresh.database.read('SELECT 1 FROM outbox')).toEqual([]);
  expect(await jobs.work(id)).toBe('elsewhere');
});

it.each([1, 2, 3, 4, 5])('goes on where it was after a kill before commit %d', async (commits) => {
  const { id } = await put(LONG);
  const dying = new ImportJobs(dyingAfter(commits), new ImportFiles(folder, 10_000_000));
  await expect(dying.work(id)).rejects.toThrow('killed');
  const half = await jobs.byId(id);
  expect(half.state).toBe('RUNNING');
  expect(half.counts.rows).toBeLessThan(3_000);
  // The dead worker's lease is still running: nobody may take it up before it has ended.
  expect(await jobs.work(id)).toBe('elsewhere');
  await fresh.admin.read('UPDATE imports SET lease_until = ?', [new Date(Date.now() - 1)]);
  expect(await jobs.work(id)).toBe('done');
  const job = await jobs.byId(id);
  expect(job.counts).toEqual({ rows: 3_000, inserted: 2_970, updated: 0, unchanged: 0, rejected: 30 });
  expect(job.faults).toBe(60);
  expect((await reportOf(id)).trimEnd().split('\r\n')).toHaveLength(31);
  expect(await stored()).toBe(2_970);
});

it('still sees that a later row repeats a meter of a row that was stored before the kill', async () => {
  const rows = cells(2_000);
  const { id } = await put(meterCsv([...rows, meterCells(9_999, { meterNo: rows[3]!.meterNo })]));
  const dying = new ImportJobs(dyingAfter(2), new ImportFiles(folder, 10_000_000));
  await expect(dying.work(id)).rejects.toThrow('killed');
  await fresh.admin.read('UPDATE imports SET lease_until = NULL');
  expect(await jobs.work(id)).toBe('done');
  expect((await jobs.byId(id)).counts).toMatchObject({ inserted: 2_000, rejected: 1 });
  expect(await reportOf(id)).toContain(',meter-duplicate,');
});

it('ends after the group in hand when it is told to stop, and is at once free for another', async () => {
  const { id } = await put(LONG);
  const stop = new AbortController();
  stop.abort();
  expect(await jobs.work(id, { signal: stop.signal })).toBe('interrupted');
  expect(await jobs.work(id)).toBe('done');
  expect((await jobs.byId(id)).counts.rows).toBe(3_000);
});

it('lets one worker of many have it', async () => {
  const { id } = await put(LONG);
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => jobs.work(id)));
  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'elsewhere')).toHaveLength(4);
  expect((await jobs.byId(id)).counts.rows).toBe(3_000);
});

it('rolls back what a worker still had in hand when another has taken the import up', async () => {
  const { id } = await put(LONG);
  let taken = false;
  const slow = Object.create(fresh.database) as Database;
  slow.transaction = async <T>(work: (tx: Tx) => Promise<T>, attempts?: number) => {
    // After the claim, before the first group is stored: the lease ends and somebody else is faster.
    if (taken) return fresh.database.transaction(work, attempts);
    const result = await fresh.database.transaction(work, attempts);
    taken = true;
    await fresh.admin.read('UPDATE imports SET lease_until = NULL');
    expect(await claimImport(fresh.database, id, Date.now())).toMatchObject({ fence: 2 });
    return result;
  };
  expect(await new ImportJobs(slow, new ImportFiles(folder, 10_000_000)).work(id)).toBe('elsewhere');
  expect([await stored(), (await jobs.byId(id)).counts.rows]).toEqual([0, 0]);
  expect(await extendClaim(fresh.database, { id, fence: 1 }, Date.now())).toBe(false);
});

it('knows the same file under the same key, and no other', async () => {
  const given = order();
  const [first, ...others] = await Promise.all(Array.from({ length: 4 }, () => put(LONG, given)));
  for (const other of others) expect(other).toEqual(first);
  expect(readdirSync(folder).filter((name) => name.startsWith(given.id))).toHaveLength(1);
  await expect(put(`${LONG}\n`, given)).rejects.toMatchObject({ code: 'import-differs' });
  expect(readdirSync(folder).filter((name) => name.startsWith('.receiving'))).toEqual([]);
});

it('keeps nothing of a file that is too large', async () => {
  const small = new ImportJobs(fresh.database, new ImportFiles(folder, 1_000));
  const given = order();
  await expect(small.put(given, inPieces(LONG, 500))).rejects.toMatchObject({ code: 'import-too-large' });
  await expect(jobs.byId(given.id)).rejects.toMatchObject({ code: 'import-not-found' });
  expect(readdirSync(folder).filter((name) => name.startsWith('.receiving'))).toEqual([]);
});

it('fails a file without the columns, saying which', async () => {
  const { id } = await put('a,b\n1,2\n');
  expect(await jobs.work(id)).toBe('failed');
  const { state, refusal, endedAt } = await jobs.byId(id);
  expect([state, refusal?.code, typeof endedAt]).toEqual(['FAILED', 'import-header-invalid', 'number']);
  expect(refusal?.facts['missing']).toContain('customerNo');
});

it('reports faulty rows so that they can be mended and sent again', async () => {
  const { id } = await put(meterCsv([...cells(3), meterCells(7, { phase: '2', mobile: '=1+1', name: 'a "b", c' })]));
  await jobs.work(id);
  const report = await reportOf(id);
  const [header, row, ...rest] = report.trimEnd().split('\r\n');
  expect(header).toMatch(/^\uFEFFfaultLine,faultColumn,faultCode,faultBn,faultEn,customerNo,name,/);
  expect(row).toMatch(/^5,mobile; phase,mobile-invalid; phase-invalid,/);
  expect(row).toContain(`,"a ""b"", c",'=1+1,`);
  expect(row).toMatch(/[\u0980-\u09ff]/);
  expect(rest).toEqual([]);
  const mended = report.replace(",'=1+1,", ',01700000001,').replace(',2,2,', ',1,2,');
  const again = await put(mended);
  expect(await jobs.work(again.id)).toBe('done');
  expect((await jobs.byId(again.id)).counts).toMatchObject({ rows: 1, inserted: 1, rejected: 0 });
  // And a report of a report has the row's place once.
  const worse = await put(report);
  await jobs.work(worse.id);
  expect((await reportOf(worse.id)).match(/faultLine/g)).toHaveLength(1);
});

it('imports a workbook, and takes no number for a meter', async () => {
  const [header, ...lines] = meterCsv([meterCells(1), meterCells(2)]).split('\n');
  const rows = lines.map((line) => line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$|"/g, '')));
  rows.pop();
  const meterNo = header!.split(',').indexOf('meterNo');
  const table = [header!.split(','), ...[1, 2, 3].map((i) => Object.values(meterCells(i)) as (string | number)[])];
  table[3]![meterNo] = Number(meterCells(3).meterNo);
  const { id } = await jobs.put(order('xlsx'), Readable.from([workbookOf(table)]));
  expect(await jobs.work(id)).toBe('done');
  expect((await jobs.byId(id)).counts).toMatchObject({ rows: 3, inserted: 2, rejected: 1 });
  expect(await reportOf(id)).toContain('4,meterNo,cell-is-number,');
});

it('takes up the import of a file where it lies', async () => {
  const path = join(folder, 'here.csv');
  writeFileSync(path, LONG);
  const given = { ...order(), by: 'cli:import-meters' };
  const job = await jobs.ofFile(given, path);
  expect((await jobs.ofFile({ ...given, id: newId() }, path)).id).toBe(job.id);
  expect(await jobs.work(job.id, {}, path)).toBe('done');
  const next = await jobs.ofFile({ ...given, id: newId() }, path);
  expect(next.id).not.toBe(job.id);
  await expect(jobs.ofFile(given, '/nowhere.csv')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('keeps what a changed record was, in whose name, and finds the customer by the new name', async () => {
  const first = await put(meterCsv([meterCells(1), meterCells(2)]));
  await jobs.work(first.id);
  const second = await put(meterCsv([meterCells(1, { name: 'Abdul Karim', sanctionedKw: '5', owner: 'customer' })]));
  await jobs.work(second.id);
  const history = await fresh.admin.read<{ record: string; content: string; changed_by: string; reason: string }>(
    'SELECT record, content, changed_by, reason FROM record_history ORDER BY record',
  );
  expect(history.map(({ record, changed_by: by, reason }) => [record, by, reason])).toEqual([
    ['customer', 'user:selim', 'import'],
    ['connection', 'user:selim', 'import'],
    ['meter', 'user:selim', 'import'],
  ]);
  expect(JSON.stringify(history)).toContain('আব্দুল করিম');
  const [row] = await fresh.admin.read<{ n: string }>(
    `SELECT COUNT(*) AS n FROM customer_words JOIN customers ON customers.id = customer_id WHERE customer_no = 'T000001'`,
  );
  expect(Number(row!.n)).toBe(2);
});
