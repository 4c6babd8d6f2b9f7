import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json',
};
/** These are not compressed already. */
const PLAIN = ['.html', '.js', '.css', '.svg', '.webmanifest'];
/** Vite names what it writes here by its content: such an address means the same bytes for ever. */
const HASHED = /^\/pages\/assets\//;
const A_YEAR = 'public, max-age=31536000, immutable';
/** The pages' document is filled in for each answer; Mantine writes its own style elements and signs them with this. */
const NONCE = '__STYLE_NONCE__';
/** Address of each page, and the document that the build makes for it. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  '/counter': '/counter.html',
  '/office': '/office.html',
  '/my': '/customer.html',
};

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** By Content-Encoding, made when first asked for: a phone on 2G pays for every kilobyte. */
  readonly packed?: { br?: Promise<Buffer>; gzip?: Promise<Buffer> };
}

/** Nothing from elsewhere, no script in the document, no style that we have not signed, in nobody's frame. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Serves the pages that the build made: `/counter/`, `/office/` and `/my/` with whatever is below them, and their files. Routes of
 * Fastify's own, since files are no part of the API and need no guard. Without a build there are no pages.
 *
 * @param folder dist/pages
 */
export function servePages(instance: FastifyInstance, folder: string): void {
  const files = readFiles(folder);
  for (const [address, document] of Object.entries(DOCUMENTS)) {
    const html = files.get(document)?.body.toString('utf8');
    if (html === undefined) continue;
    // It is only sent with its policy.
    files.delete(document);
    instance.get(address, (_request, reply) => reply.redirect(`${address}/`, 308));
    // A file that the build put below the page (a manifest, a service worker), else the page itself.
    instance.get(`${address}/*`, (request, reply) => {
      const file = files.get(pathOf(request));
      return file ? sendFile(request, reply, file) : sendDocument(reply, html);
    });
  }
  instance.get('/pages/*', (request, reply) => {
    const file = files.get(pathOf(request).replace(/^\/pages(?!\/assets)/, ''));
    return file ? sendFile(request, reply, file) : reply.callNotFound();
  });
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0]!;

function readFiles(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    const type = TYPES[extname(file)];
    if (!entry.isFile() || type === undefined) continue;
    const packed = PLAIN.includes(extname(file)) ? {} : undefined;
    const address = `/${relative(folder, file)}`.replace(/^\/assets\//, '/pages/assets/');
    files.set(address, { type, body: readFileSync(file), packed });
  }
  return files;
}

function sendDocument(reply: FastifyReply, html: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64url');
  return reply
    .headers({
      'content-type': TYPES['.html'],
      'content-security-policy': policy(nonce),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    })
    .send(html.replaceAll(NONCE, nonce));
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<Buffer> {
  const keep = HASHED.test(pathOf(request)) ? A_YEAR : 'no-cache';
  void reply.headers({ 'content-type': file.type, 'cache-control': keep });
  if (!file.packed) return file.body;
  void reply.header('vary', 'accept-encoding');
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
  if (encoding === undefined) return file.body;
  void reply.header('content-encoding', encoding);
  return (file.packed[encoding] ??= pack(encoding, file.body));
}

function pack(encoding: 'br' | 'gzip', body: Buffer): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(body);
  return promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}
