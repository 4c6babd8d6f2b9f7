import type { KeyObject } from 'node:crypto';
import { chainOf } from './audit-line';
import { listSegments, readLineBlocks } from './audit-segments';
import { checkpointOf, isSigned } from './checkpoint';
import type { AuditCheckpoint } from './checkpoint';
import { readIdentity } from './identity';
import { NO_HASH } from './journal.types';
import type { Head } from './journal.types';

/** What can be wrong with a log, or with one of its lines. */
export type LogFaultKind = 'changed' | 'missing' | 'reordered' | 'truncated' | 'checkpoint-invalid' | 'other-log';

export interface LogFault {
  /** The line concerned; of several missing ones the first. */
  readonly line: number;
  readonly fault: LogFaultKind;
  /** One sentence for the auditor. */
  readonly says: string;
}

export interface LogReport {
  /** Number of the last line; 0 when the log is empty. */
  readonly lines: number;
  /** Its hash. */
  readonly head: string;
  /** The last line that a valid signature in the log, or a checkpoint given, covers. */
  readonly signedLines: number;
  /** Checkpoints given that were compared. */
  readonly compared: number;
  /** Empty when nothing is wrong. In the order in which they were found, at most a hundred. */
  readonly faults: readonly LogFault[];
  /** Bytes of a line at the end that was not finished: no fault, it was promised to nobody. */
  readonly unfinishedBytes: number;
}

export interface VerifyLogOptions {
  /** Who may have signed: the key of today, and those before it. */
  readonly publicKeys: readonly KeyObject[];
  /** Checkpoints kept elsewhere, read before the log; without them a cut at the end cannot be seen. */
  readonly checkpoints?: readonly AuditCheckpoint[];
}

const MOST_FAULTS = 100;

/**
 * Checks every line of a journal's log: its own bytes, its place in the chain, the signatures in the log, and
 * the checkpoints kept elsewhere. Memory does not depend on the length of the log. It reads only, also while
 * a token server writes.
 *
 * @param directory the journal's directory, as it was given to `TokenJournal.open`
 * @example const { faults } = await verifyLog(directory, { publicKeys: [publicKey], checkpoints })
 */
export async function verifyLog(directory: string, options: VerifyLogOptions): Promise<LogReport> {
  const check = new LogCheck(await readIdentity(directory), options.publicKeys, options.checkpoints ?? []);
  let unfinishedBytes = 0;
  const segments = await listSegments(directory);
  for (const [i, { path, firstLine }] of segments.entries()) {
    if (i === 0) check.beginsWith(firstLine);
    for await (const { lines, unfinished } of readLineBlocks(path)) {
      for (const text of lines) check.line(text);
      // Only the last file can have been interrupted.
      if (unfinished && i < segments.length - 1) check.line(unfinished.toString('latin1'));
      else unfinishedBytes = unfinished?.length ?? 0;
    }
  }
  return { ...check.end(), unfinishedBytes };
}

/** The check of one log, fed line by line. */
class LogCheck {
  private head: Head = { number: 0, hash: NO_HASH };
  private signedLines = 0;
  private compared = 0;
  /** The last line that was compared: the line of that checkpoint stands behind it. */
  private comparedLine = 0;
  private readonly faults: LogFault[] = [];
  /** Checkpoints of this log that are still ahead, by line. */
  private readonly ahead: AuditCheckpoint[];

  constructor(
    private readonly log: string | undefined,
    private readonly publicKeys: readonly KeyObject[],
    checkpoints: readonly AuditCheckpoint[],
  ) {
    this.ahead = checkpoints.filter((one) => one.log === log).sort((a, b) => a.number - b.number);
    if (log === undefined) this.fault(1, 'other-log', 'the log has lost its id');
    else if (checkpoints.length > 0 && this.ahead.length === 0) {
      this.fault(1, 'other-log', 'none of the checkpoints kept elsewhere is of this log');
    }
  }

  /** A log whose oldest files lie in an archive does not begin with line 1. */
  beginsWith(firstLine: number): void {
    if (firstLine <= 1) return;
    this.head = { number: firstLine - 1, hash: '' };
    while (this.ahead[0] && this.ahead[0].number < firstLine) this.ahead.shift();
  }

  line(text: string): void {
    const expected = this.head.number + 1;
    const chain = chainOf(text);
    if (!chain?.sound) {
      this.fault(expected, 'changed', `line ${expected} is not what was written`);
      // Counted as the line it stands for, so that those behind it are checked in their own places.
      this.head = { number: expected, hash: '' };
      return;
    }
    if (chain.number < expected) {
      this.outOfOrder(chain.number, expected);
      return;
    }
    if (chain.number > expected) {
      const last = chain.number - 1;
      const which = expected === last ? `line ${expected} is` : `lines ${expected} to ${last} are`;
      this.fault(expected, 'missing', `${which} missing`);
    } else if (this.head.hash !== '' && chain.previousHash !== this.head.hash) {
      this.fault(expected, 'changed', `line ${expected} does not follow the line before it`);
    }
    this.head = { number: chain.number, hash: chain.hash };
    this.compare();
    this.checkSignature(text);
  }

  end(): Omit<LogReport, 'unfinishedBytes'> {
    const { number, hash } = this.head;
    const last = this.ahead.at(-1);
    if (!last && this.comparedLine > 0 && this.comparedLine === number) {
      this.fault(number + 1, 'truncated', `the line of the checkpoint kept elsewhere for line ${number} is missing`);
    }
    if (last) {
      const says = `the log ends with line ${number}, a checkpoint kept elsewhere covers line ${last.number}`;
      this.fault(number + 1, 'truncated', says);
    }
    const { signedLines, compared, faults } = this;
    return { lines: number, head: hash, signedLines, compared, faults };
  }

  private outOfOrder(number: number, expected: number): void {
    const missing = this.faults.findIndex(({ line, fault }) => fault === 'missing' && line === number);
    if (missing >= 0) this.faults.splice(missing, 1);
    this.fault(number, 'reordered', `line ${number} stands where line ${expected} belongs`);
  }

  /** With what was kept elsewhere about this line, or about lines that are not there. */
  private compare(): void {
    while (this.ahead[0] && this.ahead[0].number <= this.head.number) {
      const checkpoint = this.ahead.shift()!;
      const { number } = checkpoint;
      if (!isSigned(checkpoint, this.publicKeys)) {
        this.fault(
          number,
          'checkpoint-invalid',
          `a checkpoint kept elsewhere for line ${number} is not signed by a known key`,
        );
      } else if (number === this.head.number) {
        this.compared += 1;
        this.comparedLine = number;
        if (checkpoint.hash === this.head.hash) this.signedLines = Math.max(this.signedLines, number);
        else this.fault(number, 'changed', `line ${number} is not the one that a checkpoint kept elsewhere covers`);
      }
    }
  }

  private checkSignature(text: string): void {
    const checkpoint = checkpointOf(text);
    if (!checkpoint) return;
    if (checkpoint.log === this.log && isSigned(checkpoint, this.publicKeys)) {
      this.signedLines = Math.max(this.signedLines, checkpoint.number);
    } else {
      const line = this.head.number;
      this.fault(
        line,
        'checkpoint-invalid',
        `the checkpoint in line ${line} is not signed by a known key for this log`,
      );
    }
  }

  private fault(line: number, fault: LogFaultKind, says: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push({ line, fault, says });
  }
}
