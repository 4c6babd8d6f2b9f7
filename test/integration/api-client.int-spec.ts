/*
 * Proves that a client generated from the running API's description compiles under strict TypeScript, that the compiler
 * then refuses what the API would refuse, and that the compiled client makes a recharge.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type createClient from 'openapi-fetch';
import ts from 'typescript';
import { describeApi } from '../../apps/api/http/open-api';
import { ApiWorld } from '../support/api';

const ROOT = join(__dirname, '../..');
const GENERATOR = join(ROOT, 'node_modules/openapi-typescript/bin/cli.js');
const SCRATCH = join(ROOT, '.local/test');

/** What somebody writes who has only the description: log in, quote, recharge. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './vend-api';

export type Fetch = (request: Request) => Promise<Response>;

export async function recharge(fetch: Fetch, username: string, password: string, meterNo: string, key: string) {
  const vend = createClient<paths>({ baseUrl: 'http://vend.test', fetch });
  const session = await vend.POST('/v1/sessions', { body: { username, password } });
  if (!session.data) throw new Error(session.error.code);
  const headers = { authorization: 'Bearer ' + session.data.accessToken };
  const quote = await vend.POST('/v1/quotes', { headers, body: { meterNo, amount: '500.00' } });
  if (!quote.data) throw new Error(quote.error.code);
  const made = await vend.POST('/v1/recharges', {
    headers,
    params: { header: { 'Idempotency-Key': key } },
    body: { quoteId: quote.data.quoteId },
  });
  if (!made.data) throw new Error(made.error.code);
  return { rechargeId: made.data.rechargeId, paid: quote.data.amount.value };
}
`;

let world: ApiWorld;
let folder: string;
beforeAll(async () => {
  world = await ApiWorld.create();
  mkdirSync(SCRATCH, { recursive: true });
  folder = mkdtempSync(join(SCRATCH, 'client-'));
  const description = join(folder, 'open-api.json');
  writeFileSync(description, JSON.stringify(describeApi(world.app)));
  // A process of its own, as whoever generates a client runs it.
  execFileSync(process.execPath, [GENERATOR, description, '-o', join(folder, 'vend-api.ts')]);
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world?.destroy();
});

/** The compiler's complaints about a program that uses the generated client. */
function complaints(program: string): { line: number; text: string }[] {
  const file = join(folder, 'program.ts');
  writeFileSync(file, program);
  const compiled = ts.createProgram([file, join(folder, 'vend-api.ts')], {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    outDir: join(folder, 'out'),
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  });
  return ts.getPreEmitDiagnostics(compiled).map(({ file: at, start, messageText }) => ({
    line: at && start !== undefined ? at.getLineAndCharacterOfPosition(start).line + 1 : 0,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}

/** Carries a request of the client into the API without a socket. */
async function inject(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const text = await request.text();
  const answer = await world.app.inject({
    method: request.method as 'GET' | 'POST',
    url: pathname + search,
    headers: Object.fromEntries(request.headers),
    ...(text !== '' && { payload: text }),
  });
  return new Response(answer.payload, {
    status: answer.statusCode,
    headers: { 'content-type': String(answer.headers['content-type']) },
  });
}

it('compiles, and sells', async () => {
  expect(complaints(PROGRAM)).toEqual([]);
  const { outputText } = ts.transpileModule(PROGRAM, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exported: { recharge?: (...given: unknown[]) => Promise<{ rechargeId: string; paid: string }> } = {};
  const load = (name: string): unknown => {
    if (name === 'openapi-fetch') return jest.requireActual<typeof createClient>('openapi-fetch');
    throw new Error(`the program asks for ${name}`);
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the program is this file's own text, compiled above
  new Function('exports', 'require', outputText)(exported, load);
  const key = '019a7b00-0000-7000-8000-000000000001';
  const made = await exported.recharge!(inject, 'clerk', world.password, '600727977000003713', key);
  expect(made).toEqual({ rechargeId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, paid: '500.00' });
}, 120_000);

it('is stopped by the compiler at each mistake', () => {
  const mistakes = [
    ['username, password }', 'username }'],
    [`amount: '500.00'`, 'amount: 500'],
    ['/v1/recharges', '/v1/recharge'],
    ['quote.data.amount.value', 'quote.data.price'],
  ] as const;
  const wrong = mistakes.reduce((program, [from, to]) => program.replace(from, to), PROGRAM);
  const lines = new Set(complaints(wrong).map(({ line }) => line));
  for (const [, mistake] of mistakes) {
    const line = wrong.slice(0, wrong.indexOf(mistake)).split('\n').length;
    expect([mistake, lines.has(line)]).toEqual([mistake, true]);
  }
}, 120_000);
