import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { Logger } from 'pino';

const BUFFER_BYTES = 8 * 1024;
const FLUSH_MS = 100;

/**
 * JSON lines on standard output. What goes in: ids, codes, counts. What never does: keys, tokens, PANs.
 *
 * Lines leave in blocks, at the latest after a tenth of a second and at exit: written one by one they cost
 * more than the tokens they speak of. A SIGKILL may lose that tenth; these lines are not the audit log.
 */
export function createLogger(): Logger {
  const out = pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => out.flush(), FLUSH_MS).unref();
  return pino({ base: { process: 'token-server' }, timestamp: pino.stdTimeFunctions.isoTime }, out);
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
