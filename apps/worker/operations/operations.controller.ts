import { Controller, Get, Header, HttpCode, ServiceUnavailableException } from '@nestjs/common';
import { Database, metrics } from '@vend/platform';
import { WorkerRunner } from '../worker.runner';

const READY_WITHIN_MS = 2_000;

/** What a supervisor process and Prometheus ask. */
@Controller()
export class OperationsController {
  constructor(
    private readonly database: Database,
    private readonly runner: WorkerRunner,
  ) {}

  @Get('health/live')
  @HttpCode(204)
  live(): void {
    // Answering at all is the answer.
  }

  @Get('health/ready')
  async ready(): Promise<{ status: 'ready' }> {
    const [database, redis] = await Promise.allSettled([
      within(this.database.read('SELECT 1')),
      within(this.runner.redisReachable()),
    ]);
    const parts = {
      database: database.status === 'fulfilled',
      redis: redis.status === 'fulfilled' && redis.value,
    };
    if (!parts.database || !parts.redis) throw new ServiceUnavailableException({ status: 'not-ready', ...parts });
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4')
  figures(): Promise<string> {
    return metrics.metrics();
  }
}

/** A part that hangs is not ready: who asks must not hang with it. */
function within<T>(answer: Promise<T>): Promise<T> {
  return Promise.race([
    answer,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error('no answer in time')), READY_WITHIN_MS).unref(),
    ),
  ]);
}
