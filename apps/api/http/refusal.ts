import { HttpException } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import { CommitOutcomeUnknown, isTransient } from '@vend/platform';
import type { HttpErrorCode } from './http.errors';
import { describe } from './problems';

/** Refusals that Nest and Fastify make themselves, by status. */
const BY_STATUS: Readonly<Record<number, HttpErrorCode>> = {
  404: 'route-not-found',
  405: 'route-not-found',
  413: 'body-too-large',
  415: 'content-type-unsupported',
};

/** Codes of a connection that could not be made, broke, or waited too long for its turn. */
const CONNECTION_FAULTS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_QUERY_INTERRUPTED',
  'ER_CONNECTION_KILLED',
]);

/**
 * What the caller is told about anything that was thrown: a refusal as it is, trouble with the database as
 * something to repeat, the rest as an internal error.
 */
export function refusalOf(error: unknown): DomainError {
  if (isRefusal(error)) {
    return describe(error.code) ? error : new DomainError('internal-error', {}, { cause: error });
  }
  if (error instanceof HttpException) {
    const status = error.getStatus();
    if (status < 500) return new DomainError(BY_STATUS[status] ?? 'request-malformed', {}, { cause: error });
  }
  return new DomainError(isDatabaseTrouble(error) ? 'database-unavailable' : 'internal-error', {}, { cause: error });
}

/** Without the type guard the code's type would be any: instanceof does not know it. */
function isRefusal(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof CommitOutcomeUnknown || isTransient(error)) return true;
  for (let e = error as { code?: unknown; message?: unknown; driverError?: unknown; cause?: unknown } | undefined; e;) {
    if (typeof e.code === 'string' && CONNECTION_FAULTS.has(e.code)) return true;
    // mysql2 gives these no code: a pool whose queue is full, and a connection that closed under a waiting query.
    if (e.message === 'Queue limit reached.' || e.message === 'Pool is closed.') return true;
    if (typeof e.message === 'string' && e.message.includes('closed state')) return true;
    e = (e.driverError ?? e.cause) as typeof e;
  }
  return false;
}
