import type { InstantMs } from '@vend/kernel';
import { parseAuditLine } from './audit-line';
import { listSegments, readLineBlocks } from './audit-segments';
import type { AuditLine } from './journal.types';

/** Up to where lines are promised: a file, and how much of it. */
export interface DurableEnd {
  readonly path: string;
  readonly bytes: number;
}

/** Lines from a number on, block by block, up to `end`. */
export async function* readLines(
  directory: string,
  fromLine: number,
  end: DurableEnd,
  limit = Infinity,
): AsyncGenerator<string[]> {
  let left = limit;
  const segments = await listSegments(directory);
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1];
    if (next && next.firstLine <= fromLine) continue;
    const last = segment.path === end.path;
    const skip = Math.max(0, fromLine - segment.firstLine);
    for await (const { lines } of readLineBlocks(segment.path, last ? end.bytes : Infinity, skip)) {
      if (left <= 0) return;
      const block = lines.slice(0, left);
      left -= block.length;
      if (block.length > 0) yield block;
    }
    if (last) return;
  }
}

/** Lines since an instant, read: what a day's use is reckoned from. */
export async function* readEntriesSince(
  directory: string,
  since: InstantMs,
  end: DurableEnd,
): AsyncGenerator<AuditLine> {
  for await (const lines of readLines(directory, await firstLineNear(directory, since), end)) {
    for (const text of lines) {
      const line = parseAuditLine(text);
      if (line && line.at >= since) yield line;
    }
  }
}

/** The first line of the last file that began before the instant. */
async function firstLineNear(directory: string, since: InstantMs): Promise<number> {
  for (const { path, firstLine } of (await listSegments(directory)).reverse()) {
    for await (const { lines } of readLineBlocks(path)) {
      const first = lines[0] === undefined ? undefined : parseAuditLine(lines[0]);
      if (first && first.at < since) return firstLine;
      break;
    }
  }
  return 1;
}
