import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problemOf, retryAfterSeconds } from './problems';
import { refusalOf } from './refusal';
import { safeError } from './safe-error';

/** Answers everything thrown as application/problem+json (RFC 9457); only the unexpected is logged, with its cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = refusalOf(thrown);
    const problem = problemOf(refusal, request.id);
    if (problem.status >= 500) {
      const details = {
        requestId: request.id,
        route: request.routeOptions.url,
        code: problem.code,
        err: safeError(thrown),
      };
      if (problem.code === 'internal-error') this.logger.error(details, 'request failed');
      else if (problem.code === 'database-unavailable') this.logger.warn(details, 'database trouble');
    }
    const retryAfter = retryAfterSeconds(problem.code, problem['retryAfterSeconds']);
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    // Serialised here: given an object with a `statusCode`-like shape, Nest's adapter would touch the content type.
    void reply
      .status(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  }
}
