import { Module } from '@nestjs/common';
import { Approvals } from '@vend/identity';
import { LedgerService } from '@vend/ledger';
import { InboxService, PaymentsModule } from '@vend/payments';
import { Database } from '@vend/platform';
import { OwedPayments, VendingService } from '@vend/vending';
import { AutomaticCases } from './automatic';
import { CasesService } from './cases.service';
import { MoneyWays, type Drawers } from './money-ways';
import { RefundBooking, type ProviderRefunds } from './provider-refunds';

/** Filled where providers can be asked for refunds (libs/checkout). */
export const PROVIDER_REFUNDS = Symbol('ProviderRefunds');

/** Filled where shifts are kept (libs/counter). */
export const DRAWERS = Symbol('Drawers');

/** Complaints and what they lead to. Needs the global Database, LedgerService and VendingService. */
@Module({
  imports: [PaymentsModule],
  providers: [
    { provide: CasesService, inject: [Database], useFactory: (database: Database) => new CasesService(database) },
    {
      provide: MoneyWays,
      inject: [
        ...[Database, CasesService, VendingService, LedgerService],
        ...[PROVIDER_REFUNDS, DRAWERS].map((token) => ({ token, optional: true })),
      ],
      useFactory: (
        database: Database,
        cases: CasesService,
        vending: VendingService,
        ledger: LedgerService,
        refunds?: ProviderRefunds,
        drawers?: Drawers,
      ) => {
        const rooms = { database, cases, vending, refunds, drawers };
        return new MoneyWays({ ...rooms, owed: new OwedPayments(ledger), approvals: new Approvals(database) });
      },
    },
    {
      provide: RefundBooking,
      inject: [Database, VendingService, LedgerService],
      useFactory: (database: Database, vending: VendingService, ledger: LedgerService) =>
        new RefundBooking({ database, vending, ledger, owed: new OwedPayments(ledger) }),
    },
    {
      provide: AutomaticCases,
      inject: [Database, InboxService, VendingService],
      useFactory: (database: Database, inbox: InboxService, vending: VendingService) =>
        new AutomaticCases(database, inbox, vending),
    },
  ],
  exports: [CasesService, MoneyWays, RefundBooking, AutomaticCases],
})
export class CasesModule {}
