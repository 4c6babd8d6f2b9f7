import { Global, Module } from '@nestjs/common';
import { DRAWERS } from '@vend/cases';
import { CounterModule, Tills } from '@vend/counter';

/** Lets the cases pay cash out of the drawer of whoever pays. */
@Global()
@Module({
  imports: [CounterModule],
  providers: [{ provide: DRAWERS, useExisting: Tills }],
  exports: [CounterModule, DRAWERS],
})
export class DrawersModule {}
