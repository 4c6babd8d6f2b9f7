// Proves the sandbox as a process: refuses production, ends cleanly on SIGTERM, and after kill -9 has all it acknowledged.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import request from 'supertest';
import { SmsHttpV3Gateway } from '@vend/sms';
import { sandboxFiles } from './sandbox-support';

const MAIN = join(__dirname, '../../dist/apps/sandbox/main.js');
let files: Awaited<ReturnType<typeof sandboxFiles>>;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  files = await sandboxFiles();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await files.remove();
});

function launch(extra: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      SANDBOX_PORT: '0',
      API_URL: files.config.apiUrl,
      SANDBOX_STATE_DIR: files.config.stateDir,
      DECODER_KEYS_FILE: files.config.decoderKeysFile,
      SANDBOX_PARTNERS_FILE: files.config.partnersFile,
      ...extra,
    },
  });
  children.add(child);
  return child;
}

/** The address out of the line that the process logs when it listens. */
async function urlOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (url) return url;
  }
  throw new Error(`the sandbox ended before it listened, with ${child.exitCode}`);
}

async function textsOf(url: string, msisdn: string): Promise<string[]> {
  const response = await request(url).post('/phones/messages').send({ msisdn }).expect(200);
  return (response.body as { messages: { text: string }[] }).messages.map(({ text }) => text);
}

it('refuses to start in production and names each missing setting', async () => {
  const child = launch({ NODE_ENV: 'production', API_URL: '' });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(said).toMatch(/does not run in production[^]*API_URL/);
});

it('ends with 0 on SIGTERM although a caller is left hanging', async () => {
  const child = launch();
  const url = await urlOf(child);
  await request(url).put('/sms/faults').send({ mode: 'timeout-after-accept' }).expect(200);
  const gateway = new SmsHttpV3Gateway({ baseUrl: `${url}/sms`, apiToken: 'x', sid: 'x', timeoutMs: 30_000 });
  const hanging = gateway.sendMany([{ csmsId: 'a', msisdn: '8801700000000', text: 'A' }]);
  while ((await textsOf(url, '8801700000000')).length === 0) await new Promise(setImmediate);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(await hanging).toMatchObject([{ kind: 'retry-later', reason: 'gateway-unreachable', maybeAccepted: true }]);
  await gateway.close();
});

it('kill -9 under load: every acknowledged SMS is in its phone once, and the others can be sent again', async () => {
  const first = launch();
  const gateway = (url: string) => new SmsHttpV3Gateway({ baseUrl: `${url}/sms`, apiToken: 'x', sid: 'x' });
  const before = gateway(await urlOf(first));
  const messages = Array.from({ length: 20_000 }, (_, n) => ({
    csmsId: `sms-${n}`,
    msisdn: `88017${String(n % 200).padStart(8, '0')}`,
    text: `message ${n}`,
  }));
  // A thousand at a time; the process dies while the later ones are on their way.
  const batches = Array.from({ length: 20 }, (_, n) => messages.slice(n * 1000, (n + 1) * 1000));
  const answered = batches.map((batch, n) =>
    before.sendMany(batch).finally(() => {
      if (n === 3) first.kill('SIGKILL');
    }),
  );
  const outcomes = (await Promise.all(answered)).flat();
  const accepted = outcomes.filter(({ kind }) => kind === 'accepted').map(({ csmsId }) => csmsId);
  expect(accepted.length).toBeGreaterThanOrEqual(1000);
  expect(accepted.length).toBeLessThan(20_000);
  await before.close();

  const url = await urlOf(launch());
  const after = gateway(url);
  const again = await after.sendMany(messages);
  await after.close();
  const kinds = new Map(again.map(({ csmsId, kind }) => [csmsId, kind]));
  expect(accepted.filter((csmsId) => kinds.get(csmsId) !== 'duplicate')).toEqual([]);
  expect(again.filter(({ kind }) => kind !== 'duplicate' && kind !== 'accepted')).toEqual([]);
  for (let phone = 0; phone < 200; phone++) {
    const texts = await textsOf(url, `88017${String(phone).padStart(8, '0')}`);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toHaveLength(100);
  }
}, 60_000);
