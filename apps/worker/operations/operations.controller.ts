import { Controller, Get, Header, HttpCode, ServiceUnavailableException } from '@nestjs/common';
import { Database, metrics } from '@vend/platform';
import { WorkerRunner } from '../worker.runner';

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
    const [database, redis] = await Promise.allSettled([this.database.read('SELECT 1'), this.runner.redisReachable()]);
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
