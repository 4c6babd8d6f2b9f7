import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findRoot } from '../../docker/launcher/layout';
import type { TlsFiles } from './certificates';

// From the sources or from dist/.
const ROOT = findRoot(__dirname);
const START_LIMIT_MS = 20_000;

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs `keys-dev` of the built token server; throws with what it printed when it fails. */
export function keysDev(...args: string[]): void {
  execFileSync(process.execPath, [join(ROOT, 'dist/apps/token-server/keys-dev.js'), ...args], { stdio: 'pipe' });
}

const BEYOND = { perRequest: '999999999999999999', perDay: '999999999999999999' };
const ISSUER = {
  roles: ['issuer'],
  methods: ['IssueCredit', 'IssueManagement', 'BulkIssue', 'FetchResult', 'Verify', 'GetStatus'],
  supplyGroups: '*',
  managementKinds: ['max-power-limit', 'clear-credit', 'clear-tamper', 'phase-unbalance-limit', 'test-display'],
  energyTenthsKwh: BEYOND,
  currencyHundredThousandths: BEYOND,
  requestsPerDay: 1_000_000_000,
};
/** Parties as the launcher's certificates name them, with limits that no test meets by accident. */
export const TEST_CALLERS = {
  api: ISSUER,
  worker: { ...ISSUER, roles: ['issuer', 'auditor'], methods: [...ISSUER.methods, 'ReadAuditLog'] },
  keys: {
    ...{ roles: ['key-manager'], methods: ['IssueKeyChange', 'BulkIssue', 'FetchResult', 'GetStatus'] },
    ...{ supplyGroups: '*', requestsPerDay: 1_000_000_000 },
  },
};

/** Where a token server keeps its journal, and its list of callers, written. */
export function journalAndCallers(
  folder: string,
  callers: object = TEST_CALLERS,
): Pick<TokenServerSettings, 'journalDirectory' | 'policyFile'> {
  const policyFile = join(folder, 'callers.json');
  writeFileSync(policyFile, JSON.stringify({ version: 1, callers }));
  return { journalDirectory: join(folder, 'journal'), policyFile };
}

export interface TokenServerSettings {
  readonly address: string;
  readonly tls: TlsFiles;
  readonly keyFile: string;
  readonly kekFile: string;
  /** Audit log and stored answers. */
  readonly journalDirectory: string;
  /** The list of callers. */
  readonly policyFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** 0 unless told otherwise. */
  readonly coreLimit?: number;
  /** By what to see that it listens; `port` is for a process that logs too little to say so. */
  readonly started?: 'log' | 'port';
  /** For a profile, a debugger. */
  readonly nodeArguments?: readonly string[];
  /** Handed to the process as descriptor 3. */
  readonly onDescriptor3?: string;
}

/** A built token server running as a process of its own. */
export class TokenServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly printed: string[],
  ) {}

  /** Starts and does not wait. */
  static launch(settings: TokenServerSettings): TokenServerProcess {
    const { address, tls, keyFile, kekFile, journalDirectory, policyFile, env, onDescriptor3 } = settings;
    const node = [process.execPath, ...(settings.nodeArguments ?? []), join(ROOT, 'dist/apps/token-server/main.js')];
    // As the launcher starts it: a crash must not write the keys down.
    const child = spawn('/bin/sh', ['-c', `ulimit -c ${settings.coreLimit ?? 0}; exec "$0" "$@"`, ...node], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        TOKEN_SERVER_ADDRESS: address,
        TLS_CA_FILE: tls.caFile,
        TLS_CERT_FILE: tls.certFile,
        TLS_KEY_FILE: tls.keyFile,
        KEY_FILE: keyFile,
        KEK_FILE: kekFile,
        TOKEN_JOURNAL_DIR: journalDirectory,
        CALLER_POLICY_FILE: policyFile,
        ...env,
      },
    });
    const printed: string[] = [];
    child.stdout!.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    const descriptor3 = child.stdio[3] as NodeJS.WritableStream;
    descriptor3.on('error', () => undefined);
    descriptor3.end(onDescriptor3 ?? '');
    return new TokenServerProcess(child, printed);
  }

  /** Starts and waits until it listens. */
  static async start(settings: TokenServerSettings): Promise<TokenServerProcess> {
    const server = TokenServerProcess.launch(settings);
    if (settings.started === 'port') await server.accepts(settings.address);
    else await server.prints('"msg":"listening"');
    return server;
  }

  /** Everything printed so far, logs and complaints. */
  get output(): string {
    return this.printed.join('');
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Resident memory in bytes, while it runs. */
  get residentBytes(): number {
    const pages = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'));
    return Number(pages?.[1]) * 1024;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** The exit code, once it has ended; null when a signal ended it. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  private async accepts(address: string): Promise<void> {
    const [host, port] = address.split(':');
    const limitMs = performance.now() + START_LIMIT_MS;
    for (;;) {
      const socket = connect({ host, port: Number(port) });
      const [event] = await Promise.race([
        once(socket, 'connect').then(() => ['connect']),
        once(socket, 'close'),
      ]).catch(() => ['error']);
      socket.destroy();
      if (event === 'connect') return;
      if (this.child.exitCode !== null || performance.now() > limitMs) {
        throw new Error(`token server does not listen:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private prints(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`token server ${why}:\n${this.output}`));
      const limit = setTimeout(() => fail('does not listen'), START_LIMIT_MS);
      this.child.once('close', () => fail('ended'));
      const look = (): void => {
        if (!this.output.includes(text)) return;
        clearTimeout(limit);
        // Looking again at every line would cost more than the lines.
        this.child.stdout!.off('data', look);
        resolve();
      };
      this.child.stdout!.on('data', look);
    });
  }
}
