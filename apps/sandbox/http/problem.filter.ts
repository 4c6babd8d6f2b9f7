import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import type { FastifyReply } from 'fastify';
import { SANDBOX_ERRORS } from '../sandbox.errors';

/** Answers every failure as application/problem+json (RFC 9457) with a stable code. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('sandbox');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = this.problemOf(error);
    void reply.status(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  }

  private problemOf(error: unknown): { status: number; code: string; title: string } & Record<string, unknown> {
    if (isOurs(error)) {
      const { status, en, bn, retryable } = SANDBOX_ERRORS[error.code];
      return { type: 'about:blank', title: en, titleBn: bn, status, code: error.code, retryable, ...error.facts };
    }
    const status = error instanceof HttpException ? error.getStatus() : statusOfParser(error);
    if (status < 500) return { type: 'about:blank', title: 'The request was refused.', status, code: `http-${status}` };
    this.logger.error(error instanceof Error ? (error.stack ?? error.name) : 'unknown failure');
    return { type: 'about:blank', title: 'The sandbox failed.', status, code: 'sandbox-failed' };
  }
}

/** Fastify's own refusals (broken JSON, too large a body) carry a status without being Nest's exceptions. */
function statusOfParser(error: unknown): number {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

function isOurs(error: unknown): error is DomainError<keyof typeof SANDBOX_ERRORS> {
  return error instanceof DomainError && Object.hasOwn(SANDBOX_ERRORS, error.code as string);
}
