import { Module, type DynamicModule } from '@nestjs/common';
import { Database, type Secrets } from '@vend/platform';
import { CustomerAccess } from './access';
import { OwnMeters } from './own-meters';

/** What the api asks of this room; needs the platform's Database, which is global. */
@Module({})
export class PortalModule {
  static forRoot({ sealingSecret }: Pick<Secrets, 'sealingSecret'>): DynamicModule {
    return {
      module: PortalModule,
      providers: [
        {
          provide: CustomerAccess,
          inject: [Database],
          useFactory: (database: Database) => new CustomerAccess(database, sealingSecret),
        },
        { provide: OwnMeters, inject: [Database], useFactory: (database: Database) => new OwnMeters(database) },
      ],
      exports: [CustomerAccess, OwnMeters],
    };
  }
}
