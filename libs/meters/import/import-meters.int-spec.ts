// Proves on a real database that an import stores good rows whole, bad rows not at all, twice the same file once,
// and that the application's own rights suffice for it.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { meterCells, meterCsv, meterNo, inPieces, type MeterCells } from '../../../test/builders/meters';
import { freshDatabase, type FreshDatabase } from '../../../test/support/database';
import { FAULTS_MAX, importMeters, type ImportReport } from './import-meters';

const NOW = Date.UTC(2026, 10, 21, 6);
const TABLES = ['customers', 'connections', 'meters', 'meter_states'] as const;
const JOINED = `meters JOIN connections ON connections.id = meters.connection_id
  JOIN customers ON customers.id = connections.customer_id JOIN meter_states ON meter_states.meter_id = meters.id`;

jest.setTimeout(60_000);
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  for (const table of [...TABLES].reverse()) await fresh.admin.read(`DELETE FROM ${table}`);
});

const importRows = (rows: readonly MeterCells[]) => importText(meterCsv(rows));
const importText = (text: string) => importMeters(fresh.database, inPieces(text, 4_096), { nowMs: NOW });
const counts = ({ inserted, updated, unchanged, rejected }: ImportReport) => ({
  inserted,
  updated,
  unchanged,
  rejected,
});
const places = (report: ImportReport) => report.faults.map((f) => `${f.line} ${f.column} ${f.code}`);

/** Everything stored but for the instants of change, table by table in the order of the meter numbers. */
async function stored(): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const rows = await fresh.database.read(`SELECT DISTINCT ${table}.* FROM ${JOINED} ORDER BY meters.pan`);
    all[table] = rows.map(({ created_at: _created, updated_at: _updated, ...row }) => row);
  }
  return all;
}

/** Rows of each table, joined to a meter or not. */
async function rowCounts(): Promise<number[]> {
  const sums = TABLES.map((table) => `(SELECT COUNT(*) FROM ${table})`);
  const [row] = await fresh.database.read(`SELECT ${sums.join(', ')}`);
  return Object.values(row!).map(Number);
}

it('stores a customer, connection, meter and state of each row, exactly as written', async () => {
  await importRows([meterCells(1, { mobile: '01700000001', sanctionedKw: '2.5', meterNo: meterNo(1).drn })]);
  const { customers, connections, meters, meter_states: states } = await stored();
  expect(customers).toEqual([
    expect.objectContaining({
      customer_no: 'T000001',
      name: 'আব্দুল করিম',
      mobile: '8801700000001',
      address: 'বাড়ি 12, কাজলা',
      office: 'Rajshahi S&D 1',
      language: 'bn',
    }),
  ]);
  expect(connections).toEqual([expect.objectContaining({ tariff_class: 'LT-A', phase: 1, sanctioned_w: 2_500 })]);
  expect(meters).toEqual([
    expect.objectContaining({
      pan: meterNo(1).pan,
      drn: meterNo(1).drn,
      status: 'active',
      owner: 'utility',
      crediting: 'currency',
      installed_on: '2026-11-02',
      ea: '07',
      tct: '02',
      sgc: '123456',
      krn: 1,
      ti: '01',
      kt: 2,
      ken: 255,
      base_date: 2014,
    }),
  ]);
  expect(states).toEqual([expect.objectContaining({ last_tid: 0, charged_through: null, arrears_paisa: '0' })]);
});

it('imports the sample whole, and the second time changes nothing', async () => {
  const sample = () =>
    importMeters(fresh.database, createReadStream('test/fixtures/customers-200.csv'), { nowMs: NOW });
  expect(await sample()).toEqual({
    rows: 200,
    inserted: 200,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    faults: [],
    faultsNotShown: 0,
  });
  const before = await stored();
  expect(counts(await sample())).toEqual({ inserted: 0, updated: 0, unchanged: 200, rejected: 0 });
  expect(await stored()).toEqual(before);
  expect(await rowCounts()).toEqual([200, 200, 200, 200]);
});

it('refuses bad rows with their line and reason, stores nothing of them, and takes the others', async () => {
  const lines = meterCsv([
    meterCells(1),
    meterCells(2, { meterNo: '600727000000000008' }),
    meterCells(3),
    meterCells(4, { phase: '2', mobile: '12' }),
    meterCells(5, { meterNo: meterNo(1).drn }),
    meterCells(6),
  ]).split('\n');
  lines.splice(4, 0, 'T9,"lost quotation mark');
  lines.push('T10,too,few');
  const report = await importText(lines.join('\n'));
  expect(counts(report)).toEqual({ inserted: 3, updated: 0, unchanged: 0, rejected: 5 });
  expect(report.rows).toBe(8);
  expect(places(report)).toEqual([
    '3 meterNo meter-check-digit-wrong',
    '5 null csv-malformed',
    '6 mobile mobile-invalid',
    '6 phase phase-invalid',
    '7 meterNo meter-duplicate',
    '9 null column-count-wrong',
  ]);
  for (const { reason } of report.faults)
    expect([reason.en, reason.bn]).toEqual([expect.any(String), expect.any(String)]);
  const { customers } = await stored();
  expect(customers!.map((row) => (row as { customer_no: string }).customer_no).sort()).toEqual([
    'T000001',
    'T000003',
    'T000006',
  ]);
  expect(await rowCounts()).toEqual([3, 3, 3, 3]);
});

