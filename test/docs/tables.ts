import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The checkout that these pages belong to, from the sources and from dist/ alike. */
export const ROOT = findRoot(__dirname);

function findRoot(from: string): string {
  return readdirSync(from).includes('package.json') ? from : findRoot(resolve(from, '..'));
}

/** A file of the checkout as text. @example readText('docs/LEDGER.md') */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every page a reader may open: README.md and all of docs/. */
export function pages(): string[] {
  return ['README.md', ...filesBelow('docs', /\.md$/)];
}

/** Files below a folder, as paths from the root. */
export function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * The cells of the table that follows `<!-- table: name -->` on a page, without its header; trimmed, pipes unescaped.
 *
 * @throws {Error} when the page has no such table
 */
export function tableOf(page: string, name: string): string[][] {
  const [, after] = readText(page).split(`<!-- table: ${name} -->`);
  const lines = (after ?? '').trimStart().split('\n');
  const length = lines.findIndex((line) => !line.startsWith('|'));
  const rows = (length < 0 ? lines : lines.slice(0, length)).map(cellsOf);
  if (rows.length < 3) throw new Error(`${page} has no table ${name}`);
  return rows.slice(2);
}

function cellsOf(line: string): string[] {
  const cells = line.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** The text of a cell without the backticks around code. @example bare('`APPLIED`, `REFUND_DUE`') // 'APPLIED, REFUND_DUE' */
export function bare(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '');
}

/** Fenced blocks of a language on a page, in order. */
export function blocksOf(page: string, language: string): string[] {
  return [...readText(page).matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, each]) => each === language)
    .map(([, , text]) => text!);
}

/** The fenced block that follows `<!-- example: name -->`. @throws {Error} when there is none */
export function exampleOf(page: string, name: string): string {
  const found = new RegExp(`<!-- example: ${name} -->\\s*\`\`\`\\w+\\n([^]*?)\n\`\`\`\n`).exec(readText(page));
  if (!found) throw new Error(`${page} has no example ${name}`);
  return found[1]!;
}

/** Rows as a Markdown table. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
