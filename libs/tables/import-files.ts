import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError, isId, type Id, type InstantMs } from '@vend/kernel';
import type { TablesErrorCode } from './tables.errors';

/** A file that was received and not yet given its name. */
export interface ReceivedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A file in the folder. */
export interface KeptFile {
  readonly path: string;
  readonly importId: Id | undefined;
  readonly writtenAt: InstantMs;
}

const ID_LENGTH = 36;
/** Names that are made here; what else somebody has put into the folder is none of ours to delete. */
const OURS = /^(?:\.receiving-[0-9a-f]{18}|[0-9a-f-]{36}-[0-9a-f]{32})$/;

/** Uploaded files in one folder, which every process that imports must see. They hold customers' data. */
export class ImportFiles {
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /** Writes a stream down, hashing it on the way. @throws {DomainError} `import-too-large`; nothing is kept then */
  async receive(source: AsyncIterable<Uint8Array>): Promise<ReceivedFile> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `.receiving-${randomBytes(9).toString('hex')}`);
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        hash.update(chunk);
        if (bytes > this.maxBytes)
          done(new DomainError<TablesErrorCode>('import-too-large', { maximumMb: this.maxMb }));
        else done(null, chunk);
      },
    });
    try {
      await pipeline(source, measure, createWriteStream(path, { mode: 0o600, flush: true }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, sha256: hash.digest('hex'), bytes };
  }

  /** Where the file of an import is: the content is in the name, so that another file never takes its place. */
  pathOf(id: Id, sha256: string): string {
    return join(this.folder, `${id}-${sha256.slice(0, 32)}`);
  }

  /** Gives a received file its name. */
  async keep({ path, sha256 }: ReceivedFile, id: Id): Promise<void> {
    await rename(path, this.pathOf(id, sha256));
  }

  /** What lies in the folder: whose file each is (undefined: one that was never received whole), and how old. */
  async list(): Promise<KeptFile[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const files: KeptFile[] = [];
    for (const name of names.filter((each) => OURS.test(each))) {
      const path = join(this.folder, name);
      // Another worker may have taken it away meanwhile.
      const found = await stat(path).catch(() => undefined);
      const id = name.slice(0, ID_LENGTH);
      if (found) files.push({ path, importId: isId(id) ? id : undefined, writtenAt: found.mtimeMs });
    }
    return files;
  }

  async drop(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  private get maxMb(): number {
    return Math.floor(this.maxBytes / 1_048_576);
  }
}

/** The hash and size of a file where it lies. */
export async function hashFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { sha256: hash.digest('hex'), bytes: (await stat(path)).size };
}
