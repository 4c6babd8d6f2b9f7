import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^audit-(\d{12})\.log$/;
const NEWLINE = 0x0a;
/** No line is as long: more without a line end is damage, and is handed on as a line that is none. */
const LONGEST_LINE = 1024 * 1024;

/** One file of the log. */
export interface Segment {
  readonly path: string;
  /** Number of its first line, which its name tells. */
  readonly firstLine: number;
}

/** Where the log of a journal lies. */
export function auditFolder(directory: string): string {
  return join(directory, 'audit');
}

/** @example segmentName(1) // 'audit-000000000001.log' */
export function segmentName(firstLine: number): string {
  return `audit-${String(firstLine).padStart(12, '0')}.log`;
}

/** The files of the log in the order of their lines. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const folder = auditFolder(directory);
  const segments: Segment[] = [];
  for (const name of await readdir(folder)) {
    const match = NAME.exec(name);
    if (match) segments.push({ path: join(folder, name), firstLine: Number(match[1]) });
  }
  return segments.sort((a, b) => a.firstLine - b.firstLine);
}

/** Lines of a file in blocks, and at the end what stands behind the last line end. */
export interface LineBlock {
  readonly lines: readonly string[];
  /** Where the first of them begins. */
  readonly offset: number;
  /** Bytes behind the last line end; only in the last block. */
  readonly unfinished?: Buffer;
}

/**
 * Reads a file of lines block by block: memory does not depend on its size.
 *
 * @param endBytes reads no further; Infinity reads to the end of the file
 */
export async function* readLineBlocks(path: string, endBytes = Infinity, skipLines = 0): AsyncGenerator<LineBlock> {
  if (endBytes === 0) return;
  const stream = createReadStream(path, {
    highWaterMark: 256 * 1024,
    ...(endBytes !== Infinity && { end: endBytes - 1 }),
  });
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let toSkip = skipLines;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (; toSkip > 0; toSkip -= 1) {
      const end = bytes.indexOf(NEWLINE, from);
      if (end < 0) break;
      from = end + 1;
    }
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    if (toSkip === 0 && whole > from) {
      yield { lines: bytes.toString('latin1', from, whole - 1).split('\n'), offset: offset + from };
      from = whole;
    }
    // A copy, so that a short rest does not keep the whole block alive.
    rest = Buffer.from(bytes.subarray(from));
    offset += from;
    if (rest.length > LONGEST_LINE) {
      yield { lines: [rest.toString('latin1', 0, 40)], offset };
      offset += rest.length;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield { lines: [], offset, unfinished: rest };
}
