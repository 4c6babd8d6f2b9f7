import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { DomainError, isDomainError } from '@vend/kernel';
import { parseMeterNumber } from '@vend/meters';

const PAGE = 2_000;

/** A line of a list: its number in the file, and its meter, or why it names none. */
export interface ListLine {
  readonly line: number;
  readonly pan: string | undefined;
  readonly fault: string | undefined;
}

/** Reads a list of meter numbers page by page; a file of any length takes the same memory. */
export async function* readMeterList(path: string): AsyncGenerator<ListLine[]> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let page: ListLine[] = [];
  let line = 0;
  for await (const text of lines) {
    line += 1;
    const [first = ''] = text.replace(/^\uFEFF/, '').split(',');
    const number = first.trim().replace(/^"(.*)"$/, '$1');
    if (number === '' || (line === 1 && !/^\d/.test(number))) continue;
    page.push({ line, ...meterOf(number) });
    if (page.length === PAGE) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

function meterOf(number: string): { pan: string | undefined; fault: string | undefined } {
  try {
    return { pan: parseMeterNumber(number).pan, fault: undefined };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { pan: undefined, fault: error.code };
  }
}

/**
 * The fingerprint of a list, whatever its line ends: the same list goes on with the same campaign.
 *
 * @throws {DomainError} the code of the first line that names no meter, with its number
 */
export async function hashOfList(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const page of readMeterList(path)) {
    for (const { line, pan, fault } of page) {
      if (pan === undefined) throw new DomainError(fault!, { line });
      hash.update(`${pan}\n`);
    }
  }
  return hash.digest('hex');
}

/** The meters of a list, page by page. */
export async function* pansOf(path: string): AsyncGenerator<string[]> {
  for await (const page of readMeterList(path)) yield page.flatMap(({ pan }) => pan ?? []);
}
