import { mkdir, rm } from 'node:fs/promises';
import { DomainError } from '@vend/kernel';
import type { InstantMs } from '@vend/kernel';
import { AppendFile } from './append-file';
import type { JournalErrorCode } from './journal.errors';
import type { StoredResult } from './journal.types';
import { reasonOf } from './reason';
import { makePartHeader, PART_HEADER_BYTES, readChunkAt, readChunks } from './result-part';
import type { PartHeader } from './result-part';
import { removeIndex, ResultIndex } from './result-index';
import { headerOf, listParts, openFinishedPart, partPaths, PartNames, removePart, resultsFolder } from './result-parts';
import type { FinishedPart, PartPaths } from './result-parts';
import { hashName } from './result-table';
import { sealChunk } from './sealed-chunk';
import type { LineSpan, NamedResult, OpenChunk } from './sealed-chunk';

const RESULTS_PER_CHUNK = 512;
const CHUNKS_KEPT_OPEN = 8;
/** So that the oldest results go month by month and not all at once. */
const PART_LONGEST_MS = 30 * 86_400_000;

export interface ResultStoreOptions {
  readonly directory: string;
  /** 32 bytes. */
  readonly resultsKey: Buffer;
  /** A part with more results is finished and another one begun. */
  readonly partEntries: number;
  readonly keptMs: number;
  readonly now: () => InstantMs;
  /** Whether the log tells of tokens between two of its lines, both excluded and included. */
  readonly tokensMade: (afterLine: number, upToLine: number) => Promise<boolean>;
  /** Told when an index could not be written; the store goes on without it. */
  readonly onTrouble: (what: string, facts: Readonly<Record<string, string | number>>) => void;
}

/** What a group's results are before they are written. */
export interface PreparedResults {
  readonly bytes: Buffer;
  readonly chunks: readonly { readonly place: number; readonly results: readonly NamedResult[] }[];
}

/** The answers that were given, sealed, and found again by request id and caller. */
export class ResultStore {
  private names = new PartNames();
  private finished: FinishedPart[] = [];
  private readonly openChunks = new Map<string, OpenChunk>();
  private indexing: Promise<void> = Promise.resolve();
  /** When a result was kept last; after a start that is not known, and now is late enough. */
  private lastAt: InstantMs;

  private constructor(
    private readonly options: ResultStoreOptions,
    private readonly folder: string,
    private paths: PartPaths,
    private header: PartHeader,
    private file: AppendFile,
    /** The last line whose result may be here: later lines have none. */
    public lastLine: number,
  ) {
    this.lastAt = options.now();
  }

  /**
   * Opens the store, making one when there is none. What was written and never promised is cut off:
   * a torn chunk, and the chunks of a group whose lines did not all reach the log.
   *
   * @param headNumber the last line of the log
   * @returns the store, and from which line on the log has lines of a group that was not finished
   * @throws {DomainError} `audit-log-truncated`, `results-damaged`, `results-key-wrong`
   */
  static async open(
    options: ResultStoreOptions,
    headNumber: number,
  ): Promise<{ store: ResultStore; made: boolean; unfinishedFrom: number | undefined }> {
    const folder = resultsFolder(options.directory);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const parts = await listParts(folder);
    let current = parts.pop();
    let header = current && (await headerOf(current, options.resultsKey));
    if (current && !header) {
      // Killed while a new part was being made: nothing is in it, the one before goes on.
      await removePart(current);
      current = parts.pop();
      header = current && (await headerOf(current, options.resultsKey));
    }
    if (!current || !header) {
      const begun = await beginPart(options, partPaths(folder, 1), headNumber);
      return {
        store: new ResultStore(options, folder, begun.paths, begun.header, begun.file, headNumber),
        made: true,
        unfinishedFrom: undefined,
      };
    }
    await removeIndex(current.index);
    const { names, endBytes, lastLine, unfinishedFrom } = await namesOf(current, header, headNumber);
    // Before anything is cut off: what cannot be read here must be a group that nobody was answered from.
    const lastPromised = unfinishedFrom === undefined ? headNumber : unfinishedFrom - 1;
    if (await options.tokensMade(lastLine, lastPromised)) throw damaged(lastLine + 1);
    const file = await AppendFile.resume(current.sealed, endBytes);
    const store = new ResultStore(options, folder, current, header, file, lastLine);
    store.names = names;
    for (const paths of parts)
      store.finished.push(await openFinishedPart(paths, (await headerOf(paths, options.resultsKey))!));
    await store.removeExpired();
    return { store, made: false, unfinishedFrom };
  }

