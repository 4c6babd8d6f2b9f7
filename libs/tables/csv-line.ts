/** One line of a CSV file, ended. @example csvLine(['a', 'b, c']) // 'a,"b, c"\r\n' */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe, its own mark of text: what strangers put into a
 * file must not run on the officer's machine. The importer takes the mark off again.
 */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
