import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { GrpcServer } from './calls/grpc-server';
import { TokenCalls } from './calls/token-calls';
import type { TokenCallParts } from './calls/token-calls';
import type { TokenServerConfig } from './config';
import { Figures } from './operations/figures';
import { OperationsServer } from './operations/operations-server';
import { CONFIG, LOGGER, PARTS } from './tokens';

/** What main has opened before anything listens. */
export interface TokenServerParts {
  readonly config: TokenServerConfig;
  readonly calls: TokenCallParts;
  /** Writes what waits and erases the keys. */
  readonly close: () => Promise<void>;
  readonly log: Logger;
}

const CLOSE = Symbol('close');

/** The process: one gRPC server over one security module and one journal. */
@Module({})
export class TokenServerModule implements OnApplicationShutdown {
  constructor(@Inject(CLOSE) private readonly close: () => Promise<void>) {}

  static of(parts: TokenServerParts): DynamicModule {
    return {
      module: TokenServerModule,
      providers: [
        { provide: CONFIG, useValue: parts.config },
        { provide: PARTS, useValue: parts.calls },
        { provide: LOGGER, useValue: parts.log },
        { provide: CLOSE, useValue: parts.close },
        Figures,
        TokenCalls,
        GrpcServer,
        OperationsServer,
      ],
    };
  }

  /** Nest stops the transport first, so no call is under way when the journal and the keys go. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