  /** What was answered; undefined when nothing was, or too long ago. The answer is a copy. */
  find(name: string): StoredResult | undefined {
    const nameHash = hashName(name);
    for (const place of this.names.find(nameHash)) {
      const found = this.inChunk(this.paths, this.header.key, place, name);
      if (found) return found;
    }
    for (let i = this.finished.length - 1; i >= 0; i -= 1) {
      const part = this.finished[i]!;
      for (const place of part.names.find(nameHash)) {
        const found = this.inChunk(part.paths, part.key, place, name);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** Seals the results of a group of lines; nothing is written yet. */
  prepare(results: readonly NamedResult[], lines: LineSpan): PreparedResults {
    const chunks: { place: number; results: readonly NamedResult[] }[] = [];
    const sealed: Buffer[] = [];
    let place = this.file.end;
    for (let from = 0; from < results.length; from += RESULTS_PER_CHUNK) {
      const members = results.slice(from, from + RESULTS_PER_CHUNK);
      const following = Math.ceil((results.length - from) / RESULTS_PER_CHUNK) - 1;
      const bytes = sealChunk(this.header.key, { place, lines, following }, members);
      chunks.push({ place, results: members });
      sealed.push(bytes);
      place += bytes.length;
    }
    return { bytes: Buffer.concat(sealed), chunks };
  }

  /** Resolves when they are on the disk; nobody finds them before `accept`. */
  async write({ bytes }: PreparedResults): Promise<void> {
    await this.file.write(bytes);
    await this.file.sync();
  }

  /** Their lines are on the disk too: from now on they are answers. */
  accept({ chunks }: PreparedResults, lines: LineSpan, at: InstantMs): void {
    for (const { place, results } of chunks) {
      this.names.add(
        place,
        results.map(({ name }) => hashName(name)),
      );
    }
    this.file.keep();
    this.lastLine = lines.last;
    this.lastAt = at;
  }

  async rollBack(): Promise<void> {
    await this.file.rollBack();
  }

  /** True when the next results belong into a part of their own. */
  needsRotation(at: InstantMs): boolean {
    const { entries } = this.names.table;
    return entries >= this.options.partEntries || (entries > 0 && at - this.header.madeAt >= PART_LONGEST_MS);
  }

  /** Begins another part; the finished one's index is written meanwhile. */
  async rotate(): Promise<void> {
    const begun = await beginPart(this.options, partPaths(this.folder, this.paths.number + 1), this.lastLine);
    const part: FinishedPart = { paths: this.paths, key: this.header.key, lastAt: this.lastAt, names: this.names };
    await this.file.close();
    this.finished.push(part);
    this.names = new PartNames();
    this.paths = begun.paths;
    this.header = begun.header;
    this.file = begun.file;
    this.indexing = this.indexing.then(() => this.finish(part));
  }

  async close(): Promise<void> {
    await this.indexing;
    await this.file.close();
    for (const chunk of this.openChunks.values()) chunk.erase();
    this.openChunks.clear();
    for (const key of [this.header.key, ...this.finished.map((part) => part.key)]) key.fill(0);
  }

  private async finish(part: FinishedPart): Promise<void> {
    const { names, paths, lastAt } = part;
    try {
      if (names instanceof PartNames) {
        await ResultIndex.write(paths.index, names.table, names.places, lastAt);
        part.names = ResultIndex.read(paths.index) ?? names;
      }
      await this.removeExpired();
    } catch (error) {
      // Its names stay in memory, and the next start makes the index again.
      this.options.onTrouble('index not written', { part: paths.number, reason: reasonOf(error) });
    }
  }

  /** Parts whose last result is older than results are kept; never the one being written. */
  private async removeExpired(): Promise<void> {
    const limit = this.options.now() - this.options.keptMs;
    for (const part of this.finished.filter(({ lastAt }) => lastAt < limit)) {
      this.finished = this.finished.filter((other) => other !== part);
      this.forgetChunks();
      await removePart(part.paths);
    }
  }

  private inChunk(paths: PartPaths, key: Buffer, place: number, name: string): StoredResult | undefined {
    const id = `${paths.number}:${place}`;
    let chunk = this.openChunks.get(id);
    if (chunk) {
      this.openChunks.delete(id);
    } else {
      chunk = readChunkAt(paths.sealed, key, place);
      if (this.openChunks.size >= CHUNKS_KEPT_OPEN) this.forgetChunks(1);
    }
    this.openChunks.set(id, chunk);
    const found = chunk.results.get(name);
    return found && { content: found.content, answer: Uint8Array.from(found.answer) };
  }

  /** The longest unused first. */
  private forgetChunks(count = Infinity): void {
    for (const [id, chunk] of this.openChunks) {
      if (count-- <= 0) return;
      chunk.erase();
      this.openChunks.delete(id);
    }
  }
}

async function beginPart(
  options: ResultStoreOptions,
  paths: PartPaths,
  afterLine: number,
): Promise<{ paths: PartPaths; header: PartHeader; file: AppendFile }> {
  const [bytes, header] = makePartHeader(options.resultsKey, options.now(), afterLine);
  // An earlier attempt may have made the name and then failed, for want of room.
  await rm(paths.sealed, { force: true });
  return { paths, header, file: await AppendFile.create(paths.sealed, bytes) };
}

interface CurrentPart {
  readonly names: PartNames;
  readonly endBytes: number;
  readonly lastLine: number;
  readonly unfinishedFrom: number | undefined;
}

/** Reads the part that was written to last, up to the last group that was finished. */
async function namesOf(paths: PartPaths, header: PartHeader, headNumber: number): Promise<CurrentPart> {
  const names = new PartNames();
  let endBytes = PART_HEADER_BYTES;
  let lastLine = header.afterLine;
  let awaited = 0;
  let unfinishedFrom: number | undefined;
  if (lastLine > headNumber) throw truncated(headNumber + 1);
  for await (const { place, totalBytes, lines, following, chunk } of readChunks(paths.sealed, header.key)) {
    const hashes = Array.from(chunk.results.keys(), hashName);
    chunk.erase();
    if (lines.last > headNumber) {
      // Results are written before their lines, so one group may have been interrupted. What stands before
      // it, and any group behind it, had its lines: they were promised, and are gone.
      if (lines.first > headNumber + 1 || lines.first !== (unfinishedFrom ?? lines.first))
        throw truncated(headNumber + 1);
      unfinishedFrom = lines.first;
      continue;
    }
    names.add(place, hashes);
    endBytes = place + totalBytes;
    lastLine = lines.last;
    awaited = following;
  }
  if (awaited > 0) throw damaged(lastLine);
  return { names, endBytes, lastLine, unfinishedFrom };
}

function truncated(line: number): DomainError<JournalErrorCode> {
  return new DomainError('audit-log-truncated', { line });
}

function damaged(line: number): DomainError<JournalErrorCode> {
  return new DomainError('results-damaged', { line });
}
