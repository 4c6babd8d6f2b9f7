import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import type { Paisa } from '@vend/kernel';
import { FieldPipe } from './field.pipe';
import { AmountLimits } from './limits';
import { ProblemFilter } from './problem.filter';

/** What every route has: bodies checked against their DTOs, refusals answered as problems, the amount's limit. */
@Global()
@Module({})
export class HttpModule {
  static forRoot(settings: { readonly maximumPaisa: Paisa; readonly logger: Logger }): DynamicModule {
    return {
      module: HttpModule,
      providers: [
        { provide: APP_PIPE, useClass: FieldPipe },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(settings.logger) },
        { provide: AmountLimits, useFactory: () => new AmountLimits(settings.maximumPaisa) },
      ],
      exports: [AmountLimits],
    };
  }
}
