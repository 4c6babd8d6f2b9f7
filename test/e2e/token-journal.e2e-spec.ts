// Proves the journal as a process that dies: killed hundreds of times while many callers write, with a full disk, and with a second process on its directory.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  parseAuditLine,
  readCheckpoints,
  tokenFingerprint,
  TokenJournal,
  verifyLog,
} from '../../libs/keystore/journal';
import type { JournalChildSettings } from '../support/journal-child';

const CHILD = join(__dirname, '../../dist/test/support/journal-child.js');
/** For a longer trial: JOURNAL_KILLS=5000 npx jest test/e2e/token-journal --selectProjects e2e */
const KILLS = Number(process.env['JOURNAL_KILLS'] ?? 0);
const KILLING_MS = KILLS > 0 ? Infinity : 40_000;
const LANES = 2;

jest.setTimeout(KILLS > 0 ? 24 * 3_600_000 : 120_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-e2e-'));
});
afterEach(async () => {
  for (const writer of running) await writer.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Processes that a failed test may leave behind. */
const running = new Set<Writer>();

/** A journal's directory, its keys, and what its processes have answered. */
class Journal {
  readonly directory: string;
  readonly elsewhere: string;
  readonly answers = new Map<string, string>();
  /** Ids with two answers. There must be none. */
  readonly contradictions: string[] = [];
  /** Refusals since an id was answered for the first time. */
  refusedInARow = 0;
  next = 1;
  private readonly signing: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync('ed25519');
  private readonly resultsKey = randomBytes(32);
  private readonly settingsFile: string;

  constructor(name: string, change: Partial<JournalChildSettings> = {}) {
    this.directory = join(folder, name, 'journal');
    this.elsewhere = join(folder, name, 'elsewhere');
    mkdirSync(join(folder, name), { recursive: true });
    this.settingsFile = join(folder, name, 'settings.json');
    const settings: JournalChildSettings = {
      directory: this.directory,
      checkpointDirectory: this.elsewhere,
      signingKeyPem: this.signing.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      resultsKeyHex: this.resultsKey.toString('hex'),
      callers: 16,
      groupSize: 8,
      tokens: 0,
      partEntries: 3_000,
      segmentBytes: 300_000,
      ...change,
    };
    writeFileSync(this.settingsFile, JSON.stringify(settings), { mode: 0o600 });
  }

  start(before: readonly string[] = []): Writer {
    return new Writer(this, [...before, process.execPath, CHILD, this.settingsFile, String(this.next)]);
  }

  open(): Promise<TokenJournal> {
    const { directory, elsewhere, resultsKey, signing } = this;
    return TokenJournal.open({
      directory,
      checkpointDirectory: elsewhere,
      resultsKey,
      signingKey: signing.privateKey,
      now: Date.now,
    });
  }

  answered(id: string, digits: string): void {
    const earlier = this.answers.get(id);
    if (earlier === undefined) this.refusedInARow = 0;
    else if (earlier !== digits) this.contradictions.push(id);
    this.answers.set(id, digits);
    this.next = Math.max(this.next, Number(id.slice(2)) + 1);
  }

  /** Everything that was promised is there, once, and the log is sound. */
  async expectSound(): Promise<void> {
    expect(this.contradictions).toEqual([]);
    const journal = await this.open();
    const lost = [...this.answers].filter(([id, digits]) => {
      const found = journal.lookup('api', id);
      return found === undefined || Buffer.from(found.answer).toString() !== digits;
    });
    expect(lost).toEqual([]);
    const fingerprints = new Map<string, string>();
    for await (const lines of journal.read(1)) {
      for (const text of lines) {
        const line = parseAuditLine(text);
        if (line?.kind !== 'credit') continue;
        expect(fingerprints.has(line.requestId)).toBe(false);
        fingerprints.set(line.requestId, line.fingerprints![0]!);
      }
    }
    const unlike = [...this.answers].filter(([id, digits]) => fingerprints.get(id) !== tokenFingerprint(id, digits));
    expect(unlike).toEqual([]);
    await journal.close();
    const checkpoints = await readCheckpoints(this.elsewhere);
    const report = await verifyLog(this.directory, { publicKeys: [this.signing.publicKey], checkpoints });
    expect(report).toMatchObject({ faults: [], unfinishedBytes: 0, compared: checkpoints.length });
  }
}

/** A process that writes the journal; what it printed before it died counts. */
class Writer {
  readonly opened: Promise<void>;
  private readonly ended: Promise<unknown>;
  private readonly child: ChildProcess;
  private text = '';
  private isOpen: () => void = () => undefined;
  last = '';
  complaints = '';

  constructor(
    private readonly journal: Journal,
    [program, ...args]: string[],
  ) {
    this.child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.opened = new Promise((resolve) => (this.isOpen = resolve));
    running.add(this);
    this.ended = once(this.child, 'close').then(() => {
      running.delete(this);
      this.isOpen();
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.complaints += text));
    this.child.stdout!.setEncoding('latin1').on('data', (text: string) => this.heard(text));
  }

  get pid(): number {
    return this.child.pid!;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }

  async end(): Promise<void> {
    await this.ended;
  }

  private heard(text: string): void {
    const lines = (this.text + text).split('\n');
    // A line without its end was being written when the process died: nobody read it.
    this.text = lines.pop()!;
    for (const line of lines) {
      const [what, id, digits] = line.split(' ');
      if (what === 'answered') this.journal.answered(id!, digits!);
      else if (what === 'unavailable') this.journal.refusedInARow += 1;
      else if (what === 'open') this.isOpen();
      else this.last = line;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let left = 1_000; !condition(); left -= 1) {
    if (left === 0) throw new Error(`never: ${what}`);
    await pause(20);
  }
}

describe('kill -9 while sixteen callers write', () => {
  it('loses no answer, contradicts none, tears no line', async () => {
    const journals = Array.from({ length: LANES }, (_, i) => new Journal(`lane-${i}`));
    const endAt = Date.now() + KILLING_MS;
    let kills = 0;
    const lane = async (journal: Journal): Promise<void> => {
      while (Date.now() < endAt && (KILLS === 0 || kills < KILLS)) {
        const writer = journal.start();
        // One in eight dies while it starts: recovery may be interrupted too.
        if (randomInt(8) === 0) await pause(randomInt(400));
        else {
          await writer.opened;
          await pause(randomInt(80));
        }
        await writer.kill();
        expect(writer.complaints + writer.last).toBe('');
        kills += 1;
      }
    };
    await Promise.all(journals.map(lane));
    for (const journal of journals) await journal.expectSound();
    const answers = journals.reduce((sum, journal) => sum + journal.answers.size, 0);
    process.stderr.write(`killed ${kills} times; ${answers} answered ids, all there, none with two answers\n`);
    expect(kills).toBeGreaterThan(20);
    expect(answers).toBeGreaterThan(kills);
  });
});

describe('a full disk', () => {
  it('answers nothing until there is room, then goes on by itself', async () => {
    const journal = new Journal('full', { segmentBytes: 10_000_000, partEntries: 1_000_000 });
    // The soft limit on the size of files plays the full disk: it can be lifted while the process runs.
    const writer = journal.start(['prlimit', '--fsize=150000:unlimited']);
    // Small groups still find room when large ones do not; in the end nobody does.
    await until(() => journal.refusedInARow > 60, 'refused for want of room');
    const before = journal.answers.size;
    expect(before).toBeGreaterThan(0);
    spawnSync('prlimit', ['--pid', String(writer.pid), '--fsize=unlimited']);
    await until(() => journal.answers.size > before + 500, 'answered again');
    await writer.kill('SIGTERM');
    expect(writer.last).toMatch(/^done /);
    await journal.expectSound();
  });

  it('leaves a sound journal when the process dies while it is full', async () => {
    const journal = new Journal('full', { segmentBytes: 10_000_000, partEntries: 1_000_000 });
    const writer = journal.start(['prlimit', '--fsize=150000:unlimited']);
    await until(() => journal.refusedInARow > 20, 'refused for want of room');
    await writer.kill();
    await journal.expectSound();
  });
});

describe('a journal', () => {
  it('is written by one process, and free as soon as that is killed', async () => {
    const journal = new Journal('locked');
    const first = journal.start();
    await first.opened;
    const second = journal.start();
    await second.end();
    expect(second.last).toBe('failed journal-in-use');
    await first.kill();
    await journal.expectSound();
  });

  it('needs memory that does not grow with what it has written', async () => {
    const peak = async (tokens: number): Promise<number> => {
      const change = { callers: 8, groupSize: 512, tokens, partEntries: 20_000, segmentBytes: 8_000_000 };
      const journal = new Journal(`memory-${tokens}`, change);
      const writer = journal.start();
      await writer.end();
      expect(writer.last).toMatch(/^done /);
      const { maxRssBytes } = JSON.parse(writer.last.slice('done '.length)) as { maxRssBytes: number };
      return maxRssBytes;
    };
    const few = await peak(40_000);
    const many = await peak(400_000);
    process.stderr.write(`peak memory: ${few} bytes for 40,000 tokens, ${many} for 400,000\n`);
    // Ten times as much written; what may grow is the filter, under two bytes a token.
    expect(many - few).toBeLessThan(64 * 1024 * 1024);
  });
});
