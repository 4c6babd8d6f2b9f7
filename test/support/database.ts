import { randomBytes } from 'node:crypto';
import { Database, createDataSource, migrate, type EntityClass } from '@vend/platform';

/** A migrated database of its own for one test file. */
export interface FreshDatabase {
  /** With exactly the rights the application has in production: a statement it may not run fails here too. */
  readonly database: Database;
  /** With every right, for arranging and for looking behind the curtain (DELETE, ALTER). */
  readonly admin: Database;
  /** mysql://application-user:password@host:port/name */
  readonly url: string;
  readonly name: string;
  /** Closes both pools and drops the database and its user. */
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
  const adminUrl = process.env['TEST_DATABASE_ADMIN_URL'];
  if (!adminUrl) throw new Error('TEST_DATABASE_ADMIN_URL is not set; run the suite with npm test');
  const name = `vend_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const user = `t_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');

  const server = createDataSource({ url: withPath(adminUrl, ''), poolSize: 1 });
  await server.initialize();
  await server.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  await server.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}'`);

  const owner = createDataSource({ url: withPath(adminUrl, name), poolSize: 4, withMigrations: true });
  await owner.initialize();
  await migrate(owner, `'${user}'@'%'`);

  const url = withUser(withPath(adminUrl, name), user, password);
  const application = createDataSource({ url, poolSize: options.poolSize ?? 12, entities: options.entities });
  await application.initialize();
  return {
    database: new Database(application, { retried: options.retried ?? (() => undefined) }),
    admin: new Database(owner),
    url,
    name,
    drop: async () => {
      await application.destroy();
      await owner.destroy();
      await server.query(`DROP DATABASE IF EXISTS \`${name}\``);
      await server.query(`DROP USER IF EXISTS '${user}'@'%'`);
      await server.destroy();
    },
  };
}

function withPath(url: string, path: string): string {
  const changed = new URL(url);
  changed.pathname = `/${path}`;
  return changed.toString();
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.toString();
}
