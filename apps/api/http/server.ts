import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DomainError, newId } from '@vend/kernel';
import { counter, histogram } from '@vend/platform';
import { agentHashOf, fromOrigin } from '@vend/identity';
import { registerBodyParser } from './body';
import { problemOf } from './problems';

const BODY_LIMIT_BYTES = 64 * 1024;
/** A request that took longer is worth a line in the log. */
const SLOW_MS = 1_000;
const REQUEST_ID = /^[\w.-]{8,64}$/;

/**
 * Fastify as this API needs it: 64 KB bodies, request ids from the edge onward, no middleware layer (nothing here
 * uses one, and every payment would pay for it).
 */
export function createAdapter(trustedProxies: readonly string[] = []): FastifyAdapter {
  return new FastifyAdapter({
    // Nobody else's X-Forwarded-For: it would let a guesser have as many addresses as he can type.
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    skipMiddie: true,
    logger: false,
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
    },
    // In-flight requests finish on shutdown; idle keep-alive connections do not hold it up.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // An address that cannot be decoded is refused before any route, hook or filter has seen it.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(new DomainError('request-malformed', {}, { cause: error }), request.id);
      void reply
        .status(problem.status)
        .headers({ 'x-request-id': request.id, 'content-type': 'application/problem+json; charset=utf-8' })
        .send(JSON.stringify(problem));
    },
  });
}

/** Parsers and hooks; called before the app is initialised, so that they hold for every route. */
export function prepareServer(instance: FastifyInstance, logger: Logger): void {
  registerBodyParser(instance);
  const requests = counter('vend_http_requests_total', 'Answers by route and status', ['route', 'status']);
  const seconds = histogram(
    'vend_http_request_seconds',
    'From the request line to the last byte of the answer',
    [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.headers({
      'x-request-id': request.id,
      // Answers carry tokens and names: nobody on the way may keep one.
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // From here on whatever is put on record knows where it came from.
    const agentHash = agentHashOf(request.headers['user-agent']);
    fromOrigin({ address: request.ip, agentHash, station: null, requestId: request.id }, done);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const elapsedMs = reply.elapsedTime;
    requests.inc({ route, status: reply.statusCode });
    seconds.observe(elapsedMs / 1_000);
    if (elapsedMs > SLOW_MS) {
      logger.warn({ requestId: request.id, route, status: reply.statusCode, elapsedMs }, 'slow request');
    }
    done();
  });
}
