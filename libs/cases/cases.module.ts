import { Module } from '@nestjs/common';
import { Approvals } from '@vend/identity';
import { LedgerService } from '@vend/ledger';
import { InboxService, PaymentsModule } from '@vend/payments';
import { Database } from '@vend/platform';
import { OwedPayments, VendingService } from '@vend/vending';
import { AutomaticCases } from './automatic';
import { CasesService } from './cases.service';
import { MoneyWays } from './money-ways';

/** Complaints and what they lead to. Needs the global Database, LedgerService and VendingService. */
@Module({
  imports: [PaymentsModule],
  providers: [
    { provide: CasesService, inject: [Database], useFactory: (database: Database) => new CasesService(database) },
    {
      provide: MoneyWays,
      inject: [Database, CasesService, VendingService, LedgerService],
      useFactory: (database: Database, cases: CasesService, vending: VendingService, ledger: LedgerService) => {
        const rooms = { database, cases, vending, ledger };
        return new MoneyWays({ ...rooms, owed: new OwedPayments(ledger), approvals: new Approvals(database) });
      },
    },
    {
      provide: AutomaticCases,
      inject: [Database, InboxService, VendingService],
      useFactory: (database: Database, inbox: InboxService, vending: VendingService) =>
        new AutomaticCases(database, inbox, vending),
    },
  ],
  exports: [CasesService, MoneyWays, AutomaticCases],
})
export class CasesModule {}
