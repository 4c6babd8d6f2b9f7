import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiCookieAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { originIsOf, type Permission } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { CustomerAccess, type Visitor } from '@vend/portal';
import { PERMISSION } from '../http/bearer.guard';
import { ApiProblems } from '../http/problem.dto';

const COOKIE = 'vend_my';
const CARRIED = /(?:^|;\s*)vend_my=([\w-]{43})(?:;|$)/;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/;

type OwnRequest = FastifyRequest & { visitor?: Visitor; ownToken?: string };

/** Lets a customer with the cookie of a good session pass, and nobody whom another site has sent. */
@Injectable()
class CustomerGuard implements CanActivate {
  constructor(private readonly access: CustomerAccess) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<OwnRequest>();
    const token = CARRIED.exec(request.headers.cookie ?? '')?.[1];
    // SameSite=Strict has kept it back already; a browser that knows neither says nothing.
    const site = request.headers['sec-fetch-site'];
    const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
    if (token === undefined || isForeign) throw new DomainError('own-session-missing');
    request.visitor = await this.access.visitor(token);
    request.ownToken = token;
    originIsOf(`customer:${request.visitor.customerNo}`, null);
    return true;
  }
}

/** Opens a route to customers on their own page, by the cookie of `POST /v1/my/sessions`, and to nobody else. */
export function AllowCustomer() {
  const permission: Permission = 'own-meters.use';
  return applyDecorators(
    SetMetadata(PERMISSION, permission),
    UseGuards(CustomerGuard),
    ApiCookieAuth(COOKIE),
    ApiProblems('own-session-missing'),
  );
}

/** The customer who calls; only on routes with `AllowCustomer`. */
export const Own = createParamDecorator((_data: unknown, context: ExecutionContext): Visitor => {
  const { visitor } = context.switchToHttp().getRequest<OwnRequest>();
  if (!visitor) throw new Error('Own() needs AllowCustomer()');
  return visitor;
});

/** The token of the cookie; only on routes with `AllowCustomer`. */
export const OwnToken = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const { ownToken } = context.switchToHttp().getRequest<OwnRequest>();
  if (ownToken === undefined) throw new Error('OwnToken() needs AllowCustomer()');
  return ownToken;
});

/**
 * The header that gives a browser its session, or takes it away with an empty token. No script can read it, no other site
 * has it sent, and it goes in the clear to our own machine alone.
 *
 * @example sessionCookie(request, token, 43_200) // 'vend_my=…; Max-Age=43200; Path=/v1/my; HttpOnly; SameSite=Strict; Secure'
 */
export function sessionCookie(request: FastifyRequest, token: string, maxAgeSeconds: number): string {
  const isPlain = request.protocol === 'http' && LOOPBACK.test(request.host);
  const parts = [`${COOKIE}=${token}`, `Max-Age=${maxAgeSeconds}`, 'Path=/v1/my', 'HttpOnly', 'SameSite=Strict'];
  return [...parts, ...(isPlain ? [] : ['Secure'])].join('; ');
}
