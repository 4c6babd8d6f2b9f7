/** A room for key ceremonies: `npm run keys` as processes of their own, and every secret that was ever in one of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findRoot } from '../../docker/launcher/layout';

const MAIN = join(findRoot(__dirname), 'dist/apps/keys/main.js');

export interface StepResult {
  readonly status: number | null;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

export interface StepOptions {
  /** Lines for --secrets-fd, in the order in which they are asked. */
  readonly secrets?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the process this long after it was given its secrets. */
  readonly killAfterMs?: number;
}

/** Any two people. */
export const TWO = ['--by', 'Rahima Khatun', '--by', 'Selim Reza'] as const;
export const ONE = ['--by', 'Rahima Khatun'] as const;

/** A key file, the ceremony's log, and the custodians' shares, on one machine. */
export class KeyRoom {
  readonly folder = mkdtempSync(join(tmpdir(), 'key-room-'));
  readonly keyFile = join(this.folder, 'keys.json');
  readonly journalDirectory = join(this.folder, 'ceremony');
  readonly seenFile = join(this.folder, 'seen');
  /** Whatever may appear nowhere. */
  readonly secrets = new Set<string>();
  /** Arguments, environment and output of every process that ran here. */
  readonly transcript: string[] = [];

  /** @param options of every step: a module, a token */
  constructor(private readonly always: readonly string[] = []) {}

  /** One command; descriptor 3 brings the secrets. */
  async step(command: string, args: readonly string[] = [], options: StepOptions = {}): Promise<StepResult> {
    const { secrets = [], env = {}, killAfterMs } = options;
    const line = [MAIN, command, ...this.always, '--secrets-fd', '3', ...args];
    const child = spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, ...line], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        KEY_FILE: this.keyFile,
        KEYS_JOURNAL_DIR: this.journalDirectory,
        KEY_SEEN_FILE: this.seenFile,
        ...env,
      },
    });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout!.setEncoding('utf8').on('data', (text: string) => out.push(text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => err.push(text));
    const closed = once(child, 'close');
    this.transcript.push(this.looksFromOutside(child.pid!));
    const descriptor3 = child.stdio[3] as NodeJS.WritableStream;
    descriptor3.on('error', () => undefined);
    descriptor3.end(secrets.map((secret) => `${secret}\n`).join(''));
    for (const secret of secrets) this.keepSecret(secret.slice(secret.indexOf(' ') + 1));
    if (killAfterMs !== undefined) {
      await delay(killAfterMs);
      child.kill('SIGKILL');
    }
    await closed;
    const result = { status: child.exitCode, out: out.join(''), err: err.join('') };
    this.transcript.push(result.out, result.err);
    return result;
  }

  /** As `step`, and it must succeed. @returns what it printed */
  async done(command: string, args: readonly string[] = [], options: StepOptions = {}): Promise<string> {
    const { status, out, err } = await this.step(command, args, options);
    if (status !== 0) throw new Error(`keys ${command} ended with ${status}: ${err}`);
    return out;
  }

  /** The code of the refusal that a step ends with. */
  async refusal(command: string, args: readonly string[] = [], options: StepOptions = {}): Promise<string> {
    const { status, err } = await this.step(command, args, options);
    if (status === 0) return 'no refusal';
    return /^keys: ([a-z0-9-]+): /m.exec(err)?.[1] ?? err;
  }

  /** Makes a KEK of three shares, two of which bring it back. @returns the shares */
  async createKek(directory = 'shares', args: readonly string[] = []): Promise<string[]> {
    const splitting = ['--shares', '3', '--threshold', '2', '--shares-dir', join(this.folder, directory)];
    await this.done('create-kek', [...TWO, ...splitting, ...args]);
    return this.sharesIn(directory);
  }

  /** The shares that a step has written; they are secrets from now on. */
  sharesIn(directory: string): string[] {
    const files = readdirSync(join(this.folder, directory)).sort();
    const shares = files.map((file) => readFileSync(join(this.folder, directory, file), 'utf8').trim());
    for (const share of shares) this.keepSecret(share);
    return shares;
  }

  /** A generation of the key file and the keys in it, unverified. */
  listed(): { generation: number; kek: string; keys: { sgc: string; krn: number; state: string; kcv: string }[] } {
    return JSON.parse(readFileSync(this.keyFile, 'utf8'));
  }

  keepSecret(secret: string): void {
    // A row of equal digits, as a refused component may be, stands in many places.
    if (secret.length >= 8 && !/^(.)\1+$/.test(secret)) this.secrets.add(secret);
  }

  /** Which secrets stand in a text, in whatever spelling; by their first characters. */
  leaksIn(text: string): string[] {
    const lower = text.toLowerCase();
    return [...this.secrets].filter((secret) => spellingsOf(secret).some((spelling) => lower.includes(spelling)));
  }

  /** Everything that lies on the disk here but the shares. */
  filesOnDisk(): string {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('share-') && entry.name !== 'pin')
      .map((entry) => join(entry.parentPath, entry.name));
    return files.map((file) => readFileSync(file, 'latin1')).join('\n');
  }

  write(name: string, content: string, mode = 0o600): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode });
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What any other process of this user could read of it. */
  private looksFromOutside(pid: number): string {
    try {
      return ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1')).join('\n');
    } catch {
      return ''; // ended already
    }
  }
}

/** As it was typed, without its dashes, and as bytes in base64: whatever a careless line could show. */
function spellingsOf(secret: string): string[] {
  const plain = secret.toLowerCase();
  const value = /^vks1/.test(plain) ? plain.split('-').slice(4, -1).join('') : plain;
  if (!/^(?:[0-9a-f]{2}){8,}$/.test(value)) return [plain];
  const bytes = Buffer.from(value, 'hex');
  return [plain, value, bytes.toString('base64').toLowerCase().replace(/=+$/, ''), [...bytes].join(',')];
}

/** Lines that answer the question for shares. */
export function asShares(...shares: (string | undefined)[]): string[] {
  return shares.map((share) => `share ${share}`);
}
