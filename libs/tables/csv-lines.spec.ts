// Proves that rows are read out of a stream cut anywhere, in UTF-8 with or without the mark of spreadsheets, and
// that a broken row costs itself alone.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { inPieces } from '../../test/builders/meters';
import { csvRows, fieldsOf } from './csv-lines';
import type { SourceRow } from './source';

async function rowsOf(source: AsyncIterable<Uint8Array | string>): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const group of csvRows(source)) rows.push(...group.rows);
  return rows;
}

it.each([1, 2, 3, 7, 1_000])('reads Bangla, quotes, commas and both line ends in pieces of %d bytes', async (bytes) => {
  const text = '\uFEFFname,address\r\nরহিম,"বাড়ি 1, ""কাজলা"""\n\n  ,\nকরিম, উপশহর \r\n';
  expect(await rowsOf(inPieces(text, bytes))).toEqual([
    { line: 1, fields: ['name', 'address'] },
    { line: 2, fields: ['রহিম', 'বাড়ি 1, "কাজলা"'] },
    { line: 5, fields: ['করিম', 'উপশহর'] },
  ]);
});

it('takes a last line without an end', async () => {
  expect(await rowsOf(Readable.from(['a,b\nc,d']))).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['c', 'd'] },
  ]);
});

it.each([
  ['a lost quotation mark', 'x,"y'],
  ['text after a quotation', 'x,"y"z'],
  ['a quotation mark in the middle', 'x,y"z'],
  ['two of them in the middle', 'x,y"z"'],
  ['a line without end', `x,${'y'.repeat(200_000)}`],
])('%s costs its own row only', async (_, broken) => {
  const rows = await rowsOf(inPieces(['1,a', broken, '3,"c,c"', '4,d'].join('\n'), 4_096));
  expect(rows).toEqual([
    { line: 1, fields: ['1', 'a'] },
    { line: 2, fields: undefined, text: broken.slice(0, 8_192) },
    { line: 3, fields: ['3', 'c,c'] },
    { line: 4, fields: ['4', 'd'] },
  ]);
});

it('marks bytes that are not UTF-8, so that the row can be refused', async () => {
  const [row] = await rowsOf(Readable.from([Buffer.from([0x61, 0xe0, 0xa6, 0x2c, 0x62])]));
  expect(row?.fields?.[0]).toContain('\uFFFD');
});

it('gives long files in groups', async () => {
  const groups: number[] = [];
  for await (const group of csvRows(Readable.from(Array.from({ length: 1_600 }, (_, i) => `${i},x\n`)))) {
    groups.push(group.rows.length);
  }
  expect(groups).toEqual([750, 750, 100]);
});

it('reads a line as csv-parse does or not at all, and refuses what it refuses', () => {
  const piece = fc.constantFrom('"', '""', ',', ' ', 'a', 'রহিম', '\t', "'");
  fc.assert(
    fc.property(fc.string({ unit: piece, minLength: 1, maxLength: 12 }), (line) => {
      const options = { relax_column_count: true, trim: true, record_delimiter: '\n' };
      let expected: string[] | undefined;
      try {
        const records: string[][] = parse(line, options);
        expected = records[0];
      } catch {
        expected = undefined;
      }
      const fields = fieldsOf(line);
      // A line of blanks is no row to csv-parse; and it passes over some quotation marks in the middle of a value.
      if (line.trim() !== '' && fields !== undefined) expect(fields).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

it('reads back every value that is written by the rules', () => {
  const value = fc.string({ unit: fc.constantFrom('"', ',', ' ', 'a', 'রহিম', '='), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
      const line = values.map((each) => `"${each.replaceAll('"', '""')}"`).join(',');
      expect(fieldsOf(line)).toEqual(values);
    }),
  );
});
