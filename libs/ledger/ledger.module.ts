import { Global, Module } from '@nestjs/common';
import { Database } from '@vend/platform';
import { LedgerService } from './ledger.service';

@Global()
@Module({
  providers: [
    { provide: LedgerService, useFactory: (database: Database) => new LedgerService(database), inject: [Database] },
  ],
  exports: [LedgerService],
})
export class LedgerModule {}
