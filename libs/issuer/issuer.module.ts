import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { GrpcTokenIssuer } from './grpc-token-issuer';
import type { TokenIssuerOptions } from './grpc-token-issuer';

/**
 * Provides GrpcTokenIssuer, one connection for the process.
 *
 * @example imports: [IssuerModule.register({ address, caFile, certFile, keyFile })]
 */
@Module({})
export class IssuerModule implements OnApplicationShutdown {
  constructor(private readonly issuer: GrpcTokenIssuer) {}

  static register(options: TokenIssuerOptions): DynamicModule {
    return {
      module: IssuerModule,
      providers: [{ provide: GrpcTokenIssuer, useFactory: () => new GrpcTokenIssuer(options) }],
      exports: [GrpcTokenIssuer],
    };
  }

  onApplicationShutdown(): void {
    this.issuer.close();
  }
}
