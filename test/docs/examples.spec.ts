/*
 * Proves that the signing examples of docs/API.md work as printed: each is taken from the page and run against a real
 * HTTP server that checks its signature as the api does.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestSignature } from '@vend/identity';
import { exampleOf } from './tables';

const secret = randomBytes(32);
const seen: { path: string; keyId: unknown; fits: boolean; fresh: boolean; body: unknown }[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const timestamp = String(request.headers['x-timestamp']);
      seen.push({
        path: request.url ?? '',
        keyId: request.headers['x-key-id'],
        fits: request.headers['x-signature'] === requestSignature(secret, timestamp, raw),
        fresh: Math.abs(Date.now() / 1000 - Number(timestamp)) < 60,
        body: JSON.parse(raw.toString()),
      });
      response.end('heard');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => seen.splice(0));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Runs a program with the example on its standard input. */
async function run(program: string, args: string[], script: string): Promise<string> {
  const environment = {
    PATH: process.env['PATH'],
    API: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    KEY_ID: 'demo-key',
    SECRET: secret.toString('base64url'),
  };
  const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(script);
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  return output;
}

it('signs with Node', async () => {
  const output = await run(process.execPath, ['-'], exampleOf('docs/API.md', 'sign-with-node'));
  expect(output).toBe('heard\n');
  expect(seen).toEqual([
    {
      path: '/v1/biller/pay',
      keyId: 'demo-key',
      fits: true,
      fresh: true,
      body: { transactionId: expect.stringMatching(/^TRY-\d+$/), reference: '61000001', amount: '1000.00' },
    },
  ]);
});

const tools = ['bash', 'curl', 'openssl', 'base64', 'od', 'sed'];
const haveTools = tools.every((tool) => spawnSync('which', [tool]).status === 0);
(haveTools ? it : it.skip)('signs with openssl and curl, where they are installed', async () => {
  const output = await run('bash', ['-eu', '-o', 'pipefail'], exampleOf('docs/API.md', 'sign-with-openssl'));
  expect(output).toBe('heard');
  const body = { reference: '61000001', amount: '1000.00' };
  expect(seen).toEqual([{ path: '/v1/biller/inquiry', keyId: 'demo-key', fits: true, fresh: true, body }]);
});
