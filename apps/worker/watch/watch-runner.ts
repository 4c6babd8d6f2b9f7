import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { createLogger } from '@vend/platform';
import { Watch } from '@vend/watch';
import { WORKER_CONFIG, type WorkerConfig } from '../worker.config';

/** Often enough that a supervisor hears of a burst while it lasts. */
const EVERY_MS = 10_000;

/** Looks for what is unusual, behind the lane. Any number of workers may: what is found is found once. */
@Injectable()
export class WatchRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log: Logger;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(WORKER_CONFIG) config: WorkerConfig,
    private readonly watch: Watch,
  ) {
    this.log = createLogger('worker', config.LOG_LEVEL);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.look().finally(() => (this.running = undefined));
    }, EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async look(): Promise<void> {
    try {
      await this.watch.look();
    } catch (error) {
      this.log.warn({ err: error }, 'the watch could not look; its cursor stands, trying again');
    }
  }
}
