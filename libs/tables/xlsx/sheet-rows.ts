import { posix } from 'node:path';
import { DomainError } from '@vend/kernel';
import { GROUP_ROWS, type FileRows, type RowGroup, type SourceRow } from '../source';
import type { TablesErrorCode } from '../tables.errors';
import { SheetCells } from './sheet-cells';
import { SharedStrings } from './shared-strings';
import { readWholeXml, readXml } from './xml';
import { ZipParts } from './zip';

/** What parts may grow to when unpacked: an archive of kilobytes can hold terabytes. */
const SHEET_MAX_BYTES = 2 * 1_073_741_824;
const STRINGS_MAX_BYTES = 256 * 1_048_576;
const SMALL_MAX_BYTES = 1_048_576;

/**
 * Opens the first sheet of a workbook (ECMA-376, SpreadsheetML) as rows of text.
 *
 * @throws {DomainError} `import-file-unreadable`, at once or while its rows are read
 */
export async function openSheet(path: string): Promise<FileRows> {
  return readable(async () => {
    const zip = await ZipParts.open(path);
    try {
      const { sheet, since1904 } = await firstSheet(zip);
      const strings = zip.sizeOf('xl/sharedStrings.xml')
        ? await SharedStrings.read(zip.read('xl/sharedStrings.xml', STRINGS_MAX_BYTES))
        : undefined;
      const cells = new SheetCells(strings, since1904);
      const chunks = zip.read(sheet, SHEET_MAX_BYTES);
      return { totalBytes: zip.sizeOf(sheet) ?? 0, groups: groupsOf(chunks, cells), close: () => zip.close() };
    } catch (error) {
      zip.close();
      throw error;
    }
  });
}

async function* groupsOf(chunks: AsyncIterable<Buffer>, cells: SheetCells): AsyncGenerator<RowGroup> {
  const read = readXml(chunks, cells);
  let rows: SourceRow[] = [];
  for (;;) {
    const step = await readable(() => read.next());
    if (step.done === true) break;
    const doneBytes = step.value;
    rows.push(...cells.take());
    for (; rows.length >= GROUP_ROWS; rows = rows.slice(GROUP_ROWS)) {
      yield { rows: rows.slice(0, GROUP_ROWS), doneBytes };
    }
    cells.doneBytes = doneBytes;
  }
  rows.push(...cells.take());
  if (rows.length > 0) yield { rows, doneBytes: cells.doneBytes };
}

/** The part that the first sheet is in, and which day its days are counted from. */
async function firstSheet(zip: ZipParts): Promise<{ sheet: string; since1904: boolean }> {
  let relation: string | undefined;
  let since1904 = false;
  await readWholeXml(zip.read('xl/workbook.xml', SMALL_MAX_BYTES), {
    open: (name, attributes) => {
      if (name === 'workbookPr') since1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name === 'sheet') relation ??= Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1];
    },
  });
  let sheet: string | undefined;
  await readWholeXml(zip.read('xl/_rels/workbook.xml.rels', SMALL_MAX_BYTES), {
    open: (name, attributes) => {
      const target = attributes['Target'];
      if (name !== 'Relationship' || attributes['Id'] !== relation || target === undefined) return;
      sheet = target.startsWith('/') ? target.slice(1) : posix.join('xl', target);
    },
  });
  if (sheet === undefined) throw new Error('no sheet');
  return { sheet, since1904 };
}

async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DomainError<TablesErrorCode>('import-file-unreadable', {}, { cause: error });
  }
}
