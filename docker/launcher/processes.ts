import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readIfThere, writeWhole } from './files';

/** What is written about a running process, so that a later launcher recognises it after a kill -9 of this one. */
export interface ProcessRecord {
  readonly pid: number;
  /** The kernel's start time of the process: a number used again for another process does not match. */
  readonly startedTicks: string | undefined;
  readonly port?: number;
}

/** The record of a running process, or undefined when the process is gone. */
export function recordOf(pid: number, port?: number): ProcessRecord | undefined {
  return isAlive(pid) ? { pid, startedTicks: startTicks(pid), port } : undefined;
}

export function writeRecord(file: string, record: ProcessRecord): void {
  writeWhole(file, `${JSON.stringify(record)}\n`);
}

/** The record in a file if its process still runs; a record of a dead process is removed. */
export function readLiveRecord(file: string): ProcessRecord | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const record = parseRecord(text);
  if (record === undefined) return undefined;
  if (isAlive(record.pid) && startTicks(record.pid) === record.startedTicks) return record;
  rmSync(file, { force: true });
  return undefined;
}

/** Undefined for a file that is no record: ports are remembered beside them. */
function parseRecord(text: string): ProcessRecord | undefined {
  const content = JSON.parse(text) as Partial<ProcessRecord>;
  return typeof content.pid === 'number' ? { startedTicks: undefined, ...content, pid: content.pid } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return processState(pid) !== 'Z';
}

/** Fields of /proc/<pid>/stat after the name, which may itself hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function processState(pid: number): string | undefined {
  return statFields(pid)?.[0];
}

function startTicks(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

export interface SpawnOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C reaches the launcher alone and the launcher
 * decides the order of the ending. Output is appended to the log file.
 */
export function spawnServer(options: SpawnOptions): ChildProcess {
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawn(options.program, [...options.args], {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', log, log],
    });
    child.on('error', () => undefined); // a program that cannot start is seen by its missing pid and exit
    return child;
  } finally {
    closeSync(log);
  }
}

/** Ends a process: SIGTERM, and SIGKILL when it has not gone in time. Resolves when it is gone. */
export async function stopProcess(record: ProcessRecord, graceMs = 10_000): Promise<'stopped' | 'killed'> {
  const gone = (): boolean => !isAlive(record.pid) || startTicks(record.pid) !== record.startedTicks;
  signal(record.pid, 'SIGTERM');
  if (await until(gone, graceMs)) return 'stopped';
  signal(record.pid, 'SIGKILL');
  await until(gone, 10_000);
  return 'killed';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Asks again and again, at most `withinMs`; true when the condition came to hold. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 50,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
}
