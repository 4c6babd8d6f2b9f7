import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { createLogger } from '@vend/platform';
import { Watch } from '@vend/watch';
import { Periodic } from '../operations/periodic';
import { WORKER_CONFIG, type WorkerConfig } from '../worker.config';

/** Often enough that a supervisor hears of a burst while it lasts. */
const EVERY_MS = 10_000;

/** Looks for what is unusual, behind the lane. Any number of workers may: what is found is found once. */
@Injectable()
export class WatchRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looks: Periodic;

  constructor(@Inject(WORKER_CONFIG) config: WorkerConfig, watch: Watch) {
    const log = createLogger('worker', config.LOG_LEVEL);
    this.looks = new Periodic(
      EVERY_MS,
      () => watch.look(),
      (error) => log.warn({ err: error }, 'the watch could not look; its cursor stands, trying again'),
    );
  }

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }
}
