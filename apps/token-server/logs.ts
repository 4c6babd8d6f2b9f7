import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { Logger } from 'pino';

/** JSON lines on standard output. What goes in: ids, codes, counts. What never does: keys, tokens, PANs. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { process: 'token-server' }, timestamp: pino.stdTimeFunctions.isoTime });
}

/** Nest's own lines through the same logger. */
export function nestLogger(log: Logger): LoggerService {
  const contextOf = (rest: unknown[]) => ({ context: rest.filter((part) => typeof part === 'string').at(-1) });
  return {
    log: (message, ...rest: unknown[]) => log.debug(contextOf(rest), String(message)),
    error: (message, ...rest: unknown[]) => log.error(contextOf(rest), String(message)),
    warn: (message, ...rest: unknown[]) => log.warn(contextOf(rest), String(message)),
    debug: (message, ...rest: unknown[]) => log.debug(contextOf(rest), String(message)),
  };
}
