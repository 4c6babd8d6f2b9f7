/* Proves what keeps a page's session where it belongs: the marks of its cookies by the way a request came, and which calls a cookie alone does not let through. */
import { isDomainError } from '@vend/kernel';
import { assertFromOurPage, readCookie, setCookie } from './cookies';
import { createAdapter } from './server';

const COOKIE = { name: 'vend-test', path: '/v1' };
const instance = createAdapter(['127.0.0.1']).getInstance();
beforeAll(async () => {
  instance.get('/set', (request, reply) => {
    setCookie(request, reply, COOKIE, 'abc', 600.7);
    return reply.send({ read: readCookie(request, COOKIE) ?? null });
  });
  instance.all('/call', (request, reply) => {
    try {
      assertFromOurPage(request);
      return reply.send({ passed: true });
    } catch (error) {
      return reply.send({ passed: false, code: isDomainError(error) ? error.code : String(error) });
    }
  });
  await instance.ready();
});
afterAll(() => instance.close());

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const ask = (url: string, headers: Record<string, string>, method: Method = 'GET') =>
  instance.inject({ method, url, headers });

it.each([
  [
    'on this machine itself',
    { host: '127.0.0.1:3000' },
    'vend-test=abc; Path=/v1; Max-Age=600; HttpOnly; SameSite=Strict',
  ],
  [
    'behind a proxy with TLS',
    { host: 'vend.example', 'x-forwarded-proto': 'https' },
    '__Secure-vend-test=abc; Path=/v1; Max-Age=600; HttpOnly; SameSite=Strict; Secure',
  ],
  [
    'from elsewhere, whatever the proxy says',
    { host: 'vend.example' },
    '__Secure-vend-test=abc; Path=/v1; Max-Age=600; HttpOnly; SameSite=Strict; Secure',
  ],
])('marks a cookie: %s', async (_, headers, expected) => {
  expect((await ask('/set', headers)).headers['set-cookie']).toBe(expected);
});

it('reads its own cookie, and over HTTPS none that plain HTTP could have set', async () => {
  const cookie = 'other=1; vend-test=mine; vend-test2=x';
  expect((await ask('/set', { host: 'localhost:3000', cookie })).json()).toEqual({ read: 'mine' });
  expect((await ask('/set', { host: 'vend.example', cookie })).json()).toEqual({ read: null });
});

const ORIGIN = 'http://127.0.0.1:3000';
it.each([
  ['GET', {}, true],
  ['POST', {}, false],
  ['PATCH', {}, false],
  ['DELETE', {}, false],
  ['POST', { 'x-vend-page': '1' }, true],
  ['POST', { 'x-vend-page': '1', origin: ORIGIN }, true],
  ['POST', { 'x-vend-page': '1', origin: 'http://127.0.0.1:3001' }, false],
  ['POST', { 'x-vend-page': '1', origin: 'null' }, false],
  ['POST', { origin: ORIGIN }, false],
] as const)('%s with %j passes: %s', async (method, headers, passes) => {
  const { passed, code } = (await ask('/call', { host: '127.0.0.1:3000', ...headers }, method)).json();
  expect([passed, code]).toEqual(passes ? [true, undefined] : [false, 'page-header-missing']);
});
