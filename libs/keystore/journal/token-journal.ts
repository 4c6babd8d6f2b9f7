import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { DomainError } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import { fieldsText, hasTokens } from './audit-line';
import { keyIdOf } from './checkpoint';
import { lockDirectory } from './directory-lock';
import { GroupCommit } from './group-commit';
import { IssueOnce } from './issue-once';
import type { Ask, Issued, Maker } from './issue-once';
import type { JournalErrorCode } from './journal.errors';
import { openFiles } from './journal-opening';
import type { OpenFiles } from './journal-opening';
import { settingsOf } from './journal.options';
import type { JournalSettings, TokenJournalOptions } from './journal.options';
import type { AuditLine, JournalRecord, RecordFields, StoredResult } from './journal.types';
import { JournalWriter, publicKeyText } from './journal-writer';
import type { Entry } from './journal-writer';
import { readEntriesSince, readLines } from './read-lines';
import { resultName } from './sealed-chunk';

const GROUP_LINES = 8_192;
const WAITING_LINES = 131_072;
const SELF = 'journal';

/** How the journal stands. */
export interface JournalStatus {
  readonly lines: number;
  /** Hash of the last line, 64 hexadecimal digits. */
  readonly head: string;
  /** The last line that a signed checkpoint covers. */
  readonly signedLines: number;
  /** Ed25519, SPKI in base64: who checks the log needs it. */
  readonly publicKey: string;
  /** False while lines cannot be written, so that no token is made. */
  readonly available: boolean;
}

/**
 * The token server's memory: a hash-chained log of what was done, and the answers that were given. Both are
 * on the disk before anybody gets an answer. One process writes a journal.
 */
export class TokenJournal {
  private readonly commits: GroupCommit<Entry>;
  private readonly once: IssueOnce;
  private readonly publicKey: KeyObject;
  private readonly timer: NodeJS.Timeout;
  private closed = false;

  private constructor(
    private readonly settings: JournalSettings,
    private readonly files: OpenFiles,
    private readonly writer: JournalWriter,
    private readonly unlock: () => void,
  ) {
    this.publicKey = createPublicKey(settings.signingKey);
    this.commits = new GroupCommit(
      (group) => this.writer.write(group),
      GROUP_LINES,
      WAITING_LINES,
      () => unavailable('queue full'),
    );
    this.once = new IssueOnce({
      find: (name) => this.files.results?.find(name),
      write: (lines, results) => this.write({ lines, results }),
    });
    this.timer = setInterval(() => this.signUnsigned(), settings.checkpointEveryMs).unref();
  }

