/*
 * node docker/run.mjs test/docs/write-error-codes: writes the tables of codes in docs/API.md, and those of
 * docs/PERMISSIONS.md and docs/PARTNERS.md, from the code. Run prettier over the pages afterwards; docs.spec.ts fails while they differ.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES_PAGE, CODE_TABLES } from './error-codes';
import { PERMISSIONS_PAGE, PERMISSION_TABLES } from './permissions';
import { PARTNERS_PAGE, TRIGGER_TABLES } from './triggers';
import { ROOT, markdownTable, readText } from './tables';

const PAGES = { [CODES_PAGE]: CODE_TABLES, [PERMISSIONS_PAGE]: PERMISSION_TABLES, [PARTNERS_PAGE]: TRIGGER_TABLES };

for (const [path, tables] of Object.entries(PAGES)) {
  let page = readText(path);
  for (const [name, { header, rows }] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- table: ${name} -->)[^]*?(<!-- end: ${name} -->)`);
    if (!place.test(page)) throw new Error(`${path} has no place for ${name}`);
    const table = markdownTable(
      header,
      rows.map(([code, ...rest]) => [`\`${code}\``, ...rest]),
    );
    page = page.replace(place, (_all, start: string, end: string) => `${start}\n\n${table}\n\n${end}`);
  }
  writeFileSync(join(ROOT, path), page);
  console.log(`${path} written; now: npx prettier --write ${path}`);
}
