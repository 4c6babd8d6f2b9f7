import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import type { SecurityModule } from '@vend/keystore';
import type { StaTables } from '@vend/sts';
import type { Logger } from 'pino';
import { TokenController } from './token.controller';
import { LOGGER, SECURITY_MODULE, STA_TABLES } from './tokens';

/** What main has opened before anything listens. */
export interface TokenServerParts {
  readonly module: SecurityModule;
  readonly tables: StaTables;
  readonly log: Logger;
}

/** The process: one controller over one security module. */
@Module({})
export class TokenServerModule implements OnApplicationShutdown {
  constructor(@Inject(SECURITY_MODULE) private readonly keys: SecurityModule) {}

  static of(parts: TokenServerParts): DynamicModule {
    return {
      module: TokenServerModule,
      controllers: [TokenController],
      providers: [
        { provide: SECURITY_MODULE, useValue: parts.module },
        { provide: STA_TABLES, useValue: parts.tables },
        { provide: LOGGER, useValue: parts.log },
      ],
    };
  }

  /** Nest closes the transport first, so no call is under way when the keys go. */
  onApplicationShutdown(): void {
    this.keys.close();
  }
}
