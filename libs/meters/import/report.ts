import type { Reader } from '@vend/platform';
import { csvLine, type RowGroup } from '@vend/tables';
import { faultsBetween } from '../store/imports';
import type { ImportJob } from './import-job';
import { REPORT_COLUMN } from './import-run';
import { rowFaultReasons, type RowFault } from './row-faults';

const COLUMNS = ['faultLine', 'faultColumn', 'faultCode', 'faultBn', 'faultEn'] as const;

/**
 * The faulty rows of an import as a CSV file (UTF-8 with the mark that spreadsheets ask for): where and why, in both
 * languages, then the row itself. Mended in place it can be sent again: the importer passes over the first columns.
 */
export async function* reportLines(
  reader: Reader,
  job: ImportJob,
  groups: AsyncIterable<RowGroup>,
): AsyncGenerator<string> {
  /** Which columns of the file are its own: it may be a report that was mended and sent again. */
  let own: number[] | undefined;
  for await (const { rows } of groups) {
    if (!own) {
      const header = rows[0]?.fields ?? [];
      own = header.flatMap((name, i) => (REPORT_COLUMN.test(name) ? [] : [i]));
      yield `\uFEFF${csvLine([...COLUMNS, ...own.map((i) => header[i]!)])}`;
    }
    const faults = await faultsBetween(reader, job.id, rows[0]!.line, rows.at(-1)!.line);
    for (const { line, fields, text } of faults.size === 0 ? [] : rows) {
      const found = faults.get(line);
      if (!found) continue;
      // More values than columns are kept too: one of them is why the row is here.
      const row = fields ? [...own.map((i) => fields[i] ?? ''), ...fields.slice(Math.max(...own) + 1)] : [text ?? ''];
      yield csvLine([...placeAndReason(line, found), ...row]);
    }
    if (rows.at(-1)!.line > job.lastLine) return;
  }
}

function placeAndReason(line: number, faults: readonly RowFault[]): string[] {
  const each = (text: (fault: RowFault) => string) => faults.map(text).join('; ');
  return [
    String(line),
    each(({ column }) => column ?? ''),
    each(({ code }) => code),
    each(({ code }) => rowFaultReasons[code].bn),
    each(({ code }) => rowFaultReasons[code].en),
  ];
}
