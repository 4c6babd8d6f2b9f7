import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { createDataSource, type EntityClass } from './database/data-source';
import { Database } from './database/database';
import { databaseProfileFaults } from './database/profile';
import { ConfigurationError } from './config/config';
import { counter } from './observability/metrics';

export interface PlatformSettings {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly entities: readonly EntityClass[];
}

/** The database for the whole process; closes its pool last. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static forRoot(settings: PlatformSettings): DynamicModule {
    return {
      module: PlatformModule,
      providers: [{ provide: Database, useFactory: () => openDatabase(settings) }],
      exports: [Database],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.dataSource.destroy();
  }
}

/** Connects and checks the durability profile: refuses to run on a database that may forget. */
export async function openDatabase(settings: PlatformSettings): Promise<Database> {
  const retries = counter('vend_transaction_retries_total', 'Transactions run again after a transient refusal', [
    'errno',
  ]);
  const dataSource = createDataSource({
    url: settings.databaseUrl,
    poolSize: settings.poolSize,
    entities: settings.entities,
  });
  await dataSource.initialize();
  const database = new Database(dataSource, { retried: (errno) => retries.inc({ errno: String(errno) }) });
  const faults = await databaseProfileFaults(database);
  if (faults.length > 0) {
    await dataSource.destroy();
    throw new ConfigurationError(`The database's durability profile does not hold:\n  ${faults.join('\n  ')}`);
  }
  return database;
}
