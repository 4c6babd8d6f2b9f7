import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { BillerDesk, BILLERS, CommitRegister, LiveBiller, TriggerBiller } from '@vend/billers';
import type { Paisa } from '@vend/kernel';
import { LedgerModule, LedgerService } from '@vend/ledger';
import { MetersModule, MetersService } from '@vend/meters';
import { openProviders, Providers } from '@vend/payments';
import { Database, type Secrets } from '@vend/platform';
import { PaymentReversal, VendingService } from '@vend/vending';
import { BillersController } from './billers.controller';

interface Settings {
  readonly secrets: Pick<Secrets, 'sealingSecret' | 'quoteSecret'>;
  readonly maximumPaisa: Paisa;
  readonly logger: Logger;
}

/** The door of companies that sell our recharges, and what stands behind it. */
@Module({})
export class BillersModule {
  static forRoot({ secrets, maximumPaisa, logger }: Settings): DynamicModule {
    return {
      module: BillersModule,
      imports: [LedgerModule, MetersModule],
      controllers: [BillersController],
      providers: [
        {
          provide: Providers,
          inject: [Database],
          useFactory: (database: Database) => openProviders(database, secrets.sealingSecret),
        },
        {
          provide: CommitRegister,
          inject: [Database],
          useFactory: (database: Database) => new CommitRegister(database, secrets.sealingSecret),
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
        {
          provide: BillerDesk,
          inject: [Database, Providers, CommitRegister, LiveBiller],
          useFactory: (database: Database, providers: Providers, register: CommitRegister, live: LiveBiller) => {
            const sandbox = new TriggerBiller(database);
            return new BillerDesk({
              ...{ database, providers, register, profiles: BILLERS, sessionSecret: secrets.quoteSecret },
              coreOf: ({ mode }) => (mode === 'live' ? live : sandbox),
              onFault: (error, at) => logger.error({ err: error, ...at }, 'a biller was answered that we failed'),
            });
          },
        },
      ],
      exports: [Providers],
    };
  }
}
