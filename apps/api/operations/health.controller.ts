import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DomainError } from '@vend/kernel';
import { Database, metrics } from '@vend/platform';

/** A database that takes longer than this to answer SELECT 1 is not one to send clerks to. */
const READY_WITHIN_MS = 2_000;

/** For launchers, load balancers and Prometheus. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Ready means that recharges can be recorded. An absent token server does not count: payments are still taken. */
  @Get('health/ready')
  async ready(): Promise<{ status: 'ok'; database: 'ok' }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), READY_WITHIN_MS);
    });
    try {
      await Promise.race([this.database.read('SELECT 1'), late]);
    } catch (error) {
      throw new DomainError('database-unavailable', {}, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    return { status: 'ok', database: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', metrics.contentType)
  page(): Promise<string> {
    return metrics.metrics();
  }
}
