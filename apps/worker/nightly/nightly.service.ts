import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { parseQuietHours } from '@vend/kernel';
import { LedgerService } from '@vend/ledger';
import { createLogger, Database } from '@vend/platform';
import { Periodic } from '../operations/periodic';
import { tokenServerOf, WORKER_CONFIG, type WorkerConfig } from '../worker.config';
import { NightlyRunner } from './nightly-runner';
import { keptImports, nightlyTasks } from './tasks';

/** Often enough that a reader adds up a minute of postings, seldom enough that rush hour does not feel it. */
const EVERY_MS = 60_000;
/** What is this old is settled: a recharge that takes longer is booked just after. */
const SETTLED_AFTER_MS = 30_000;

/** Keeps the ledger's totals at most a minute behind, and runs the night's tasks. Any number of workers may. */
@Injectable()
export class NightlyService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looks: Periodic;

  constructor(@Inject(WORKER_CONFIG) config: WorkerConfig, database: Database, ledger: LedgerService) {
    const log = createLogger('worker', config.LOG_LEVEL);
    const parts = {
      tokens: { tokenServer: tokenServerOf(config), log },
      imports: keptImports(config, database),
      quietHours: parseQuietHours(config.SMS_QUIET_HOURS),
      keepDays: config,
    };
    const runner = new NightlyRunner(database, nightlyTasks({ database, ledger, ...parts }), log);
    const look = async () => {
      await ledger.settle(Date.now() - SETTLED_AFTER_MS);
      await ledger.rollUp();
      await runner.runDue(Date.now());
    };
    const failed = (error: unknown) => log.warn({ err: error }, 'the night work could not look; trying again');
    this.looks = new Periodic(EVERY_MS, look, failed);
  }

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }
}
