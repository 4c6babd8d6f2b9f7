import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { DomainError } from '@vend/kernel';
import { loadStaTables, openKeyFile, SoftwareSecurityModule } from '@vend/keystore';
import { SAMPLE_TABLES_NOTICE } from '@vend/sts';
import type { Logger } from 'pino';
import { ConfigError, readConfig } from './config';
import type { TokenServerConfig } from './config';
import { createLogger, nestLogger } from './logs';
import { SAMPLE_TABLES_WARNING } from './status-report';
import { TokenServerModule } from './token-server.module';
import type { TokenServerParts } from './token-server.module';
import { grpcTransport } from './transport';

const SHUTDOWN_LIMIT_MS = 8_000;

/** Opens tables and keys before anything listens: a server without keys must not look alive. */
function openParts(config: TokenServerConfig, log: Logger): TokenServerParts {
  const tables = loadStaTables(config.staTablesFile);
  const keys = openKeyFile(config.keyFile, config.kekSource);
  const module = new SoftwareSecurityModule(keys, { tables, cacheSize: config.decoderKeyCacheSize });
  const tagged = tables.kind === 'iec-sample' ? log.child({ staTables: SAMPLE_TABLES_NOTICE }) : log;
  if (tables.kind === 'iec-sample') tagged.warn(SAMPLE_TABLES_WARNING);
  if (tables.kind === 'other')
    tagged.warn({ sha256: tables.sha256 }, 'STA tables are neither the sample nor the production ones');
  for (const { sgc, krn, dkga, baseDate, ken, kcv } of module.keys()) {
    tagged.info({ sgc, krn, dkga, baseDate, ken, kcv }, 'vending key opened');
  }
  return { module, tables, log: tagged };
}

/** A core dump of this process would hold every vending key. */
function warnOfCoreDumps(log: Logger): void {
  try {
    const line = /^Max core file size\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    if (line && line[1] !== '0') log.warn('core dumps are on: start this process with `ulimit -c 0`');
  } catch {
    log.debug('no /proc: core dump limit unknown');
  }
}

async function start(config: TokenServerConfig, log: Logger): Promise<void> {
  tls.DEFAULT_MIN_VERSION = 'TLSv1.3';
  warnOfCoreDumps(log);
  const parts = openParts(config, log);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(TokenServerModule.of(parts), {
    ...grpcTransport(config),
    logger: nestLogger(parts.log),
    abortOnError: false,
  });
  await app.listen();
  parts.log.info({ address: config.address }, 'listening');

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    parts.log.info({ signal }, 'stopping');
    // A caller that never ends its call must not keep the keys in memory.
    const limit = setTimeout(() => {
      parts.module.close();
      parts.log.warn('stopped with calls under way');
      process.exit(0);
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
  if (error instanceof DomainError) log.fatal({ code: error.code, ...error.facts }, 'token server refuses to start');
  else if (error instanceof ConfigError) log.fatal({ faults: error.message }, 'token server refuses to start');
  else log.fatal({ err: error }, 'token server refuses to start');
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
