import { mkdir } from 'node:fs/promises';
import { dhakaDay, DomainError } from '@vend/kernel';
import type { InstantMs, LocalDay } from '@vend/kernel';
import { join } from 'node:path';
import { AppendFile } from './append-file';
import { chainOf } from './audit-line';
import { auditFolder, listSegments, readLineBlocks, segmentName } from './audit-segments';
import type { Segment } from './audit-segments';
import type { JournalErrorCode } from './journal.errors';
import { NO_HASH } from './journal.types';
import type { Head } from './journal.types';

/** What was found at the end of a segment. */
interface SegmentEnd {
  /** The last line that holds; undefined when there is none. */
  readonly head: Head | undefined;
  readonly endBytes: number;
  /** Bytes behind it that are no lines: a write that was cut short. */
  readonly tornBytes: number;
}

/** The end of the log on the disk: the file that lines are appended to. */
export class AuditWriter {
  private day: LocalDay | undefined;

  private constructor(
    private readonly directory: string,
    private readonly segmentBytes: number,
    private file: AppendFile,
    private segment: Segment,
    /** The last line that is on the disk. */
    public head: Head,
  ) {}

  /**
   * Opens the log of a journal, making one when there is none. A torn end is cut off: it was never promised.
   *
   * @returns the writer and the number of bytes that were cut off
   * @throws {DomainError} `audit-log-damaged`: lines that hold stand behind one that does not
   */
  static async open(directory: string, segmentBytes: number): Promise<{ writer: AuditWriter; tornBytes: number }> {
    await mkdir(auditFolder(directory), { recursive: true, mode: 0o700 });
    const segments = await listSegments(directory);
    const last = segments.at(-1);
    if (!last) {
      const segment = { path: join(auditFolder(directory), segmentName(1)), firstLine: 1 };
      const file = await AppendFile.create(segment.path);
      return {
        writer: new AuditWriter(directory, segmentBytes, file, segment, { number: 0, hash: NO_HASH }),
        tornBytes: 0,
      };
    }
    const end = await endOfSegment(last);
    const head = end.head ?? (await headBefore(segments));
    const file = await AppendFile.resume(last.path, end.endBytes);
    return { writer: new AuditWriter(directory, segmentBytes, file, last, head), tornBytes: end.tornBytes };
  }

  /** True when the next lines belong into a file of their own: this one is full, or of another day. */
  needsRotation(at: InstantMs): boolean {
    const today = dhakaDay(at);
    if (this.file.keptBytes === 0) {
      this.day = today;
      return false;
    }
    return this.file.keptBytes >= this.segmentBytes || (this.day ?? today) !== today;
  }

  async rotate(at: InstantMs): Promise<void> {
    const firstLine = this.head.number + 1;
    const segment = { path: join(auditFolder(this.directory), segmentName(firstLine)), firstLine };
    const file = await createOrTakeOver(segment.path);
    await this.file.close();
    this.file = file;
    this.segment = segment;
    this.day = dhakaDay(at);
  }

  /** Appends lines, each with its line end; `head` is the last of them. Resolves when they are on the disk. */
  async append(bytes: Uint8Array, head: Head, at: InstantMs): Promise<void> {
    this.day ??= dhakaDay(at);
    await this.file.write(bytes);
    await this.file.sync();
    this.file.keep();
    this.head = head;
  }

  async rollBack(): Promise<void> {
    await this.file.rollBack();
  }

  /**
   * Takes back the lines from `line` on, which nobody was ever told about.
   *
   * @returns how many bytes went
   * @throws {DomainError} `audit-log-damaged` when they do not all stand in the last file
   */
  async cutFrom(line: number): Promise<number> {
    if (line > this.head.number) return 0;
    if (line < this.segment.firstLine) throw damaged(line);
    let number = this.segment.firstLine;
    let head = line === number ? await headBefore(await listSegments(this.directory)) : undefined;
    let keptBytes = 0;
    for await (const { lines } of readLineBlocks(this.segment.path, this.file.keptBytes)) {
      for (const text of lines) {
        if (number >= line) break;
        keptBytes += text.length + 1;
        if (number === line - 1) head = { number, hash: chainOf(text)!.hash };
        number += 1;
      }
    }
    const cutBytes = this.file.keptBytes - keptBytes;
    await this.file.close();
    this.file = await AppendFile.resume(this.segment.path, keptBytes);
    this.head = head!;
    return cutBytes;
  }

  /** How far the last file may be read: lines behind it are not promised yet. */
  get durableEnd(): { readonly path: string; readonly bytes: number } {
    return { path: this.segment.path, bytes: this.file.keptBytes };
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

async function createOrTakeOver(path: string): Promise<AppendFile> {
  try {
    return await AppendFile.create(path);
  } catch (error) {
    // An earlier attempt made the name and then failed, for want of room.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return AppendFile.resume(path, 0);
  }
}

/** The head before an empty last file: the end of the one before it, which must be whole. */
async function headBefore(segments: readonly Segment[]): Promise<Head> {
  const last = segments.at(-1)!;
  const before = segments.at(-2);
  if (!before) {
    if (last.firstLine !== 1) throw damaged(last.firstLine);
    return { number: 0, hash: NO_HASH };
  }
  const { head, tornBytes } = await endOfSegment(before);
  if (!head || tornBytes > 0 || head.number !== last.firstLine - 1) throw damaged(last.firstLine - 1);
  return head;
}

async function endOfSegment(segment: Segment): Promise<SegmentEnd> {
  let head: Head | undefined;
  let endBytes = 0;
  let tornBytes = 0;
  for await (const { lines, unfinished } of readLineBlocks(segment.path)) {
    for (const text of lines) {
      const chain = chainOf(text);
      const expected = head ? head.number + 1 : segment.firstLine;
      const holds =
        chain?.sound === true && chain.number === expected && chain.previousHash === (head?.hash ?? chain.previousHash);
      if (tornBytes === 0 && holds) {
        head = { number: chain.number, hash: chain.hash };
        endBytes += text.length + 1;
      } else if (chain?.sound) {
        // A write that was cut short leaves no whole line behind its tear: somebody was here.
        throw damaged(expected);
      } else {
        tornBytes += text.length + 1;
      }
    }
    tornBytes += unfinished?.length ?? 0;
  }
  return { head, endBytes, tornBytes };
}

function damaged(line: number): DomainError<JournalErrorCode> {
  return new DomainError('audit-log-damaged', { line });
}
