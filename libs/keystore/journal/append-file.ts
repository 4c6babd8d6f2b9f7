import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** After these a write fails and later ones may succeed: no room, no quota, a size limit. */
const NO_ROOM: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * A file that only grows. What stands before `keptBytes` was promised to somebody and is on the disk; what
 * is beyond was promised to nobody and may be cut off at any time. Write, sync, keep: or roll back.
 */
export class AppendFile {
  private writtenBytes: number;
  /** Set when the disk broke a promise: what it holds is unknown until the file is read again. */
  private broken = false;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    public keptBytes: number,
  ) {
    this.writtenBytes = keptBytes;
  }

  /** A new file, readable by its owner only, its name durable. @throws EEXIST */
  static async create(path: string, content: Uint8Array = new Uint8Array()): Promise<AppendFile> {
    const file = new AppendFile(path, await open(path, 'wx', 0o600), 0);
    try {
      await file.write(content);
      await file.sync();
      await syncDirectory(dirname(path));
      file.keep();
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** An existing file, cut off after `bytes`. */
  static async resume(path: string, bytes: number): Promise<AppendFile> {
    const handle = await open(path, 'r+');
    const file = new AppendFile(path, handle, bytes);
    try {
      if ((await handle.stat()).size > bytes) await handle.truncate(bytes);
      // Also when nothing was cut: whoever was killed may have written without a sync.
      await handle.sync();
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.broken) throw new Error('file is broken');
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, this.writtenBytes);
      done += bytesWritten;
      this.writtenBytes += bytesWritten;
    }
  }

  /** Resolves when all that was written is on the disk. */
  async sync(): Promise<void> {
    if (this.broken) throw new Error('file is broken');
    try {
      await this.handle.datasync();
    } catch (error) {
      // After a failed flush the kernel may forget the pages and report success next time.
      this.broken = !NO_ROOM.includes((error as NodeJS.ErrnoException).code ?? '');
      throw error;
    }
  }

  /** All that was written, and synced, is from now on promised. */
  keep(): void {
    this.keptBytes = this.writtenBytes;
  }

  /** Cuts off what is not promised. */
  async rollBack(): Promise<void> {
    if (this.broken) throw new Error('file is broken');
    // Always: a write that failed may have left a part that it did not report.
    await this.handle.truncate(this.keptBytes);
    this.writtenBytes = this.keptBytes;
  }

  /** Where the next write goes. */
  get end(): number {
    return this.writtenBytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
