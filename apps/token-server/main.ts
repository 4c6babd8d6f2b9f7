import 'reflect-metadata';
import tls from 'node:tls';
import { NestFactory } from '@nestjs/core';
import { DomainError } from '@vend/kernel';
import type { Logger } from 'pino';
import { CallerPolicyError } from './callers/caller-policy';
import { ConfigError, readConfig } from './config';
import type { TokenServerConfig } from './config';
import { assertNoCoreDumps } from './core-dumps';
import { createLogger, nestLogger } from './logs';
import { openParts } from './parts';
import { TokenServerModule } from './token-server.module';

const SHUTDOWN_LIMIT_MS = 8_000;

async function start(config: TokenServerConfig, log: Logger): Promise<void> {
  tls.DEFAULT_MIN_VERSION = 'TLSv1.3';
  assertNoCoreDumps(config.coreDumps, log);
  const parts = await openParts(config, log);
  const app = await NestFactory.createApplicationContext(TokenServerModule.of(parts), {
    logger: nestLogger(parts.log),
    abortOnError: false,
  });
  parts.log.info({ address: config.address }, 'listening');

  process.on('SIGHUP', () => void parts.reload());
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    parts.log.info({ signal }, 'stopping');
    // A caller that never ends its call must not keep the keys in memory.
    const limit = setTimeout(() => {
      void parts.close().finally(() => {
        parts.log.warn('stopped with calls under way');
        process.exit(0);
      });
    }, SHUTDOWN_LIMIT_MS);
    void app.close().then(() => {
      clearTimeout(limit);
      parts.log.info('stopped');
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** One line an operator can act on; no stack, which could show where a key lies. */
function refuseToStart(error: unknown, log: Logger): void {
  const why = 'token server refuses to start';
  if (error instanceof DomainError) log.fatal({ code: error.code, ...error.facts }, why);
  else if (error instanceof ConfigError || error instanceof CallerPolicyError)
    log.fatal({ faults: error.message }, why);
  else log.fatal({ err: error }, why);
  process.exitCode = 1;
}

function main(): void {
  const log = createLogger();
  try {
    const config = readConfig(process.env);
    log.level = config.logLevel;
    start(config, log).catch((error: unknown) => {
      refuseToStart(error, log);
      process.exit(1);
    });
  } catch (error) {
    refuseToStart(error, log);
  }
}

main();
