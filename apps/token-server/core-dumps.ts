import { readFileSync } from 'node:fs';
import { DomainError } from '@vend/kernel';
import type { Logger } from 'pino';
import type { TokenServerErrorCode } from './token-server.errors';

/**
 * A core dump of this process would hold every vending key. Node cannot set the limit of its own process: whoever starts
 * it does, with `ulimit -c 0`.
 *
 * @throws {DomainError} `core-dumps-on`
 */
export function assertNoCoreDumps(when: 'refuse' | 'warn', log: Logger): void {
  const limit = coreLimit();
  if (limit === '0' || limit === undefined) return;
  if (when === 'refuse') throw new DomainError<TokenServerErrorCode>('core-dumps-on');
  log.warn('core dumps are on: start this process with `ulimit -c 0`');
}

/** Undefined where the system does not say: there is no /proc. */
function coreLimit(): string | undefined {
  try {
    return /^Max core file size\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
