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
const UPLOAD_ROUTES: readonly (string | undefined)[] = ['/v1/imports'];

/** Reads JSON bodies, and hands an upload on as a stream; any other content type is answered 415 by Fastify. */
export function registerBodyParser(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
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
