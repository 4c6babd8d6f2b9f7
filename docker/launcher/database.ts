import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';

/** One database and the two accounts that use it: one that may change tables, one that may only work in them. */
export interface DatabaseAccess {
  readonly name: string;
  /** Owner of the tables: used by migrations alone. */
  readonly migrationUrl: string;
  /** The applications' account; the migrations grant it what it needs, table by table. */
  readonly appUrl: string;
  readonly appUser: string;
}

export interface DatabaseNames {
  readonly database: string;
  readonly migrationUser: string;
  readonly appUser: string;
}

/**
 * Makes a database with its two accounts if they are missing, and sets the accounts' passwords.
 *
 * @param adminUrl an account that may create databases and users, such as root of a private server
 * @throws Error from the server, such as a missing privilege
 */
export async function createDatabase(
  adminUrl: string,
  names: DatabaseNames,
  passwords: { readonly databaseMigration: string; readonly databaseApp: string },
): Promise<DatabaseAccess> {
  const connection = await connectToServer(adminUrl);
  try {
    const database = connection.escapeId(names.database);
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    await createAccount(connection, names.migrationUser, passwords.databaseMigration);
    await createAccount(connection, names.appUser, passwords.databaseApp);
    // In a GRANT the name of a database is a pattern: an underscore would stand for any character.
    const pattern = connection.escapeId(names.database.replace(/[_%\\]/g, '\\$&'));
    await connection.query(`GRANT ALL PRIVILEGES ON ${pattern}.* TO ?@'%' WITH GRANT OPTION`, [names.migrationUser]);
  } finally {
    await connection.end();
  }
  return {
    name: names.database,
    migrationUrl: urlFor(adminUrl, names.database, names.migrationUser, passwords.databaseMigration),
    appUrl: urlFor(adminUrl, names.database, names.appUser, passwords.databaseApp),
    appUser: names.appUser,
  };
}

async function createAccount(connection: Connection, user: string, password: string): Promise<void> {
  await connection.query(`CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ?`, [user, password]);
  await connection.query(`ALTER USER ?@'%' IDENTIFIED BY ?`, [user, password]);
}

/** Removes a database and its accounts: for tests. */
export async function dropDatabase(adminUrl: string, names: DatabaseNames): Promise<void> {
  const connection = await connectToServer(adminUrl);
  try {
    await connection.query(`DROP DATABASE IF EXISTS ${connection.escapeId(names.database)}`);
    for (const user of [names.migrationUser, names.appUser])
      await connection.query(`DROP USER IF EXISTS ?@'%'`, [user]);
  } finally {
    await connection.end();
  }
}

/** Connects without choosing a database: the one that the URL names may not exist yet. */
function connectToServer(adminUrl: string): Promise<Connection> {
  const url = new URL(adminUrl);
  url.pathname = '/';
  return createConnection({ uri: url.toString(), connectTimeout: 10_000 });
}

function urlFor(adminUrl: string, database: string, user: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.toString();
}
