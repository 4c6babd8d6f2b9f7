/*
 * node docker/run.mjs test/docs/write-error-codes: writes the tables of codes in docs/API.md from the code. Run prettier
 * over the page afterwards; docs.spec.ts fails while they differ.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES_PAGE, CODE_TABLES } from './error-codes';
import { ROOT, markdownTable, readText } from './tables';

let page = readText(CODES_PAGE);
for (const [name, { header, rows }] of Object.entries(CODE_TABLES)) {
  const place = new RegExp(`(<!-- table: ${name} -->)[^]*?(<!-- end: ${name} -->)`);
  if (!place.test(page)) throw new Error(`${CODES_PAGE} has no place for ${name}`);
  const table = markdownTable(
    header,
    rows.map(([code, ...rest]) => [`\`${code}\``, ...rest]),
  );
  page = page.replace(place, (_all, start: string, end: string) => `${start}\n\n${table}\n\n${end}`);
}
writeFileSync(join(ROOT, CODES_PAGE), page);
console.log(`${CODES_PAGE} written; now: npx prettier --write ${CODES_PAGE}`);
