/* Proves how the pages' files leave the server, on a folder as the build makes it: under which policy, how long they are kept, how packed, and that nothing outside the folder is given. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { createAdapter } from '../http/server';
import { servePages } from './pages';

const SCRIPT = 'console.log("কাউন্টার")';
let folder: string;
const instance = createAdapter().getInstance();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
  mkdirSync(join(folder, 'pages', 'assets'), { recursive: true });
  mkdirSync(join(folder, 'pages', 'my'));
  writeFileSync(join(folder, 'secret.js'), 'no');
  writeFileSync(join(folder, 'pages', 'counter.html'), '<meta name="style-nonce" content="__STYLE_NONCE__">');
  writeFileSync(join(folder, 'pages', 'customer.html'), '<title>my</title>');
  writeFileSync(join(folder, 'pages', 'assets', 'counter-Ab12.js'), SCRIPT);
  writeFileSync(join(folder, 'pages', 'assets', 'font-Cd34.woff2'), Buffer.from([1, 2, 3]));
  writeFileSync(join(folder, 'pages', 'my', 'app.webmanifest'), '{}');
  servePages(instance, join(folder, 'pages'));
  await instance.ready();
});
afterAll(async () => {
  await instance.close();
  rmSync(folder, { recursive: true });
});

const get = (url: string, headers = {}) => instance.inject({ method: 'GET', url, headers });

it('signs the styles of each answer anew, and lets no script in but files of ours', async () => {
  const answers = await Promise.all([get('/counter/'), get('/counter/')]);
  const nonces = answers.map(({ payload, headers }) => {
    const nonce = /content="([\w-]{22})"/.exec(payload)?.[1];
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['cache-control']).toBe('no-cache');
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
});

it('gives a page at every address below its own, and the files that lie there', async () => {
  expect((await get('/counter')).headers['location']).toBe('/counter/');
  expect((await get('/my/anything')).payload).toBe('<title>my</title>');
  expect((await get('/my/app.webmanifest')).headers['content-type']).toBe('application/manifest+json');
});

it('lets files that are named by their content be kept for ever, packed for who can unpack', async () => {
  const plain = await get('/pages/assets/counter-Ab12.js');
  expect(plain.payload).toBe(SCRIPT);
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const packed = await get('/pages/assets/counter-Ab12.js', { 'accept-encoding': 'gzip, br' });
  expect(packed.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(SCRIPT);
  const font = await get('/pages/assets/font-Cd34.woff2', { 'accept-encoding': 'br' });
  expect([font.headers['content-encoding'], font.rawPayload.length]).toEqual([undefined, 3]);
});

it.each([
  '/pages/../secret.js',
  '/pages/%2e%2e/secret.js',
  '/pages/assets/none.js',
  // A page without its policy could be put into somebody's frame.
  '/pages/customer.html',
  '/pages/counter.html',
])('has nothing at %s', async (url) => {
  expect((await get(url)).statusCode).toBe(404);
});

it('has no pages without a build', async () => {
  const bare = createAdapter().getInstance();
  servePages(bare, join(folder, 'nothing'));
  expect((await bare.inject({ method: 'GET', url: '/counter/' })).statusCode).toBe(404);
  await bare.close();
});
