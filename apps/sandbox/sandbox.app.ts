import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SandboxConfig } from './config';
import { ProblemFilter } from './http/problem.filter';
import { SandboxModule } from './sandbox.module';

/** A hundred SMS of a thousand Bangla letters, escaped as \uXXXX, are 600 kB. */
const BODY_MAX_BYTES = 2_000_000;

/** Builds the sandbox with its stored phones and meters read; the caller listens. */
export async function createSandbox(config: SandboxConfig): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_MAX_BYTES,
    // A caller that was left hanging on purpose must not hold up the end.
    forceCloseConnections: true,
  });
  // Nest's own start-up lines, one per route, say nothing here.
  const logger = new ConsoleLogger({ json: true, logLevels: ['warn', 'error', 'fatal'] });
  const app = await NestFactory.create<NestFastifyApplication>(SandboxModule.with(config), adapter, {
    logger,
    // A head-end checks the signature on the bytes as they came.
    rawBody: true,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  return app;
}
