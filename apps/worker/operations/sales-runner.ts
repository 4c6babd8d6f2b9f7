import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { createLogger, Database } from '@vend/platform';
import { Sales } from '@vend/reports';
import { WORKER_CONFIG, type WorkerConfig } from '../worker.config';
import { Periodic } from './periodic';

/** As old as the figures of the dashboard may be. */
const EVERY_MS = 10_000;

/** Counts what was sold, for the dashboard, behind the lane. Any number of workers may. */
@Injectable()
export class SalesRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly counts: Periodic;

  constructor(@Inject(WORKER_CONFIG) config: WorkerConfig, database: Database) {
    const log = createLogger('worker', config.LOG_LEVEL);
    const sales = new Sales(database);
    this.counts = new Periodic(
      EVERY_MS,
      () => sales.count(),
      (error) => log.warn({ err: error }, 'sales could not be counted; trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.counts.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.counts.stop();
  }
}
