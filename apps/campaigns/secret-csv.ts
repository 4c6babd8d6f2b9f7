import { open, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { UsageError } from './arguments';

type Cell = string | number | boolean;

/**
 * Writes rows as CSV into a file that nobody else may read: mode 0600, complete under its name or not there at all.
 * Rows are taken no faster than the disk takes them.
 *
 * @returns how many rows were written
 * @throws {UsageError} when the file exists: a list of tokens is not overwritten by a slip
 */
export async function writeSecretCsv(
  path: string,
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<number> {
  if (existsSync(path)) throw new UsageError(`${path} exists already: remove it, or give another name`);
  const part = `${path}.part`;
  await rm(part, { force: true });
  const file = await open(part, 'wx', 0o600);
  let rows = 0;
  try {
    await file.write(`${columns.join(',')}\n`);
    for await (const page of pages) {
      rows += page.length;
      await file.write(page.map((row) => `${row.map(quoted).join(',')}\n`).join(''));
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
  await file.close();
  await rename(part, path);
  return rows;
}

function quoted(cell: Cell): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
