import { HttpException } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import { CommitOutcomeUnknown, DatabaseFailure, isTransient } from '@vend/platform';
import type { HttpErrorCode } from './http.errors';
import { describe } from './problems';

/** Refusals that Nest and Fastify make themselves, by status. */
const BY_STATUS: Readonly<Record<number, HttpErrorCode>> = {
  404: 'route-not-found',
  405: 'route-not-found',
  413: 'body-too-large',
  415: 'content-type-unsupported',
};

/** The server spoke, but only to say that it cannot serve: shutting down, too many connections, connection killed. */
const CANNOT_SERVE = new Set([1040, 1053, 1203, 1317, 1927]);

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
  if (!(error instanceof DatabaseFailure)) return false;
  // The server's own numbers begin at 1000; without one the connection failed, or the pool's queue was full.
  return error.errno === undefined || error.errno < 1_000 || CANNOT_SERVE.has(error.errno);
}
