import { Module, type DynamicModule } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Database, type Secrets } from '@vend/platform';
import { Approvals } from './approvals/approvals.service';
import { PartnersService } from './partners.service';
import { SessionsService } from './sessions.service';

/** People, partners, sessions. Needs the global `Database` of PlatformModule. */
@Module({})
export class IdentityModule {
  static forRoot(secrets: Pick<Secrets, 'jwtSecret' | 'sealingSecret'>): DynamicModule {
    return {
      module: IdentityModule,
      providers: [
        {
          provide: SessionsService,
          inject: [Database],
          useFactory: (database: Database) =>
            new SessionsService(database, new JwtService({ secret: secrets.jwtSecret })),
        },
        {
          provide: PartnersService,
          inject: [Database],
          useFactory: (database: Database) => new PartnersService(database, secrets.sealingSecret),
        },
        {
          provide: Approvals,
          inject: [Database],
          useFactory: (database: Database) => new Approvals(database),
        },
      ],
      exports: [SessionsService, PartnersService, Approvals],
    };
  }
}