  /**
   * Opens the journal of a directory, making one when there is none, and brings it to what was last promised.
   *
   * @throws {DomainError} a JournalOpeningErrorCode: the process must not start
   * @example const journal = await TokenJournal.open({ directory, signingKey, resultsKey, now: Date.now })
   */
  static async open(options: TokenJournalOptions): Promise<TokenJournal> {
    const settings = settingsOf(options);
    await mkdir(settings.directory, { recursive: true, mode: 0o700 });
    const unlock = lockDirectory(settings.directory);
    try {
      const files = await openFiles(settings);
      const publicKey = createPublicKey(settings.signingKey);
      const keyId = keyIdOf(publicKey);
      const journal = new TokenJournal(settings, files, new JournalWriter(files, settings, keyId), unlock);
      const opened: RecordFields = { kind: 'journal-opened', outcome: 'done', detail: { log: files.log, key: keyId } };
      try {
        await journal.tell([...files.found, opened]);
      } catch (error) {
        await journal.letGo();
        throw error;
      }
      return journal;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /**
   * Answers requests, each id once and for ever: an id that was answered gets the same bytes again, also after
   * a restart and after its key is gone; an id that another call is making waits for it; the same id with
   * another content is a conflict. `make` is asked for the new ones alone. Resolves when lines and answers of
   * all of them are on the disk.
   *
   * @param caller common name of the certificate: ids of one caller mean nothing to another
   * @returns an outcome for each request, in their order
   * @throws {DomainError} `journal-unavailable`: nothing was answered, a repeat is right; and what `make` throws
   * @example
   * const [outcome] = await journal.issueOnce('api', [{ requestId, content }], () => [{ line, answer }])
   */
  issueOnce<Refusal>(caller: string, asks: readonly Ask[], make: Maker<Refusal>): Promise<Issued<Refusal>[]> {
    return this.once.issue(caller, asks, make);
  }

  /**
   * Writes lines that have no answer to keep: key operations, callers over their limit. Resolves when they
   * are on the disk, in one piece.
   *
   * @throws {DomainError} `journal-unavailable`
   * @example await journal.append([{ kind: 'key-operation', caller: 'keys', requestId, outcome: 'done', detail }])
   */
  async append(records: readonly JournalRecord[]): Promise<void> {
    if (records.some(hasTokens)) throw new TypeError('a line of tokens needs an answer that is kept: issueOnce');
    await this.write({ lines: records.map((one) => fieldsText(one.caller, one.requestId, one)), results: [] });
  }

  /**
   * What a request id of this caller was answered.
   *
   * @returns undefined when no token was ever made for it, or too long ago
   * @throws {DomainError} `results-damaged`
   * @example journal.lookup('api', 'recharge-1:6612482:5')?.answer
   */
  lookup(caller: string, requestId: string): StoredResult | undefined {
    return this.files.results?.find(resultName(caller, requestId));
  }

  /**
   * Lines from a number on as they stand in the log, in blocks, up to the last that is on the disk now.
   *
   * @param limit the most lines
   * @example for await (const lines of journal.read(1)) send(lines)
   */
  read(fromLine: number, limit = Infinity): AsyncGenerator<string[]> {
    return readLines(this.settings.directory, fromLine, this.files.lines.durableEnd, limit);
  }

  /**
   * Lines since an instant, parsed: what a caller's use of a day is reckoned from after a restart.
   *
   * @example for await (const line of journal.entriesSince(startOfDay(dhakaDay(now)))) use.add(line)
   */
  entriesSince(since: InstantMs): AsyncGenerator<AuditLine> {
    return readEntriesSince(this.settings.directory, since, this.files.lines.durableEnd);
  }

  status(): JournalStatus {
    const { number, hash } = this.writer.head;
    const { available, signed } = this.writer;
    return {
      lines: number,
      head: hash,
      signedLines: signed.number,
      publicKey: publicKeyText(this.publicKey),
      available,
    };
  }

  /** Signs the head now, whatever the interval says. @throws {DomainError} `journal-unavailable` */
  async checkpoint(): Promise<void> {
    await this.commits.add({ lines: [], results: [], checkpoint: true }, 1);
  }

  /** Writes what waits and a last checkpoint, and lets the directory go. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      await this.tell([{ kind: 'journal-closed', outcome: 'done' }]);
    } catch {
      // The disk is full: the next start finds a log that ends like one of a killed process.
    }
    await this.letGo();
  }

  private async letGo(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.commits.idle();
    await this.writer.close();
    this.unlock();
  }

  private write(entry: Entry): Promise<void> {
    if (this.closed) return Promise.reject(unavailable('closed'));
    if (entry.results.length > 0 && !this.files.results) {
      return Promise.reject(new TypeError('this journal keeps no answers'));
    }
    return this.commits.add(entry, entry.lines.length);
  }

  /** Lines of the journal about itself, and a checkpoint behind them. */
  private tell(fields: readonly RecordFields[]): Promise<void> {
    const lines = fields.map((one) => fieldsText(SELF, this.files.log, one));
    return this.commits.add({ lines, results: [], checkpoint: true }, lines.length);
  }

  /** Lines that nobody follows must not stay unsigned. */
  private signUnsigned(): void {
    const { head, signed } = this.writer;
    // The checkpoint's own line is the one after what it covers.
    if (head.number > signed.number + 1) this.checkpoint().catch(() => undefined);
  }
}

function unavailable(reason: string): DomainError<JournalErrorCode> {
  return new DomainError('journal-unavailable', { reason });
}
