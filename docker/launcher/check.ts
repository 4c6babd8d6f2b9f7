import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Layout } from './layout';
import type { Progress } from './progress';

/** One tool of `npm run check`. All of them run, whatever the others say. */
interface Tool {
  readonly name: string;
  readonly what: string;
  /** A program of node_modules/.bin and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
}

const TOOLS: readonly Tool[] = [
  { name: 'eslint', what: 'lint', command: ['eslint', '.', '--max-warnings=0'] },
  {
    name: 'tsc',
    what: 'types',
    command: [
      'tsc',
      '--noEmit',
      '--pretty',
      'false',
      '--incremental',
      '--tsBuildInfoFile',
      '.local/cache/tsc',
      '-p',
      '.',
    ],
  },
  {
    name: 'tsc-pages',
    what: 'types of the pages',
    command: [
      ...(['tsc', '--noEmit', '--pretty', 'false', '--incremental'] as const),
      ...['--tsBuildInfoFile', '.local/cache/tsc-pages', '-p', 'apps/pos'],
    ],
  },
  {
    name: 'prettier',
    what: 'format',
    command: ['prettier', '--check', '--log-level=warn', '--cache', '--cache-location=.local/cache/prettier', '.'],
  },
  {
    name: 'walls',
    what: 'who may import whom (dependency-cruiser)',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      'apps',
      'libs',
      'docker',
      'test',
    ],
  },
  { name: 'knip', what: 'dead code, unused and missing packages', command: ['knip', '--no-progress'] },
  { name: 'buf', what: 'the protocol files', command: ['buf', 'lint', 'proto'] },
  // test/contract holds the protocol as it was last released: callers of that day must still be served.
  {
    name: 'buf-breaking',
    what: 'promises of the protocol',
    command: ['buf', 'breaking', 'proto', '--against', 'test/contract'],
  },
];
/** Two at a time: the machines this runs on have two cores. */
const AT_ONCE = 2;
const LONG_FILE_LINES = 300;

interface Outcome {
  readonly tool: Tool;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: string;
}

/** Runs every tool and sums up. @returns 0 when all of them are content */
export async function check(layout: Layout, progress: Progress): Promise<number> {
  const waiting = [...TOOLS];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let tool = waiting.shift(); tool; tool = waiting.shift()) {
      const outcome = await runTool(layout.root, tool);
      outcomes.push(outcome);
      progress.say(`check: ${tool.name} ${outcome.ok ? 'ok' : 'FAILED'} (${outcome.seconds} s)`);
      if (!outcome.ok) progress.plain(outcome.output.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const long = longFiles(layout.root);
  if (long.length > 0) {
    progress.plain(`\nFiles over ${LONG_FILE_LINES} lines (a missing noun, perhaps; no failure):`);
    for (const { file, lines } of long) progress.plain(`  ${lines} ${file}`);
  }
  progress.plain('\nSummary');
  for (const { name, what } of TOOLS) {
    const outcome = outcomes.find((one) => one.tool.name === name);
    progress.plain(`  ${outcome?.ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(9)} ${what}`);
  }
  return outcomes.every((outcome) => outcome.ok) ? 0 : 1;
}

function runTool(root: string, tool: Tool): Promise<Outcome> {
  const [program, ...args] = tool.command;
  const begunMs = Date.now();
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', program), args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const finish = (ok: boolean): void =>
      resolve({ tool, ok, output, seconds: ((Date.now() - begunMs) / 1000).toFixed(1) });
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}

function longFiles(root: string): { file: string; lines: number }[] {
  const found: { file: string; lines: number }[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') walk(path);
      if (!entry.isFile() || !/\.(ts|tsx|mjs|cjs)$/.test(entry.name)) continue;
      const lines = readFileSync(path, 'utf8').split('\n').length - 1;
      if (lines > LONG_FILE_LINES) found.push({ file: relative(root, path), lines });
    }
  };
  for (const top of ['apps', 'libs', 'docker', 'test']) walk(join(root, top));
  return found.sort((a, b) => b.lines - a.lines);
}
