import { Module, type DynamicModule } from '@nestjs/common';
import { Database, type Secrets } from '@vend/platform';
import { LoadInbox } from './load-inbox';

/** The inbox for head-ends' callbacks; needs the platform's Database, which is global. */
@Module({})
export class MeterLinkModule {
  static forRoot({ sealingSecret }: Pick<Secrets, 'sealingSecret'>): DynamicModule {
    return {
      module: MeterLinkModule,
      providers: [
        {
          provide: LoadInbox,
          inject: [Database],
          useFactory: (database: Database) => new LoadInbox(database, sealingSecret),
        },
      ],
      exports: [LoadInbox],
    };
  }
}
