import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BILLERS, CommitJanitor, CommitRegister, LiveBiller } from '@vend/billers';
import { AutomaticCases } from '@vend/cases';
import { Providers, sourceOfProvider } from '@vend/payments';
import { createLogger } from '@vend/platform';
import { VendingService } from '@vend/vending';
import { Periodic } from '../operations/periodic';
import { WORKER_CONFIG, type WorkerConfig } from '../worker.config';

const EVERY_MS = 2_000;

/** Ends the payments of billers that nobody works any more. Any number of workers may: each takes its own in hand. */
@Injectable()
export class CommitRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looks: Periodic;

  constructor(
    @Inject(WORKER_CONFIG) config: WorkerConfig,
    providers: Providers,
    register: CommitRegister,
    core: LiveBiller,
    vending: VendingService,
    cases: AutomaticCases,
  ) {
    const log = createLogger('worker', config.LOG_LEVEL);
    const janitor = new CommitJanitor({
      ...{ providers, register, core, profiles: BILLERS },
      onUnacknowledged: async ({ trxId }, provider) => {
        const record = await vending.findByKey(sourceOfProvider(provider), trxId);
        if (record?.vend) await cases.openUnacknowledged(record.rechargeId);
      },
      onFault: (error, provider) => log.warn({ err: error, provider }, 'a payment could not be ended; trying again'),
    });
    this.looks = new Periodic(
      EVERY_MS,
      () => janitor.run(),
      (error) => log.warn({ err: error }, 'could not look for payments left behind; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }
}
