import { Global, Module, type DynamicModule } from '@nestjs/common';
import { GrpcTokenIssuer, IssuerModule, type TokenIssuerOptions } from '@vend/issuer';
import { TOKEN_ISSUER } from '@vend/vending';

/** Offers the token server's client under the name that vending asks for. */
@Global()
@Module({})
export class TokenIssuerModule {
  static forRoot(options: TokenIssuerOptions): DynamicModule {
    return {
      module: TokenIssuerModule,
      imports: [IssuerModule.register(options)],
      providers: [{ provide: TOKEN_ISSUER, useExisting: GrpcTokenIssuer }],
      // The class itself says how the server stands; the port only makes tokens.
      exports: [TOKEN_ISSUER, IssuerModule],
    };
  }
}
