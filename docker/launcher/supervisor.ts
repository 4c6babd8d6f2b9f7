import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { Layout } from './layout';
import { readLiveRecord, recordOf, spawnServer, stopProcess, until, writeRecord } from './processes';
import type { ProcessRecord } from './processes';

/** How a child shows that it may be used. */
type Readiness = { readonly http: string } | { readonly tcpPort: number };

export interface ChildSpec {
  readonly name: string;
  /** Path of the compiled entry file. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly readiness: Readiness;
  readonly port: number;
  /** 0 is usual; 5 gives way to others. */
  readonly niceness?: number;
  /** For Node itself, in front of the entry. */
  readonly nodeArguments?: readonly string[];
  /** No memory image on a crash: for a process that holds keys. */
  readonly noCoreDump?: boolean;
}

const READY_WITHIN_MS = 150_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 15_000;
/** A child that lived this long starts again without having to wait for its earlier deaths. */
const HEALTHY_AFTER_MS = 60_000;
const LOG_LIMIT_BYTES = 50 * 1024 * 1024;
/**
 * A busy process makes short-lived objects faster than V8's 16 MiB for them are emptied: with 64 MiB most are gone
 * before they would be copied. Measured: a tenth of the api's time went there.
 */
const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=64'];

/** Wait before the n-th restart in a row (n from 1): doubling, with a ceiling. */
export function backoffMs(restart: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (restart - 1), LONGEST_BACKOFF_MS);
}

/** Starts the applications, watches them, restarts those that die, and stops all in reverse order. */
export class Supervisor {
  private readonly running: { spec: ChildSpec; record: ProcessRecord; child: ChildProcess }[] = [];
  private readonly restarts = new Map<string, { inRow: number; timer: NodeJS.Timeout | undefined }>();
  private stopping = false;

  constructor(
    private readonly layout: Layout,
    private readonly say: (line: string) => void,
    private readonly restartsTheDead: boolean,
  ) {}

  logFile(name: string): string {
    return join(this.layout.logs, `${name}.log`);
  }

  /**
   * Starts a child and waits until it is ready.
   *
   * @throws Error with the last lines of its log when it ends or is not ready in time
   */
  async start(spec: ChildSpec): Promise<void> {
    const logged = sizeOf(this.logFile(spec.name));
    const child = this.spawn(spec);
    const ended = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    const ready = await until(async () => ended() || (await isReady(spec.readiness)), READY_WITHIN_MS, 100);
    if (!ready || ended()) {
      const why = ended() ? 'ended before it was ready' : `was not ready within ${READY_WITHIN_MS / 1000} s`;
      throw new Error(`${spec.name} ${why}:\n${this.tail(spec.name, logged)}`);
    }
    child.once('exit', (code, signal) => this.onDeath(spec, child, code, signal));
  }

  /** Ends one child by a signal and waits until it is gone. It stays away until `start` brings it back. */
  async end(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const index = this.running.findIndex((one) => one.spec.name === name);
    const [ending] = index < 0 ? [] : this.running.splice(index, 1);
    if (!ending) throw new Error(`${name} is not running`);
    const { child } = ending;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    rmSync(this.recordFile(name), { force: true });
  }

  /** Stops every child, the last started first. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const { timer } of this.restarts.values()) clearTimeout(timer);
    for (const { spec, record } of this.running.splice(0).reverse()) {
      if ((await stopProcess(record)) === 'killed') this.say(`${spec.name} did not stop in time and was killed`);
      rmSync(this.recordFile(spec.name), { force: true });
    }
  }

  private spawn(spec: ChildSpec): ChildProcess {
    const logFile = this.logFile(spec.name);
    setAsideIfLarge(logFile);
    const node = [process.execPath, ...NODE_FLAGS, spec.entry];
    const [program = '', ...args] = spec.noCoreDump ? ['/bin/sh', '-c', 'ulimit -c 0; exec "$0" "$@"', ...node] : node;
    const child = spawnServer({ program, args, cwd: this.layout.root, env: spec.env, logFile });
    const record = child.pid === undefined ? undefined : recordOf(child.pid, spec.port);
    if (record) {
      if (spec.niceness) giveWay(record.pid, spec.niceness);
      this.running.push({ spec, record, child });
      writeRecord(this.recordFile(spec.name), record);
    }
    return child;
  }

  private onDeath(spec: ChildSpec, child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    const index = this.running.findIndex((one) => one.child === child);
    // Not among the running: it was ended on purpose.
    if (this.stopping || index < 0) return;
    this.running.splice(index, 1);
    const how = signal ? `was ended by ${signal}` : `ended with exit status ${code}`;
    if (!this.restartsTheDead) {
      this.say(`${spec.name} ${how} (log: ${this.logFile(spec.name)})`);
      return;
    }
    const inRow = (this.restarts.get(spec.name)?.inRow ?? 0) + 1;
    const waitMs = backoffMs(inRow);
    this.say(`${spec.name} ${how}; starting it again in ${waitMs / 1000} s (log: ${this.logFile(spec.name)})`);
    this.restarts.set(spec.name, { inRow, timer: setTimeout(() => this.restart(spec), waitMs) });
  }

  private restart(spec: ChildSpec): void {
    if (this.stopping) return;
    const child = this.spawn(spec);
    const healthy = setTimeout(() => this.restarts.delete(spec.name), HEALTHY_AFTER_MS);
    healthy.unref();
    child.once('exit', (code, signal) => {
      clearTimeout(healthy);
      this.onDeath(spec, child, code, signal);
    });
    void until(() => isReady(spec.readiness), READY_WITHIN_MS, 200).then((ready) => {
      if (!this.stopping) this.say(ready ? `${spec.name} is back` : `${spec.name} is not ready yet`);
    });
  }

  private recordFile(name: string): string {
    return join(this.layout.run, `app-${name}.json`);
  }

  /** The last lines that were written since the log had this size: not those of an earlier start. */
  private tail(name: string, fromByte: number): string {
    const written = readFileSync(this.logFile(name));
    const recent = written.subarray(written.length < fromByte ? 0 : fromByte);
    return recent.toString().trimEnd().split('\n').slice(-12).join('\n');
  }
}

/** Stops applications that a launcher killed with SIGKILL has left behind; answers their names. */
export async function stopLeftOvers(layout: Layout, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  await Promise.all(
    names.map(async (name) => {
      const file = join(layout.run, `app-${name}.json`);
      const record = readLiveRecord(file);
      if (!record) return;
      await stopProcess(record);
      rmSync(file, { force: true });
      found.push(name);
    }),
  );
  return found;
}

/**
 * Lowers a process's share of a full machine. Linux weighs sessions against each other before processes, and every
 * child has a session of its own, so that its nice value alone would change nothing.
 */
function giveWay(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // Ended already, not Linux, or a kernel without session groups: a courtesy, never a reason not to start.
  }
}

async function isReady(readiness: Readiness): Promise<boolean> {
  if ('tcpPort' in readiness) return accepts(readiness.tcpPort);
  try {
    const response = await fetch(readiness.http, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** Keeps one older log beside a new one, so that a long-lived checkout does not fill the disk. */
function setAsideIfLarge(logFile: string): void {
  if (sizeOf(logFile) > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
