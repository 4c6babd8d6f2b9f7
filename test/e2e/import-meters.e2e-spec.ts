// Proves the import command as a person runs it: the compiled program, its exit status, its words and its report.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportReport } from '@vend/meters';
import { meterCells, meterCsv } from '../builders/meters';
import { freshDatabase, type FreshDatabase } from '../support/database';

const ROOT = join(__dirname, '../..');
const SAMPLE = join(ROOT, 'test/fixtures/customers-200.csv');

let fresh: FreshDatabase;
let directory: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  directory = await mkdtemp(join(tmpdir(), 'vend-import-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await fresh.drop();
});

async function run(args: readonly string[], environment: Record<string, string> = { DATABASE_URL: fresh.url }) {
  const child = spawn(process.execPath, [join(ROOT, 'dist/apps/api/import-meters.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out, err };
}

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, text);
  return file;
}

it('imports the sample, prints the rate, and does nothing the second time', async () => {
  const first = await run([SAMPLE]);
  expect(first).toMatchObject({ status: 0, err: '' });
  expect(first.out).toMatch(
    /^200 rows in \d+\.\d s \(\d+ a second\): 200 inserted, 0 updated, 0 unchanged, 0 rejected\n$/,
  );
  const second = await run([SAMPLE]);
  expect(second.out).toContain('0 inserted, 0 updated, 200 unchanged, 0 rejected');
  expect(second.status).toBe(0);
  const events = await fresh.database.read(`SELECT actor, detail FROM audit_events WHERE action = 'meters-imported'`);
  expect(events).toHaveLength(2);
});

it('lists refused rows in both languages, never with their values, and ends with status 1', async () => {
  const rows = [
    meterCells(1),
    meterCells(2, { mobile: '0170000000' }),
    meterCells(3, { meterNo: '600727000000000008' }),
  ];
  const report = join(directory, 'report.json');
  const { status, out } = await run([await fileOf('bad.csv', meterCsv(rows)), '--report', report]);
  expect(status).toBe(1);
  expect(out).toContain('line 3, mobile: mobile-invalid: ');
  expect(out).toContain('line 4, meterNo: meter-check-digit-wrong: ');
  expect(out).toMatch(/[\u0980-\u09FF]/);
  expect(out).not.toContain('0170000000');
  const written = JSON.parse(await readFile(report, 'utf8')) as ImportReport;
  expect(written).toMatchObject({ rows: 3, inserted: 1, rejected: 2 });
  expect(written.faults.map(({ line, column, code }) => [line, column, code])).toEqual([
    [3, 'mobile', 'mobile-invalid'],
    [4, 'meterNo', 'meter-check-digit-wrong'],
  ]);
});

it.each<[string, () => Promise<{ args: string[]; environment?: Record<string, string> }>, RegExp]>([
  ['without a file', () => Promise.resolve({ args: [] }), /usage: npm run import:meters/],
  ['with an unknown option', () => Promise.resolve({ args: [SAMPLE, '--force'] }), /--force/],
  ['without a database', () => Promise.resolve({ args: [SAMPLE], environment: {} }), /DATABASE_URL: is not set/],
  ['of a file that is not there', () => Promise.resolve({ args: ['/nowhere.csv'] }), /no such file/],
  [
    'with a report that cannot be written',
    () => Promise.resolve({ args: [SAMPLE, '--report', '/nowhere/r.json'] }),
    /no such file/,
  ],
  [
    'of a file without a header',
    async () => ({ args: [await fileOf('headless.csv', meterCsv([meterCells(9)]).split('\n')[1]!)] }),
    /import-header-invalid: [\s\S]*missing: customerNo/,
  ],
])('%s: imports nothing, says why, ends with status 2', async (_, prepare, words) => {
  const before = await fresh.database.read('SELECT COUNT(*) AS n FROM meters');
  const { args, environment } = await prepare();
  const { status, out, err } = await run(args, environment);
  expect(status).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(words);
  expect(err).not.toContain('8801700000009');
  expect(await fresh.database.read('SELECT COUNT(*) AS n FROM meters')).toEqual(before);
});
