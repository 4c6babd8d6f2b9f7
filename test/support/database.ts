import { Database, createDataSource, migrate, type EntityClass } from '@vend/platform';
import { createTestDatabase } from './servers';

/** A migrated database of its own for one test file. */
export interface FreshDatabase {
  /** With exactly the rights the application has in production: a statement it may not run fails here too. */
  readonly database: Database;
  /** With every right on this database, for arranging and for looking behind the curtain (DELETE, ALTER). */
  readonly admin: Database;
  /** mysql://application-user:password@host:port/name */
  readonly url: string;
  readonly name: string;
  /** Closes both pools and drops the database and its accounts. */
  drop(): Promise<void>;
}

export interface FreshDatabaseOptions {
  readonly poolSize?: number;
  readonly entities?: readonly EntityClass[];
  readonly retried?: (errno: number) => void;
}

/**
 * Makes an empty database with a random name on the server at TEST_DATABASE_ADMIN_URL, migrates it, and opens
 * it as the application's user. Files may run at once: nobody shares one.
 *
 * @throws {Error} when TEST_DATABASE_ADMIN_URL is not set: `npm test` sets it
 * @example
 * let fresh: FreshDatabase;
 * beforeAll(async () => { fresh = await freshDatabase(); });
 * afterAll(() => fresh.drop());
 */
export async function freshDatabase(options: FreshDatabaseOptions = {}): Promise<FreshDatabase> {
  const empty = await createTestDatabase();
  const owner = createDataSource({ url: empty.migrationUrl, poolSize: 4, withMigrations: true });
  await owner.initialize();
  await migrate(owner, `'${empty.appUser}'@'%'`);
  // Tests have clocks of their own, which may be ahead of the server's.
  await owner.query('UPDATE ledger_horizon SET max_ahead_ms = 4000000000000');
  const application = createDataSource({
    url: empty.appUrl,
    poolSize: options.poolSize ?? 12,
    entities: options.entities,
  });
  await application.initialize();
  return {
    database: new Database(application, { retried: options.retried ?? (() => undefined) }),
    admin: new Database(owner),
    url: empty.appUrl,
    name: empty.name,
    drop: async () => {
      await application.destroy();
      await owner.destroy();
      await empty.drop();
    },
  };
}
