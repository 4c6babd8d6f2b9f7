import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../migrations';

/** An entity class of a room's store. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type of an entity class
export type EntityClass = Function;

export interface DataSourceSettings {
  /** mysql://user:password@host:port/database */
  readonly url: string;
  readonly poolSize: number;
  readonly entities?: readonly EntityClass[];
  readonly withMigrations?: boolean;
}

/**
 * One pool on MariaDB or MySQL. BIGINT comes back as string (a JS number would lose paisa above 2^53), instants
 * are UTC, and nothing is ever synchronised from entities: the schema is what the migrations say.
 */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'mariadb',
    url: settings.url,
    entities: [...(settings.entities ?? [])],
    migrations: settings.withMigrations ? [...MIGRATIONS] : [],
    migrationsTableName: 'schema_migrations',
    timezone: 'Z',
    charset: 'utf8mb4_unicode_ci',
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: ['DATE'],
    synchronize: false,
    // Statements of one turn share a round trip (transaction.ts). All values go through the driver's escaping.
    multipleStatements: true,
    poolSize: settings.poolSize,
    // A full pool must queue for a bounded time only: the caller is answered 503, not kept for ever.
    // `trace` would capture a stack for every statement, for errors that we make again ourselves.
    extra: { trace: false, queueLimit: 2_000, connectTimeout: 5_000, enableKeepAlive: true },
  });
}
