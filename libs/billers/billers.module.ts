import { Module, type DynamicModule } from '@nestjs/common';
import type { Paisa } from '@vend/kernel';
import { LedgerModule, LedgerService } from '@vend/ledger';
import { MetersModule, MetersService } from '@vend/meters';
import { openProviders, Providers } from '@vend/payments';
import { Database, type Secrets } from '@vend/platform';
import { PaymentReversal, VendingService } from '@vend/vending';
import { CommitRegister } from './commit-register';
import { LiveBiller } from './live-biller';

export interface BillersModuleSettings {
  readonly sealingSecret: Secrets['sealingSecret'];
  /** The most that anybody may pay at once. */
  readonly maximumPaisa: Paisa;
}

/** Companies that sell our recharges, for the process that answers them and the one that ends what was left behind. */
@Module({})
export class BillersModule {
  /** Needs the global Database and VendingService. */
  static forRoot({ sealingSecret, maximumPaisa }: BillersModuleSettings): DynamicModule {
    return {
      module: BillersModule,
      imports: [LedgerModule, MetersModule],
      providers: [
        {
          provide: Providers,
          inject: [Database],
          useFactory: (database: Database) => openProviders(database, sealingSecret),
        },
        {
          provide: CommitRegister,
          inject: [Database],
          useFactory: (database: Database) => new CommitRegister(database, sealingSecret),
        },
        {
          provide: LiveBiller,
          inject: [Database, LedgerService, VendingService, MetersService, CommitRegister],
          useFactory: (
            database: Database,
            ledger: LedgerService,
            vending: VendingService,
            meters: MetersService,
            register: CommitRegister,
          ) => {
            const reversal = new PaymentReversal(database, ledger);
            return new LiveBiller({ database, vending, meters, reversal, register, maximumPaisa });
          },
        },
      ],
      exports: [Providers, CommitRegister, LiveBiller],
    };
  }
}