it('updates changed data of customer and connection in place, and the second time not', async () => {
  await importRows([meterCells(1), meterCells(2), meterCells(3)]);
  const before = await stored();
  const changed = [
    meterCells(1, { name: 'Abdul Karim', language: 'en', mobile: '' }),
    meterCells(2, { tariffClass: 'LT-E', sanctionedKw: '7.5', phase: '3' }),
    meterCells(3, { owner: 'customer', installedOn: '2026-10-01' }),
  ];
  expect(counts(await importRows(changed))).toEqual({ inserted: 0, updated: 3, unchanged: 0, rejected: 0 });
  const after = await stored();
  expect(after['customers']![0]).toEqual({
    ...(before['customers']![0] as object),
    name: 'Abdul Karim',
    language: 'en',
    mobile: null,
  });
  expect(after['connections']![1]).toMatchObject({ tariff_class: 'LT-E', sanctioned_w: 7_500, phase: 3 });
  expect(after['meters']![2]).toMatchObject({ owner: 'customer', installed_on: '2026-10-01' });
  expect(after['meter_states']).toEqual(before['meter_states']);
  expect(counts(await importRows(changed))).toEqual({ inserted: 0, updated: 0, unchanged: 3, rejected: 0 });
});

it('keeps the language when the file says nothing of it', async () => {
  await importRows([meterCells(1, { language: 'en' })]);
  const report = await importRows([meterCells(1, { language: '' })]);
  expect(counts(report)).toEqual({ inserted: 0, updated: 0, unchanged: 1, rejected: 0 });
});

it('never changes a meter, its keys or its customer', async () => {
  await importRows([meterCells(1), meterCells(2), meterCells(3), meterCells(4)]);
  const before = await stored();
  const report = await importRows([
    meterCells(1, { krn: '2', name: 'not stored either' }),
    meterCells(2, { crediting: 'energy' }),
    meterCells(3, { customerNo: 'T000002', mobile: meterCells(2).mobile }),
    meterCells(4, { customerNo: 'NEW-1' }),
  ]);
  expect(places(report)).toEqual([
    '2 krn meter-differs',
    '3 crediting meter-differs',
    '4 customerNo meter-of-another-customer',
    '5 customerNo meter-of-another-customer',
  ]);
  expect(counts(report)).toEqual({ inserted: 0, updated: 0, unchanged: 0, rejected: 4 });
  expect(await stored()).toEqual(before);
});

it('gives a customer several meters, and refuses rows that disagree on the customer', async () => {
  const report = await importRows([
    meterCells(1),
    meterCells(2, { customerNo: 't000001', mobile: meterCells(1).mobile }),
    meterCells(3, { customerNo: 'T000001', mobile: meterCells(1).mobile, office: 'Natore S&D' }),
  ]);
  expect(places(report)).toEqual(['4 office customer-contradicts']);
  expect(await rowCounts()).toEqual([1, 2, 2, 2]);
});

it('gives two imports of one file at once one result', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => meterCells(i));
  const reports = await Promise.all([importRows(rows), importRows(rows), importRows(rows)]);
  expect(await rowCounts()).toEqual([400, 400, 400, 400]);
  expect(reports.reduce((sum, report) => sum + report.inserted, 0)).toBe(400);
  expect(reports.reduce((sum, report) => sum + report.unchanged, 0)).toBe(800);
});

it.each([
  ['no header', `${meterCsv([meterCells(1)]).split('\n')[1]}`, { unknown: 22 }],
  ['an empty file', '', { unknown: 0 }],
  ['a column missing', meterCsv([meterCells(1)]).replace(',krn,', ',KEN2,'), { missing: 'krn', unknown: 'KEN2' }],
  ['a column twice', meterCsv([meterCells(1)]).replace(',krn,', ',ti,'), { missing: 'krn', repeated: 'ti' }],
])('refuses a file with %s, and says which', async (_, text, facts) => {
  await expect(importText(text)).rejects.toMatchObject({
    code: 'import-header-invalid',
    facts: expect.objectContaining(facts) as object,
  });
  expect(await rowCounts()).toEqual([0, 0, 0, 0]);
});

it('keeps a bounded list of faults and counts the rest', async () => {
  const broken = Array.from({ length: FAULTS_MAX + 5 }, () => 'x\n');
  const header = meterCsv([]);
  const report = await importMeters(fresh.database, Readable.from([`${header}\n`, ...broken]), { nowMs: NOW });
  expect(report.rejected).toBe(FAULTS_MAX + 5);
  expect(report.faults).toHaveLength(FAULTS_MAX);
  expect(report.faultsNotShown).toBe(5);
});
