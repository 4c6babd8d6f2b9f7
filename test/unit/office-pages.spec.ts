/* Proves of the office's tables of pages and of work that every permission in them is one of ours, and that no two pages share an address; the tables are read as the page reads them. */
import { PERMISSIONS } from '@vend/identity';

/** Not compiled here: the pages behind it are written for browsers. */
const { OFFICE_PAGES } = jest.requireActual<{
  readonly OFFICE_PAGES: readonly { readonly path: string; readonly permission: string }[];
}>('../../apps/pos/src/office/office-pages');

it.each(OFFICE_PAGES)('$path asks for a permission that there is', ({ path, permission }) => {
  expect(path).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  expect(Object.keys(PERMISSIONS)).toContain(permission);
});

it('gives each page an address of its own', () => {
  expect(new Set(OFFICE_PAGES.map(({ path }) => path)).size).toBe(OFFICE_PAGES.length);
});

const { ALL_WORKS } = jest.requireActual<{
  readonly ALL_WORKS: readonly { readonly name: string; readonly permission: string }[];
}>('../../apps/pos/src/office/work/works');

it.each(ALL_WORKS)('$name asks for a permission that there is', ({ permission }) => {
  expect(Object.keys(PERMISSIONS)).toContain(permission);
});
