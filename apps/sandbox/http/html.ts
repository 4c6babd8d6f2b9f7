import type { FastifyReply } from 'fastify';

/** Text that is already HTML; everything else that goes into a page is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | false | readonly Part[];

/**
 * Builds HTML, escaping what is put in.
 *
 * @example html`<p>${'<b>'}</p>`.text // '<p>&lt;b&gt;</p>'
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, n) => text + textOf(parts[n])).join(''));
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** @param formsTo where the page's forms go besides itself */
const contentSecurityPolicy = (formsTo = ''): string =>
  `default-src 'none'; style-src 'self'; form-action 'self' ${formsTo}; base-uri 'none'; frame-ancestors 'none'`;

/** What of a page is not as usual. */
export interface PageOptions {
  readonly status?: number;
  /** The origin that a form of the page is sent to, when it is not ours. */
  readonly formsTo?: string;
}

const NAVIGATION = [
  ['/phones', 'ফোন', 'Phones'],
  ['/meters', 'মিটার', 'Meters'],
  ['/gateway', 'মোবাইল ব্যাংকিং', 'Mobile money'],
  ['/billers', 'কোম্পানি', 'Companies'],
  ['/providers', 'কোম্পানির খাতা', 'Companies’ books'],
  ['/sms', 'এসএমএস গেটওয়ে', 'SMS gateway'],
] as const;

/** A label in both languages, Bangla first. */
export function label(bn: string, en: string): Html {
  return html`<span lang="bn">${bn}</span> <span class="en" lang="en">${en}</span>`;
}

/** Sends a whole page; without scripts, and nothing of it is kept by a browser or a proxy. */
export async function sendPage(
  reply: FastifyReply,
  bn: string,
  en: string,
  body: Html,
  { status = 200, formsTo }: PageOptions = {},
): Promise<void> {
  const page = html`<!doctype html>
    <html lang="bn">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${bn} · ${en}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="home" href="/">${label('পরীক্ষাগার', 'Sandbox')}</a>
          <nav>${NAVIGATION.map(([href, bn, en]) => html`<a href="${href}">${label(bn, en)}</a>`)}</nav>
        </header>
        <main>
          <h1>${label(bn, en)}</h1>
          ${body}
        </main>
        <footer>
          ${label('সব কিছু কাল্পনিক: কোনো আসল টাকা, ফোন বা মিটার নেই।', 'All of this is invented: no real money, phone or meter.')}
        </footer>
      </body>
    </html>`;
  await reply
    .status(status)
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': contentSecurityPolicy(formsTo),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .send(page.text);
}
