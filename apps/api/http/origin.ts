import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { agentHashOf, type Origin } from '@vend/identity';

/** From where a request comes, for those who have no session yet; and its User-Agent. */
export interface RequestSource {
  readonly origin: Origin;
  readonly agent: string | undefined;
}

export const CallerOrigin = createParamDecorator((_data: unknown, context: ExecutionContext): RequestSource => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const agent = request.headers['user-agent'];
  return {
    origin: { address: request.ip, agentHash: agentHashOf(agent), station: null, requestId: request.id },
    agent,
  };
});
