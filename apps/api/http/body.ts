import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '@vend/kernel';

/**
 * What stands in for a body that is not JSON. Parsing does not refuse by itself, because it runs before the
 * guards: a stranger with a bad signature must hear about the signature, whatever the body looks like.
 * `FieldPipe`, which runs after the guards, refuses it.
 */
export class UnreadableBody {}
export const UNREADABLE_BODY = new UnreadableBody();

/** A request that kept the bytes its signature was made over. */
export type RawRequest = FastifyRequest & { rawBody?: Buffer };

/** Kinds of files that may be uploaded, by content type; on the routes below alone. */
export const UPLOAD_KINDS: Readonly<Record<string, 'csv' | 'xlsx'>> = {
  'text/csv': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};
const UPLOAD_ROUTES: readonly (string | undefined)[] = [
  '/v1/imports',
  '/v1/settlements/statements',
  '/v1/settlements/bank-credits',
];

/**
 * Below these a body stays the bytes that came, whatever its content type says: what another company sends is read by
 * the part that knows its contract, after its address was looked at.
 */
const RAW_ROUTES: readonly string[] = ['/v1/billers/', '/v1/callbacks/gateways/', '/v1/checkout/return/'];
/** Stands for any content type on a raw route while Fastify chooses a parser. */
const RAW_TYPE = 'application/x-raw';
class BodyTooLarge {}
const BODY_TOO_LARGE = new BodyTooLarge();

const isRawRoute = (url: string | undefined) => RAW_ROUTES.some((raw) => url?.startsWith(raw) === true);

/**
 * The bytes of a request to a raw route, empty when it has none; undefined when it was larger than 64 KB, so that the
 * refusal can be in the caller's words.
 *
 * @example const rawBody = rawBodyOf(request); if (!rawBody) throw new DomainError('body-too-large');
 */
export function rawBodyOf(request: FastifyRequest): Buffer | undefined {
  if (request.body === BODY_TOO_LARGE) return undefined;
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** Leaves the bodies of raw routes as they are, up to the server's limit. */
function registerRawParser(instance: FastifyInstance): void {
  const limit = instance.initialConfig.bodyLimit!;
  const given = new WeakMap<FastifyRequest, string | undefined>();
  instance.addHook('onRequest', (request, _reply, done) => {
    if (isRawRoute(request.routeOptions.url)) {
      given.set(request, request.headers['content-type']);
      request.raw.headers['content-type'] = RAW_TYPE;
    }
    done();
  });
  instance.addContentTypeParser(RAW_TYPE, (request, stream, done) => {
    if (!given.has(request)) return done(new DomainError('content-type-unsupported'));
    const type = given.get(request);
    if (type === undefined) delete request.raw.headers['content-type'];
    else request.raw.headers['content-type'] = type;
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks.length = 0;
      // Read so far that an honest caller hears why; nobody is listened to without end.
      if (length > 16 * limit) request.raw.destroy();
    });
    stream.once('error', done);
    stream.once('end', () => done(null, length > limit ? BODY_TOO_LARGE : Buffer.concat(chunks)));
  });
}

/** Reads JSON bodies, and hands an upload on as a stream; any other content type is answered 415 by Fastify. */
export function registerBodyParser(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  registerRawParser(instance);
  // Fastify's own parser, for its refusal of __proto__ and constructor.prototype keys.
  const parseJson = instance.getDefaultJsonParser('error', 'error');
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    (request as RawRequest).rawBody = body as Buffer;
    void parseJson(request, (body as Buffer).toString('utf8'), (error, parsed) => {
      done(null, error ? UNREADABLE_BODY : parsed);
    });
  });
  // Never read here: the guards speak first, and the limit of a file is not that of a body.
  instance.addContentTypeParser(Object.keys(UPLOAD_KINDS), (request, stream, done) => {
    if (UPLOAD_ROUTES.includes(request.routeOptions.url)) done(null, stream);
    else done(new DomainError('content-type-unsupported'));
  });
}
