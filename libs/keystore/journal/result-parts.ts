import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstantMs } from '@vend/kernel';
import { PART_HEADER_BYTES, readChunks, readPartHeader } from './result-part';
import type { PartHeader } from './result-part';
import { removeIndex, ResultIndex } from './result-index';
import { hashName, ResultTable } from './result-table';
import type { NameHash } from './result-table';

const NAME = /^results-(\d{6})\.sealed$/;

/** The files of a part. */
export interface PartPaths {
  readonly number: number;
  readonly sealed: string;
  readonly index: string;
}

/** Where the stored results of a journal lie. */
export function resultsFolder(directory: string): string {
  return join(directory, 'results');
}

export function partPaths(folder: string, number: number): PartPaths {
  const base = join(folder, `results-${String(number).padStart(6, '0')}`);
  return { number, sealed: `${base}.sealed`, index: `${base}.index` };
}

/** The parts there are, oldest first. */
export async function listParts(folder: string): Promise<PartPaths[]> {
  const numbers = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1])).filter((n) => n > 0);
  return numbers.sort((a, b) => a - b).map((number) => partPaths(folder, number));
}

/** @returns undefined when the file was not finished being made */
export async function headerOf(paths: PartPaths, resultsKey: Buffer): Promise<PartHeader | undefined> {
  const handle = await open(paths.sealed, 'r');
  try {
    const bytes = Buffer.alloc(PART_HEADER_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return readPartHeader(resultsKey, bytes.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** The names of a part in memory, as long as no index stands beside it. */
export class PartNames {
  readonly table = new ResultTable();
  readonly places: number[] = [];

  /** Notes a chunk and the names in it. */
  add(place: number, names: Iterable<NameHash>): void {
    const chunk = this.places.push(place) - 1;
    for (const name of names) this.table.add(name, chunk);
  }

  find(name: NameHash): number[] {
    return Array.from(this.table.find(name), (chunk) => this.places[chunk]!).reverse();
  }
}

/** A part that is no longer written to. */
export interface FinishedPart {
  readonly paths: PartPaths;
  readonly key: Buffer;
  readonly lastAt: InstantMs;
  /** In memory until the index is written, and if it cannot be. */
  names: { find(name: NameHash): number[] };
}

/** Opens a finished part, making its index again when there is none that fits. */
export async function openFinishedPart(paths: PartPaths, header: PartHeader): Promise<FinishedPart> {
  const index = ResultIndex.read(paths.index) ?? (await indexAgain(paths, header));
  return { paths, key: header.key, lastAt: index.lastAt, names: index };
}

async function indexAgain(paths: PartPaths, header: PartHeader): Promise<ResultIndex> {
  const names = new PartNames();
  for await (const { place, chunk } of readChunks(paths.sealed, header.key)) {
    names.add(place, Array.from(chunk.results.keys(), hashName));
    chunk.erase();
  }
  const { mtimeMs } = await statOf(paths.sealed);
  await ResultIndex.write(paths.index, names.table, names.places, mtimeMs);
  return ResultIndex.read(paths.index)!;
}

async function statOf(path: string): Promise<{ mtimeMs: number }> {
  const handle = await open(path, 'r');
  try {
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

/** Removes a part for good: its time is over. */
export async function removePart(paths: PartPaths): Promise<void> {
  await rm(paths.sealed, { force: true });
  await removeIndex(paths.index);
}
