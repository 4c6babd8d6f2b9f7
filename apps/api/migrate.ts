import { fillCustomerWords } from '@vend/meters';
import { createDataSource, Database, migrate, readConfig } from '@vend/platform';

/**
 * Brings the schema up to date: `node dist/apps/api/migrate.js`, with DATABASE_MIGRATION_URL (the owner of the
 * tables) and DATABASE_APP_USER (who gets its rights on them). Run it before the apps; running it again is harmless.
 */
async function main(): Promise<void> {
  const config = readConfig(['DATABASE_MIGRATION_URL', 'DATABASE_APP_USER']);
  const dataSource = createDataSource({
    url: config.DATABASE_MIGRATION_URL,
    poolSize: 2,
    withMigrations: true,
  });
  await dataSource.initialize();
  try {
    const applied = await migrate(dataSource, `'${config.DATABASE_APP_USER}'@'%'`);
    // Customers from before the index of names get their words; a killed run goes on where it was.
    const indexed = await fillCustomerWords(new Database(dataSource));
    if (indexed > 0) console.log(`names indexed: ${indexed} customers`);
    console.log(applied.length > 0 ? `migrated: ${applied.join(', ')}` : 'schema is up to date');
    // What TypeORM would change to make the tables fit the entities: anything here is a mistake in one of them.
    const drift = (await dataSource.driver.createSchemaBuilder().log()).upQueries.map((query) => query.query);
    const entities = dataSource.entityMetadatas.length;
    console.log(`schema drift (${entities} entities): ${drift.length === 0 ? 'none' : `\n  ${drift.join('\n  ')}`}`);
    if (drift.length > 0) process.exitCode = 1;
  } finally {
    await dataSource.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
