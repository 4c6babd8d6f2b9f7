import { createDataSource, Database } from '@vend/platform';
import type { QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../../libs/platform/migrations';
import { createTestDatabase } from './servers';

/** A database as it was before one migration. */
export interface EarlierDatabase {
  readonly owner: Database;
  /** For writing as the earlier release wrote. */
  readonly runner: QueryRunner;
  /** Runs that migration alone, or all from it on. */
  upgrade(how: 'alone' | 'to-date'): Promise<void>;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

/**
 * Makes a database with every migration before one of them.
 *
 * @example const earlier = await databaseBefore(Cases1700000000011);
 */
export async function databaseBefore(migration: (typeof MIGRATIONS)[number]): Promise<EarlierDatabase> {
  const empty = await createTestDatabase();
  const source = await createDataSource({ url: empty.migrationUrl, poolSize: 2, withMigrations: true }).initialize();
  const runner = source.createQueryRunner();
  const index = MIGRATIONS.indexOf(migration);
  const run = async (some: typeof MIGRATIONS) => {
    for (const Migration of some) await new Migration().up(runner);
  };
  await run(MIGRATIONS.slice(0, index));
  return {
    owner: new Database(source),
    runner,
    upgrade: (how) => run(MIGRATIONS.slice(index, how === 'alone' ? index + 1 : undefined)),
    drop: async () => {
      await runner.release();
      await source.destroy();
      await empty.drop();
    },
  };
}
