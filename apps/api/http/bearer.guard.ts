import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { originIsOf, SessionsService, roleMay, type Permission, type SessionUser } from '@vend/identity';
import { DomainError, type Id } from '@vend/kernel';
import { assertFromOurPage, readCookie, type PageCookie } from './cookies';
import { fromGuard, guarded, PERMISSION } from './guarded';

/** Where a page of ours keeps its access token: out of reach of its own scripts. */
export const ACCESS_COOKIE: PageCookie = { name: 'vend-access', path: '/v1' };
const BEARER = /^Bearer ([\w.-]{20,4096})$/i;

type SessionRequest = FastifyRequest & { user?: SessionUser; sessionId?: Id };

/** Lets a person with a good access token and a role that may do what the route does pass. */
@Injectable()
class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const token = tokenOf(request);
    const { user, sessionId } = await this.sessions.authenticate(token);
    const permission = this.reflector.get<Permission>(PERMISSION, context.getHandler());
    if (!roleMay(user.role, permission)) throw new DomainError('role-not-allowed');
    request.user = user;
    request.sessionId = sessionId;
    originIsOf(`user:${user.username}`, user.station);
    return true;
  }
}

/** Programs send their token in a header; the pages' browser sends it in a cookie. */
function tokenOf(request: FastifyRequest): string {
  const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const kept = request.headers.authorization === undefined ? readCookie(request, ACCESS_COOKIE) : undefined;
  if (kept === undefined) throw new DomainError('session-missing');
  assertFromOurPage(request);
  return kept;
}

/**
 * Opens a route to people whose role has this permission (libs/identity/permissions.ts), and to nobody else.
 *
 * @example @Post(':id/cancel') @Allow('vend.cancel') cancel(@Caller() user: SessionUser) { ... }
 */
export function Allow(permission: Permission) {
  return guarded({
    permission,
    guard: BearerGuard,
    scheme: ApiBearerAuth('session'),
    refusals: ['session-missing', 'session-invalid', 'session-expired', 'role-not-allowed', 'page-header-missing'],
  });
}

/** Whoever calls; only on routes with `Allow`. */
export const Caller = fromGuard((request: SessionRequest) => request.user);

/** The session that the caller acts in; only on routes with `Allow`. */
export const CallerSession = fromGuard((request: SessionRequest) => request.sessionId);
