import { hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { InstantMs } from '@vend/kernel';
import { syncDirectory } from './append-file';
import { findIn, NameFilter, SLOT_WORDS } from './result-table';
import type { NameHash, ResultTable } from './result-table';

/**
 * Where the names of a finished part are: its table, written beside it. The filter and the places stay in
 * memory (under two bytes a token), the table stays on the disk and is read a page at a time.
 *
 * file: magic, slots, words of the filter, chunks, time of the last result, SHA-256 of filter and places;
 * then filter, places, table. Made from the part, and made again when it is missing or does not fit.
 */
const MAGIC = 0x56524931;
const HEADER_BYTES = 4 + 4 + 4 + 4 + 8 + 32;
const PAGE_SLOTS = 512;

export class ResultIndex {
  private constructor(
    private readonly path: string,
    private readonly slots: number,
    private readonly filter: NameFilter,
    private readonly places: Float64Array,
    private readonly tableAt: number,
    /** When the last result was kept; the part may go when that is long ago. */
    readonly lastAt: InstantMs,
  ) {}

  /** Writes the index of a finished part; a crash leaves none or the whole of it. */
  static async write(path: string, table: ResultTable, places: readonly number[], lastAt: InstantMs): Promise<void> {
    const filter = NameFilter.forEntries(table.entries);
    const { words } = table;
    for (let at = 0; at < words.length; at += SLOT_WORDS) {
      if (words[at + 2] !== 0) filter.add({ high: words[at]!, low: words[at + 1]! });
    }
    const front = Buffer.concat([bytesOf(filter.words), bytesOf(Float64Array.from(places))]);
    const header = Buffer.alloc(HEADER_BYTES);
    [MAGIC, table.slots, filter.words.length, places.length].forEach((value, i) => header.writeUInt32BE(value, i * 4));
    header.writeDoubleBE(lastAt, 16);
    hash('sha256', front, 'buffer').copy(header, 24);
    const draft = `${path}.new`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(Buffer.concat([header, front]));
      await handle.writeFile(bytesOf(words));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
    await syncDirectory(dirname(path));
  }

  /** @returns undefined when there is none that fits: make it again from the part */
  static read(path: string): ResultIndex | undefined {
    let fd: number;
    try {
      fd = openSync(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const header = Buffer.alloc(HEADER_BYTES);
      if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES || header.readUInt32BE(0) !== MAGIC) return undefined;
      const [slots, filterWords, chunks] = [4, 8, 12].map((at) => header.readUInt32BE(at)) as [number, number, number];
      const front = Buffer.alloc(filterWords * 4 + chunks * 8);
      if (readSync(fd, front, 0, front.length, HEADER_BYTES) < front.length) return undefined;
      if (!hash('sha256', front, 'buffer').equals(header.subarray(24))) return undefined;
      const copy = front.buffer.slice(front.byteOffset, front.byteOffset + front.length);
      const filter = new NameFilter(new Uint32Array(copy.slice(0, filterWords * 4)));
      const places = new Float64Array(copy.slice(filterWords * 4));
      return new ResultIndex(path, slots, filter, places, HEADER_BYTES + front.length, header.readDoubleBE(16));
    } finally {
      closeSync(fd);
    }
  }

  /** Places of the chunks that may hold the name, the newest first. */
  find(name: NameHash): number[] {
    if (!this.filter.mayHold(name)) return [];
    const fd = openSync(this.path, 'r');
    try {
      const found: number[] = [];
      let slot = name.low & (this.slots - 1);
      for (let seen = 0; seen < this.slots;) {
        const count = Math.min(PAGE_SLOTS, this.slots - slot);
        const page = new Uint32Array(count * SLOT_WORDS);
        readSync(fd, page, 0, page.byteLength, this.tableAt + slot * SLOT_WORDS * 4);
        const { chunks, ended } = findIn(page, this.slots, name, slot);
        found.push(...chunks);
        if (ended) break;
        seen += count;
        slot = (slot + count) & (this.slots - 1);
      }
      return found.reverse().map((chunk) => this.places[chunk]!);
    } finally {
      closeSync(fd);
    }
  }
}

function bytesOf(words: Uint32Array | Float64Array): Buffer {
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength);
}

/** Removes an index that is no longer wanted. */
export async function removeIndex(path: string): Promise<void> {
  await rm(path, { force: true });
}
