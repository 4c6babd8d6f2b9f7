import { createReadStream } from 'node:fs';
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface AppendLogOptions {
  /** Takes one stored record into memory, in the order of writing. */
  readonly apply: (record: unknown) => void;
  /** Everything in memory that must outlive the process, as records; called when the file is rewritten. */
  readonly snapshot: () => Iterable<unknown>;
  /** Appended records after which the file is rewritten from the snapshot. Default 500 000. */
  readonly rewriteAfter?: number;
}

const NEWLINE = 0x0a;
const CHUNK_CHARS = 1_000_000;

/**
 * A file of JSON lines that survives kill -9 of its process: a record is acknowledged when the operating system
 * has it, and a line that was being written when the process died is left out at the next start. (A power cut may
 * take the last moments: a sandbox does not flush to the disk.)
 *
 * Records that arrive while a write is under way go together in the next one: a thousand SMS cost a few writes.
 * The caller changes its memory first and appends after, so that a snapshot taken at any time holds every record.
 */
export class AppendLog {
  private lines: string[] = [];
  private scheduled: Promise<void> | undefined;
  private tail: Promise<void> = Promise.resolve();
  private appended = 0;

  private constructor(
    private readonly path: string,
    private readonly options: AppendLogOptions,
    private file: FileHandle,
    private length: number,
  ) {}

  /** Reads the file into memory, then rewrites it without what is no longer needed. */
  static async open(path: string, options: AppendLogOptions): Promise<AppendLog> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replay(path, options.apply);
    const { file, length } = await writeAfresh(path, options.snapshot());
    return new AppendLog(path, options, file, length);
  }

  /** Resolves when the record has left this process for the operating system. */
  append(record: unknown): Promise<void> {
    this.lines.push(`${JSON.stringify(record)}\n`);
    if (!this.scheduled) {
      this.scheduled = this.tail.then(() => this.writeWaiting());
      this.tail = this.scheduled.catch(() => undefined);
    }
    return this.scheduled;
  }

  async close(): Promise<void> {
    await this.tail;
    await this.file.close();
  }

  private async writeWaiting(): Promise<void> {
    const lines = this.lines;
    this.lines = [];
    this.scheduled = undefined;
    this.appended += lines.length;
    if (this.appended > (this.options.rewriteAfter ?? 500_000)) return this.rewrite();
    const bytes = Buffer.from(lines.join(''));
    try {
      await writeAt(this.file, bytes, this.length);
    } catch (error) {
      // Half a line may stand there now: cut it off, or the next record would be glued to it.
      await this.file.truncate(this.length).catch(() => undefined);
      throw error;
    }
    this.length += bytes.length;
  }

  private async rewrite(): Promise<void> {
    const old = this.file;
    ({ file: this.file, length: this.length } = await writeAfresh(this.path, this.options.snapshot()));
    this.appended = 0;
    await old.close();
  }
}

/** Hands over every whole line; what follows the last newline was being written when a process died. */
async function replay(path: string, apply: (record: unknown) => void): Promise<void> {
  let rest = Buffer.alloc(0);
  const stream = createReadStream(path);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        apply(JSON.parse(bytes.toString('utf8', start, end)));
        start = end + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Writes a new file beside the old one and puts it in its place in one step. */
async function writeAfresh(path: string, records: Iterable<unknown>): Promise<{ file: FileHandle; length: number }> {
  const file = await open(`${path}.new`, 'w', 0o600);
  let length = 0;
  let text = '';
  const drain = async (): Promise<void> => {
    const bytes = Buffer.from(text);
    text = '';
    await writeAt(file, bytes, length);
    length += bytes.length;
  };
  // Taken whole before the first write: the memory goes on changing while this file is being written.
  for (const record of [...records]) {
    text += `${JSON.stringify(record)}\n`;
    if (text.length > CHUNK_CHARS) await drain();
  }
  await drain();
  await file.sync();
  await rename(`${path}.new`, path);
  return { file, length };
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
