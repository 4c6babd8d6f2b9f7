/*
 * Proves that docs/PARTNERS.md is true: its examples are taken from the page and run against real HTTP servers, and its
 * table of triggers is the code's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestSignature } from '@vend/identity';
import { webhookHeaders, webhookSecretText } from '@vend/kernel';
import { WEBHOOK_EVENT_TYPES } from '@vend/webhooks';
import { bare, exampleOf, readText, tableOf } from './tables';
import { PARTNERS_PAGE as PAGE, TRIGGER_TABLES } from './triggers';

const secret = randomBytes(32);
const asked: { path: string; signed: boolean; body: Record<string, string> }[] = [];
/** What the api answers to the next calls. */
let answers: { status: number; body: object }[] = [];
let api: Server;

beforeAll(async () => {
  api = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const signature = requestSignature(secret, String(request.headers['x-timestamp']), raw);
      asked.push({
        path: request.url ?? '',
        signed: request.headers['x-signature'] === signature && request.headers['x-key-id'] === 'try-key',
        body: JSON.parse(raw.toString()) as Record<string, string>,
      });
      const { status, body } = answers.shift() ?? { status: 200, body: {} };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => void asked.splice(0));
afterAll(() => new Promise((resolve) => api.close(resolve)));

/** Starts a program with the example on its standard input. */
function start(program: string, args: string[], name: string, environment: Record<string, string> = {}) {
  const env = {
    ...{ PATH: process.env['PATH'], API: `http://127.0.0.1:${(api.address() as AddressInfo).port}` },
    ...{ KEY_ID: 'try-key', SECRET: secret.toString('base64url'), ...environment },
  };
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(exampleOf(PAGE, name));
  return child;
}
async function run(program: string, args: string[], name: string): Promise<string> {
  let output = '';
  for await (const chunk of start(program, args, name).stdout) output += String(chunk);
  return output;
}

it('pays with Node, and repeats with the same id while it does not know', async () => {
  answers = [
    { status: 503, body: { code: 'lane-full' } },
    { status: 200, body: { status: 'vended', tokens: [{}, {}] } },
  ];
  expect(await run(process.execPath, ['-'], 'pay-with-node')).toBe('vended 2\n');
  expect(asked.map(({ path, signed }) => [path, signed])).toEqual([
    ['/v1/biller/pay', true],
    ['/v1/biller/pay', true],
  ]);
  expect(asked[1]!.body).toEqual(asked[0]!.body);
});

it('gives the money back after a refusal that is final', async () => {
  answers = [{ status: 422, body: { code: 'meter-closed', title: 'The meter is closed.' } }];
  expect(await run(process.execPath, ['-'], 'pay-with-node')).toBe('give the money back: meter-closed\n');
});

const tools = ['bash', 'curl', 'openssl', 'base64', 'od', 'sed'];
const haveTools = tools.every((tool) => spawnSync('which', [tool]).status === 0);
(haveTools ? it : it.skip)('asks with openssl and curl, where they are installed', async () => {
  answers = [{ status: 200, body: { customerName: 'SANDBOX' } }];
  const output = await run('bash', ['-eu', '-o', 'pipefail'], 'inquiry-with-openssl');
  expect(JSON.parse(output)).toEqual({ customerName: 'SANDBOX' });
  expect(asked).toEqual([
    { path: '/v1/biller/inquiry', signed: true, body: { reference: '40012345', amount: '500.00' } },
  ]);
});

it('takes our webhooks, once each, and nobody else’s', async () => {
  const [older, newer] = [randomBytes(32), randomBytes(32)];
  const child = start(process.execPath, ['-'], 'verify-webhook-with-node', {
    ...{ PORT: '0', WEBHOOK_SECRET: webhookSecretText(older) },
  });
  try {
    let output = '';
    let port = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      port = /listening (\d+)/.exec(output)?.[1] ?? '';
      if (port !== '') break;
    }
    const body = JSON.stringify({ type: 'payment.vended', data: { transactionId: 'T1', sequence: 1 } });
    const post = async (secrets: Buffer[], sent = body, at = Date.now()) => {
      const headers = { ...webhookHeaders(secrets, 'evt-1', Buffer.from(body), at) };
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: sent })).status;
    };
    expect(await post([newer, older])).toBe(204);
    expect(await post([older])).toBe(204);
    expect(await post([newer])).toBe(401);
    expect(await post([older], body.replace('T1', 'T2'))).toBe(401);
    expect(await post([older], body, Date.now() - 400_000)).toBe(401);
  } finally {
    child.kill('SIGKILL');
  }
});

it('has every trigger of the sandbox, as the code plays it', () => {
  // On failure: node docker/run.mjs test/docs/write-error-codes
  const onPage = tableOf(PAGE, 'sandbox-triggers').map(([send, what]) => [bare(send), what]);
  expect(onPage).toEqual(TRIGGER_TABLES['sandbox-triggers'].rows);
});

it('has every event', () => {
  const named = [...readText(PAGE).matchAll(/^\| `([a-z]+\.[a-z-]+)` /gm)].map(([, type]) => type);
  expect(named).toEqual([...WEBHOOK_EVENT_TYPES]);
});
