/*
 * Proves that a sheet is read as the text its author sees, that what a spreadsheet has lost is marked and not guessed, and
 * that archives and XML made to hurt are refused. Workbooks are made here, part by part.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workbookOf, zipOf, type Cell } from '../../../test/support/xlsx';
import type { SourceRow } from '../source';
import { openSheet } from './sheet-rows';

const folder = mkdtempSync(join(tmpdir(), 'xlsx-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(workbook: Buffer): Promise<SourceRow[]> {
  const path = join(folder, 'book.xlsx');
  writeFileSync(path, workbook);
  const file = await openSheet(path);
  try {
    const rows: SourceRow[] = [];
    for await (const group of file.groups) rows.push(...group.rows);
    return rows;
  } finally {
    file.close();
  }
}

const fieldsOf = async (rows: readonly (readonly Cell[])[], changes?: Parameters<typeof workbookOf>[1]) =>
  (await rowsOf(workbookOf(rows, changes))).map(({ line, fields }) => [line, ...fields!]);

it('reads texts, numbers and days as they are seen', async () => {
  const inline = { xml: '<c t="inlineStr"><is><t>ভেতরে</t></is></c>' };
  const formula = { xml: '<c t="str"><f>A1&amp;B1</f><v>ফল</v></c>' };
  expect(
    await fieldsOf([
      ['name', 'sanctionedKw', 'installedOn', 'chargedThrough'],
      ['রহিম & <কো>', 2.3, 46_328, 46_327],
      [inline, { xml: '<c><v>2.2999999999999998</v></c>' }, { xml: '<c t="d"><v>2026-11-02T00:00:00</v></c>' }, ''],
      [formula, { xml: '<c t="e"><v>#REF!</v></c>' }, 20_261_102, 'x'],
    ]),
  ).toEqual([
    [1, 'name', 'sanctionedKw', 'installedOn', 'chargedThrough'],
    [2, 'রহিম & <কো>', '2.3', '2026-11-02', '2026-11'],
    [3, 'ভেতরে', '2.3', '2026-11-02', ''],
    [4, 'ফল', '\uFFFD', '20261102', 'x'],
  ]);
});

it('counts days from 1904 where the workbook says so', async () => {
  const rows = [['installedOn'], [46_328 - 1_462]];
  expect(await fieldsOf(rows, { since1904: true })).toEqual([
    [1, 'installedOn'],
    [2, '2026-11-02'],
  ]);
});

it('marks numbers, passes over empty rows and keeps the line of each row', async () => {
  const rows = await rowsOf(workbookOf([['meterNo', 'name'], [], [97_100_000_021, 'a'], ['097', 'b'], ['', '']]));
  expect(rows).toEqual([
    { line: 1, fields: ['meterNo', 'name'], numbers: [false, false] },
    { line: 3, fields: ['97100000021', 'a'], numbers: [true, false] },
    { line: 4, fields: ['097', 'b'], numbers: [false, false] },
  ]);
});

it('keeps a value beyond the last column, so that the row can be refused', async () => {
  expect(await fieldsOf([['a', 'b'], ['1'], ['1', '2', '3']])).toEqual([
    [1, 'a', 'b'],
    [2, '1', ''],
    [3, '1', '2', '3'],
  ]);
});

it('reads thousands of rows in groups, whatever their number', async () => {
  const rows = await rowsOf(workbookOf([['n'], ...Array.from({ length: 2_000 }, (_, i) => [`row ${i}`])]));
  expect(rows).toHaveLength(2_001);
  expect(rows.at(-1)).toMatchObject({ line: 2_001, fields: ['row 1999'] });
});

const sheet = (content: string) => workbookOf([], { parts: [{ name: 'xl/worksheets/sheet1.xml', content }] });
const strings = (content: string, claims?: number) =>
  workbookOf([['a']], { parts: [{ name: 'xl/sharedStrings.xml', content, ...(claims ? { claims } : {}) }] });

it.each([
  ['no archive', () => Buffer.from('customerNo,name\n')],
  ['an archive of something else', () => zipOf([{ name: 'a.txt', content: 'a' }])],
  ['an archive that ends early', () => workbookOf([['a']]).subarray(0, 400)],
  ['a part that unpacks to more than it says', () => strings(`<sst>${' '.repeat(500_000)}</sst>`, 20)],
  ['a part that says it unpacks to gigabytes', () => strings('<sst/>', 4_000_000_000)],
  [
    'an archive of very many parts',
    () => zipOf(Array.from({ length: 2_100 }, (_, i) => ({ name: `${i}`, content: '' }))),
  ],
  ['an entity of its own', () => strings('<!DOCTYPE x [<!ENTITY lol "lol">]><sst><si><t>&lol;</t></si></sst>')],
  ['an entity that nobody declared', () => strings('<sst><si><t>&lol;</t></si></sst>')],
  ['XML that is not well-formed', () => sheet('<worksheet><row>')],
  ['rows out of order', () => sheet('<worksheet><row r="2"><c><v>1</v></c></row><row r="1"/></worksheet>')],
  ['a column far to the right', () => sheet('<worksheet><row r="1"><c r="ZZZ1"><v>1</v></c></row></worksheet>')],
  ['a text that is not there', () => sheet('<worksheet><row r="1"><c t="s"><v>7</v></c></row></worksheet>')],
])('%s is refused as unreadable', async (_, workbook) => {
  await expect(rowsOf(workbook())).rejects.toMatchObject({ code: 'import-file-unreadable' });
});

it('keeps no more of an endless text than a value may have', async () => {
  const [row] = await rowsOf(sheet(`<worksheet><row><c t="str"><v>${'x'.repeat(300_000)}</v></c></row></worksheet>`));
  expect(row!.fields![0]!.length).toBeLessThan(100_000);
});
