/*
 * Proves that every SQL statement of LEDGER.md and the runbooks runs as printed, with the application's rights, on the
 * migrated schema: names that the migrations change cannot go unnoticed.
 */
import { createConnection, type Connection } from 'mysql2/promise';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { blocksOf, filesBelow } from './tables';

let fresh: FreshDatabase;
let connection: Connection;
beforeAll(async () => {
  fresh = await freshDatabase();
  connection = await createConnection({ uri: fresh.url });
});
afterAll(async () => {
  await connection?.end();
  await fresh?.drop();
});

const PAGES = ['docs/LEDGER.md', ...filesBelow('docs/runbooks', /\.md$/)];
const statements = PAGES.flatMap((page) =>
  blocksOf(page, 'sql').flatMap((block) =>
    block.split(/;\s*$/m).map((statement) => ({ page, statement: statement.trim() })),
  ),
).filter(({ statement }) => statement !== '');

it('there are some', () => expect(statements.length).toBeGreaterThan(10));

it.each(statements)('$page: $statement', async ({ statement }) => {
  await expect(connection.query(statement)).resolves.toBeDefined();
});
