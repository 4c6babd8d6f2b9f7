import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Permission } from '@vend/identity';
import { ApiProblems } from './problem.dto';

/** Metadata of every route that is not public: what one must be allowed to do to use it. */
export const PERMISSION = 'vend:permission';

/** What every door has: the permission that it asks for, who looks at it, and what that one refuses. */
export interface Door {
  readonly permission: Permission;
  readonly guard: Type<CanActivate>;
  /** How the documentation says that one comes in. */
  readonly scheme: MethodDecorator;
  readonly refusals: Parameters<typeof ApiProblems>;
}

/** Opens a route to those whom a guard lets pass. */
export function guarded({ permission, guard, scheme, refusals }: Door) {
  return applyDecorators(SetMetadata(PERMISSION, permission), UseGuards(guard), scheme, ApiProblems(...refusals));
}

/**
 * A parameter that a guard left on the request.
 *
 * @param read undefined: the guard was not there, which is a fault of the route
 * @example export const Caller = fromGuard((request: SessionRequest) => request.user);
 */
export function fromGuard<R extends FastifyRequest, T>(read: (request: R) => T | undefined): () => ParameterDecorator {
  return createParamDecorator((_data: unknown, context: ExecutionContext): T => {
    const found = read(context.switchToHttp().getRequest<R>());
    if (found === undefined) throw new Error('a route reads what its guard leaves, and has no such guard');
    return found;
  });
}
