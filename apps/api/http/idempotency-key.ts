import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError, isId, type Id } from '@vend/kernel';

/**
 * The till's key for a recharge: a UUID that it makes and keeps before it sends, so that a repeat is a repeat.
 *
 * @throws {DomainError} idempotency-key-missing, idempotency-key-malformed
 */
function readIdempotencyKey(header: string | string[] | undefined): Id {
  if (header === undefined || header === '') throw new DomainError('idempotency-key-missing');
  const key = String(header).toLowerCase();
  if (!isId(key)) throw new DomainError('idempotency-key-malformed');
  return key;
}

/** The Idempotency-Key header of the request. */
export const IdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext): Id => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return readIdempotencyKey(request.headers['idempotency-key']);
});
