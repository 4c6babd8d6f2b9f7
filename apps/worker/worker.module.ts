import { Module, type DynamicModule } from '@nestjs/common';
import { BillersModule } from '@vend/billers';
import { CasesModule } from '@vend/cases';
import { CheckoutModule } from '@vend/checkout';
import { GrpcTokenIssuer, IssuerModule } from '@vend/issuer';
import { parseTaka } from '@vend/kernel';
import { LedgerModule } from '@vend/ledger';
import { MetersModule } from '@vend/meters';
import { PaymentsModule } from '@vend/payments';
import { PlatformModule, readSecrets } from '@vend/platform';
import { TOKEN_ISSUER, VendingModule } from '@vend/vending';
import { WatchModule } from '@vend/watch';
import { CommitRunner } from './billers/commit-runner';
import { NightlyService } from './nightly/nightly.service';
import { OperationsController } from './operations/operations.controller';
import { SalesRunner } from './operations/sales-runner';
import { WatchRunner } from './watch/watch-runner';
import { checkoutSettings, WORKER_CONFIG, type WorkerConfig } from './worker.config';
import { WorkerRunner } from './worker.runner';

/** Lets the rooms' modules reach the issuer under the name that vending knows it by. */
@Module({})
class IssuerBinding {
  static forRoot(config: WorkerConfig): DynamicModule {
    return {
      module: IssuerBinding,
      global: true,
      imports: [
        IssuerModule.register({
          address: config.TOKEN_SERVER_ADDRESS,
          caFile: config.TLS_CA_FILE,
          certFile: config.TLS_CERT_FILE,
          keyFile: config.TLS_KEY_FILE,
        }),
      ],
      providers: [{ provide: TOKEN_ISSUER, useExisting: GrpcTokenIssuer }],
      exports: [TOKEN_ISSUER],
    };
  }
}

/** The worker process: the same rooms as the api, behind queues instead of routes. */
@Module({})
export class WorkerModule {
  static forRoot(config: WorkerConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot({
          databaseUrl: config.DATABASE_URL,
          poolSize: config.DATABASE_POOL_SIZE,
          entities: [],
        }),
        LedgerModule,
        MetersModule,
        PaymentsModule,
        WatchModule,
        CasesModule,
        BillersModule.forRoot({
          sealingSecret: readSecrets(config.SECRETS_FILE).sealingSecret,
          maximumPaisa: parseTaka(config.RECHARGE_MAX_TAKA),
        }),
        CheckoutModule.forRoot(checkoutSettings(config)),
        IssuerBinding.forRoot(config),
        VendingModule.forRoot({
          book: config.TARIFF_BOOK,
          quoteSecret: readSecrets(config.SECRETS_FILE).quoteSecret,
          quoteTtlMs: config.QUOTE_TTL_SECONDS * 1_000,
          tokenDeadlineMs: config.TOKEN_DEADLINE_MS,
          laneGroupMax: config.LANE_GROUP_MAX,
          laneWriters: config.LANE_WRITERS,
          laneBacklogMax: config.LANE_BACKLOG_MAX,
        }),
      ],
      controllers: [OperationsController],
      providers: [
        { provide: WORKER_CONFIG, useValue: config },
        WorkerRunner,
        NightlyService,
        SalesRunner,
        WatchRunner,
        CommitRunner,
      ],
    };
  }
}
