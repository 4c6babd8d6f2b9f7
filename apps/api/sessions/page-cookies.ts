import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '@vend/identity';
import { ACCESS_COOKIE } from '../http/bearer.guard';
import { readCookie, setCookie, type PageCookie } from '../http/cookies';

/** Sent to the one route that needs it. */
const REFRESH_COOKIE: PageCookie = { name: 'vend-refresh', path: '/v1/page-sessions/refresh' };

/** The refresh token that a page's browser holds; undefined: none. */
export function readRefreshCookie(request: FastifyRequest): string | undefined {
  return readCookie(request, REFRESH_COOKIE);
}

/** Gives the tokens of a session to the browser, for as long as they are good. */
export function keepSession(request: FastifyRequest, reply: FastifyReply, session: Session): void {
  const seconds = (until: number) => (until - Date.now()) / 1000;
  setCookie(request, reply, ACCESS_COOKIE, session.accessToken, seconds(session.expiresAt));
  setCookie(request, reply, REFRESH_COOKIE, session.refreshToken, seconds(session.refreshExpiresAt));
}

/** Takes them away. */
export function forgetSession(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, ACCESS_COOKIE, '', 0);
  setCookie(request, reply, REFRESH_COOKIE, '', 0);
}
