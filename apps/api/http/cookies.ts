import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '@vend/kernel';

/** Hosts of this machine itself: only there a page comes over plain HTTP without a proxy with TLS in front. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;
/** What our pages send with every call. A page of another site cannot: it would have to ask us first, and we say no. */
const PAGE_HEADER = 'x-vend-page';
const CHANGES_NOTHING = ['GET', 'HEAD'];

/** One cookie of ours. */
export interface PageCookie {
  /** Without prefix: over HTTPS it is sent as `__Secure-<name>`, which no page over HTTP can have set. */
  readonly name: string;
  /** The only addresses that it is sent to. */
  readonly path: string;
}

function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https' || !LOOPBACK.test(request.headers.host ?? '');
}

function nameOf(request: FastifyRequest, { name }: PageCookie): string {
  return isSecure(request) ? `__Secure-${name}` : name;
}

/**
 * The value of a cookie of ours.
 *
 * @example readCookie(request, { name: 'vend-session', path: '/v1' }) // 'eyJhbGci…', or undefined
 */
export function readCookie(request: FastifyRequest, cookie: PageCookie): string | undefined {
  const wanted = `${nameOf(request, cookie)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length) || undefined;
}

/**
 * Gives the browser a cookie that no script can read, that no other site's page can make it send, and that over plain
 * HTTP exists only on this machine itself. @param seconds how long it is kept; 0 takes it away
 */
export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  cookie: PageCookie,
  value: string,
  seconds: number,
): void {
  const parts = [
    `${nameOf(request, cookie)}=${value}`,
    `Path=${cookie.path}`,
    `Max-Age=${Math.max(0, Math.floor(seconds))}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure(request) ? ['Secure'] : []),
  ];
  void reply.header('set-cookie', parts.join('; '));
}

/**
 * A call that a cookie lets in and that changes something must come from a page of ours: it carries our header, and where
 * the browser names an origin, that is ours. SameSite alone trusts every host of the same site.
 *
 * @throws {DomainError} page-header-missing
 */
export function assertFromOurPage(request: FastifyRequest): void {
  if (CHANGES_NOTHING.includes(request.method)) return;
  const { origin, host } = request.headers;
  const isOurs = origin === undefined || origin === `${isSecure(request) ? 'https' : 'http'}://${host}`;
  if (request.headers[PAGE_HEADER] === undefined || !isOurs) throw new DomainError('page-header-missing');
}
