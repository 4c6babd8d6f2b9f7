import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiCookieAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { originIsOf } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { CustomerAccess, type Visitor } from '@vend/portal';
import { assertFromOurPage, readCookie, type PageCookie } from '../http/cookies';
import { fromGuard, guarded } from '../http/guarded';

/** Where the customer's page keeps its session: out of reach of its own scripts, and of the counter's. */
export const OWN_COOKIE: PageCookie = { name: 'vend-my', path: '/v1/my' };

type OwnRequest = FastifyRequest & { visitor?: Visitor; ownToken?: string };

/** Lets a customer with the cookie of a good session pass, from a page of ours. */
@Injectable()
class CustomerGuard implements CanActivate {
  constructor(private readonly access: CustomerAccess) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<OwnRequest>();
    const token = readCookie(request, OWN_COOKIE);
    if (token === undefined) throw new DomainError('own-session-missing');
    assertFromOurPage(request);
    request.visitor = await this.access.visitor(token);
    request.ownToken = token;
    originIsOf(`customer:${request.visitor.customerNo}`, null);
    return true;
  }
}

/** Opens a route to customers on their own page, by the cookie of `POST /v1/my/sessions`, and to nobody else. */
export function AllowCustomer() {
  return guarded({
    permission: 'own-meters.use',
    guard: CustomerGuard,
    scheme: ApiCookieAuth(OWN_COOKIE.name),
    refusals: ['own-session-missing', 'page-header-missing'],
  });
}

/** The customer who calls; only on routes with `AllowCustomer`. */
export const Own = fromGuard((request: OwnRequest) => request.visitor);

/** The token of the cookie; only on routes with `AllowCustomer`. */
export const OwnToken = fromGuard((request: OwnRequest) => request.ownToken);
