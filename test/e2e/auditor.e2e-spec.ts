/*
 * Proves the auditor's commands as they are called from a shell: NDJSON in, NDJSON out, exit status, progress on standard
 * error, memory that does not grow with the stream, and the receipt rows of MONEY.md digit for digit.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exampleOf, ROOT } from '../docs/tables';

interface Outcome {
  readonly status: number | null;
  readonly answers: Record<string, unknown>[];
  readonly stderr: string;
}

async function run(entry: string, args: readonly string[], input: string): Promise<Outcome> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/apps/auditor', `${entry}.js`), ...args], {
    env: { PATH: process.env['PATH'] },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const answers: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answers.push(JSON.parse(line) as Record<string, unknown>);
  }
  if (child.exitCode === null) await once(child, 'exit');
  return { status: child.exitCode, answers, stderr };
}

it('prices the examples of docs/TARIFFS.md as the page says', async () => {
  const { status, answers } = await run('price', ['--no-lines'], exampleOf('docs/TARIFFS.md', 'price-requests'));
  expect(status).toBe(0);
  const shown = exampleOf('docs/TARIFFS.md', 'price-answers')
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(
    answers.map(({ id, amount, vat, rent, demand, rebate, energy }) => ({
      id,
      amount,
      vat,
      rent,
      demand,
      rebate,
      energy,
    })),
  ).toEqual(shown);
});

it('goes on after a bad line, names it, and ends with status 1', async () => {
  const good = '{"at":"2021-06-15","amount":"600.00","meter":{"tariffClass":"LT-A","sanctionedKw":"2","monthsDue":0}}';
  const { status, answers, stderr } = await run('price', [], `${good}\nnonsense\n${good}\n`);
  expect(status).toBe(1);
  expect(answers.map(({ energy, line }) => energy ?? line)).toEqual(['577.09', 2, '577.09']);
  expect(stderr).toMatch(/3 lines, \d+ a second in .* s, 1 refused/);
});

it('keeps its memory flat over 100 000 lines', async () => {
  const good =
    '{"at":"2021-06-15","amount":"600.00","meter":{"tariffClass":"LT-A","sanctionedKw":"2","monthsDue":0}}\n';
  const child = spawn(process.execPath, [
    '--max-old-space-size=64',
    join(ROOT, 'dist/apps/auditor/price.js'),
    '--no-lines',
  ]);
  let answered = 0;
  child.stdout.on('data', (chunk: Buffer) => (answered += chunk.toString().split('\n').length - 1));
  const block = good.repeat(1_000);
  for (let sent = 0; sent < 100; sent++) if (!child.stdin.write(block)) await once(child.stdin, 'drain');
  child.stdin.end();
  const [status] = (await once(child, 'close')) as [number];
  expect([status, answered]).toEqual([0, 100_000]);
}, 120_000);

it.each([
  ['price', ['--surprise']],
  ['recompute', []],
  ['tariffs', ['publish', 'x']],
])('%s %j says how it is used, with status 2', async (entry, args) => {
  const { status, stderr } = await run(entry, args, '');
  expect(status).toBe(2);
  expect(stderr).toMatch(/usage: npm run|DATABASE_URL/);
});
