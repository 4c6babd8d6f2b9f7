import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { SessionsService, type Role, type SessionUser } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { ApiProblems } from './problem.dto';

const ROLES = 'vend:roles';
const BEARER = /^Bearer ([\w.-]{20,4096})$/i;

type SessionRequest = FastifyRequest & { user?: SessionUser };

/** Lets a person with a good access token and one of the route's roles pass. */
@Injectable()
class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new DomainError('session-missing');
    const user = this.sessions.verify(token);
    const roles = this.reflector.get<readonly Role[]>(ROLES, context.getHandler());
    if (!roles.includes(user.role)) throw new DomainError('role-not-allowed');
    request.user = user;
    return true;
  }
}

/** Opens a route to people with these roles, and to nobody else. */
export function Allow(...roles: readonly Role[]) {
  return applyDecorators(
    SetMetadata(ROLES, roles),
    UseGuards(BearerGuard),
    ApiBearerAuth('session'),
    ApiProblems('session-missing', 'session-invalid', 'session-expired', 'role-not-allowed'),
  );
}

/** Whoever calls; only on routes with `Allow`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): SessionUser => {
  const { user } = context.switchToHttp().getRequest<SessionRequest>();
  if (!user) throw new Error('Caller() needs Allow()');
  return user;
});
