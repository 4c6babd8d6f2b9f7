import type { Readable } from 'node:stream';
import { open, type Entry, type ZipFile } from 'yauzl';

/** A workbook has a dozen parts; an archive with more than this is no workbook. */
const PARTS_MAX = 2_000;

/** A zip archive that is read part by part, never whole. */
export class ZipParts {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** Reads the list of parts. @throws when the file is no archive, or one with too many parts */
  static async open(path: string): Promise<ZipParts> {
    const zip = await new Promise<ZipFile>((resolve, reject) => {
      open(path, { lazyEntries: true, autoClose: false }, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    try {
      return new ZipParts(zip, await entriesOf(zip));
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  /** Bytes of a part when unpacked, as the archive says; reading more than it says is an error. */
  sizeOf(name: string): number | undefined {
    return this.entries.get(name)?.uncompressedSize;
  }

  /** Unpacks a part as it is read. @throws when it is missing or says that it is larger than `maxBytes` */
  async *read(name: string, maxBytes: number): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) throw new Error('a part of the workbook is missing');
    if (entry.uncompressedSize > maxBytes) throw new Error('a part of the workbook is too large');
    const stream = await new Promise<Readable>((resolve, reject) => {
      this.zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    for await (const chunk of stream) yield chunk as Buffer;
  }

  close(): void {
    this.zip.close();
  }
}

function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry);
      if (entries.size > PARTS_MAX) reject(new Error('too many parts'));
      else zip.readEntry();
    });
    zip.readEntry();
  });
}
