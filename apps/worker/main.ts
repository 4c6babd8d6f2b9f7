import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { collectProcessMetrics, ConfigurationError, createLogger, readConfig } from '@vend/platform';
import { WORKER_SETTINGS } from './worker.config';
import { WorkerModule } from './worker.module';

/** Starts the worker: relay, queues, and a small HTTP door for health and figures. */
async function main(): Promise<void> {
  const config = readConfig(WORKER_SETTINGS);
  collectProcessMetrics('worker');
  const app = await NestFactory.create(WorkerModule.forRoot(config), new FastifyAdapter(), {
    logger: ['error', 'warn'],
  });
  app.enableShutdownHooks();
  await app.listen(config.WORKER_PORT, '127.0.0.1');
  createLogger('worker', config.LOG_LEVEL).info({ port: config.WORKER_PORT }, 'worker ready');
}

main().catch((error: unknown) => {
  const log = createLogger('worker');
  if (error instanceof ConfigurationError) log.fatal(error.message);
  else log.fatal({ err: error }, 'the worker could not start');
  process.exit(1);
});
