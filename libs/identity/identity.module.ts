import { Module, type DynamicModule } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Database, type Secrets } from '@vend/platform';
import { Approvals } from './approvals/approvals.service';
import { Offices } from './offices/offices.service';
import { PartnersService } from './partners.service';
import { People } from './people/people.service';
import { Logins } from './sessions/logins';
import { SessionsService } from './sessions/sessions.service';

/** People, partners, sessions. Needs the global `Database` of PlatformModule. */
@Module({})
export class IdentityModule {
  static forRoot(secrets: Pick<Secrets, 'jwtSecret' | 'sealingSecret'>): DynamicModule {
    return {
      module: IdentityModule,
      providers: [
        {
          provide: Logins,
          inject: [Database],
          useFactory: (database: Database) => new Logins(database, secrets.sealingSecret),
        },
        {
          provide: SessionsService,
          inject: [Database, Logins],
          useFactory: (database: Database, logins: Logins) =>
            new SessionsService(database, new JwtService({ secret: secrets.jwtSecret }), logins),
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
        { provide: Offices, inject: [Database], useFactory: (database: Database) => new Offices(database) },
        {
          provide: People,
          inject: [Database, Logins],
          useFactory: (database: Database, logins: Logins) => new People(database, logins),
        },
      ],
      exports: [Logins, SessionsService, PartnersService, Approvals, Offices, People],
    };
  }
}
