import type { DataSource } from 'typeorm';
import { DatabaseFailure, errorNumber } from './failures';
import { applicationGrants, applicationRevocations } from './grants';

/** Brings the schema up to date and gives the application's user exactly its rights. @returns names of what ran */
export async function migrate(dataSource: DataSource, applicationUser: string | undefined): Promise<string[]> {
  const applied = await dataSource.runMigrations({ transaction: 'none' });
  if (applicationUser) {
    const rows: { name: string; db: string }[] = await dataSource.query(
      `SELECT TABLE_NAME AS name, DATABASE() AS db FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()`,
    );
    const tables = rows.map((row) => row.name).filter((name) => name !== 'schema_migrations');
    for (const revocation of applicationRevocations(rows[0]!.db, applicationUser)) await take(dataSource, revocation);
    for (const grant of applicationGrants(rows[0]!.db, applicationUser, tables)) await dataSource.query(grant);
  }
  return applied.map((migration) => migration.name);
}

/** Takes a right back; that it was never given (1147) is as good. */
async function take(dataSource: DataSource, revocation: string): Promise<void> {
  try {
    await dataSource.query(revocation);
  } catch (error) {
    const failure = new DatabaseFailure(error, revocation);
    if (errorNumber(failure) !== 1147) throw failure;
  }
}
