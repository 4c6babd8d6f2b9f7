import { Module } from '@nestjs/common';
import { LedgerService } from '@vend/ledger';
import { Database } from '@vend/platform';
import { BankDeposits } from './deposits.service';
import { Shifts } from './shifts.service';
import { Tills } from './tills';

/** Shifts, deposits and where the cash is. Needs the global Database and LedgerService. */
@Module({
  providers: [
    { provide: Tills, inject: [Database], useFactory: (database: Database) => new Tills(database) },
    ...[Shifts, BankDeposits].map((service) => ({
      provide: service,
      inject: [Database, LedgerService],
      useFactory: (database: Database, ledger: LedgerService) => new service(database, ledger),
    })),
  ],
  exports: [Tills, Shifts, BankDeposits],
})
export class CounterModule {}
