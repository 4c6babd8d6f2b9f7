import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DomainError } from '@vend/kernel';
import { csvRows } from './csv-lines';
import type { FileKind, FileRows } from './source';
import type { TablesErrorCode } from './tables.errors';
import { openSheet } from './xlsx/sheet-rows';

/**
 * Opens a file of either kind.
 *
 * @throws {DomainError} `import-file-missing`, `import-file-unreadable` (at once, or while its rows are read)
 */
export async function openFile(path: string, kind: FileKind): Promise<FileRows> {
  const size = await stat(path).then(
    (found) => found.size,
    (error: unknown) => {
      throw new DomainError<TablesErrorCode>('import-file-missing', {}, { cause: error });
    },
  );
  if (kind === 'xlsx') return openSheet(path);
  return { totalBytes: size, groups: csvRows(createReadStream(path)), close: () => undefined };
}

/** The kind of a file by its first bytes: a workbook is a zip archive. */
export function kindOf(firstBytes: Uint8Array): FileKind {
  return firstBytes[0] === 0x50 && firstBytes[1] === 0x4b ? 'xlsx' : 'csv';
}
