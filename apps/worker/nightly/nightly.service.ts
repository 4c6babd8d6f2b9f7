import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LedgerService } from '@vend/ledger';
import { createLogger, Database } from '@vend/platform';
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
  private readonly log: Logger;
  private readonly runner: NightlyRunner;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(WORKER_CONFIG) config: WorkerConfig,
    database: Database,
    private readonly ledger: LedgerService,
  ) {
    this.log = createLogger('worker', config.LOG_LEVEL);
    const parts = {
      tokens: { tokenServer: tokenServerOf(config), log: this.log },
      imports: keptImports(config, database),
    };
    this.runner = new NightlyRunner(database, nightlyTasks({ database, ledger, ...parts }), this.log);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      // One look at a time: a proof may take longer than a minute.
      this.running ??= this.look().finally(() => (this.running = undefined));
    }, EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async look(): Promise<void> {
    try {
      await this.ledger.settle(Date.now() - SETTLED_AFTER_MS);
      await this.ledger.rollUp();
      await this.runner.runDue(Date.now());
    } catch (error) {
      this.log.warn({ err: error }, 'the night work could not look; trying again');
    }
  }
}
