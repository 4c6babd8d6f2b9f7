import { parse } from 'csv-parse/sync';
import { StringDecoder } from 'node:string_decoder';

/** One row of the file, or undefined fields when its quotation marks do not pair up. */
export interface CsvRow {
  /** 1 is the first line of the file. */
  readonly line: number;
  readonly fields: readonly string[] | undefined;
}

type Line = { readonly line: number; readonly text: string };

/** A row longer than this is a lost quotation mark or not a CSV file; the limit also bounds the memory. */
const LINE_MAX_CHARS = 8_192;
const GROUP_LINES = 200;
const OPTIONS = { relax_column_count: true, trim: true, record_delimiter: '\n' } as const;

/**
 * Reads RFC 4180 rows out of a stream of UTF-8, in groups. A row is one physical line: a line break inside
 * quotation marks is a fault of that line and not the start of a longer row, so that one lost quotation mark
 * costs one row and never the rest of the file. Blank lines are passed over.
 */
export async function* csvRows(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<CsvRow[]> {
  let group: Line[] = [];
  for await (const line of physicalLines(source)) {
    if (/^[\s,]*$/.test(line.text)) continue;
    group.push(line);
    if (group.length === GROUP_LINES) {
      yield fieldsOf(group);
      group = [];
    }
  }
  if (group.length > 0) yield fieldsOf(group);
}

async function* physicalLines(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let line = 0;
  for await (const chunk of source) {
    const parts = (rest + (typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)))).split('\n');
    // Beyond the limit the line is a fault whatever follows; its tail must not gather in memory.
    rest = parts.pop()!.slice(0, LINE_MAX_CHARS + 2);
    for (const text of parts) yield { line: ++line, text: clean(text, line) };
  }
  rest += decoder.end();
  if (rest !== '') yield { line: ++line, text: clean(rest, line) };
}

/** Without the carriage return, and the first line without the byte order mark that spreadsheets write. */
function clean(text: string, line: number): string {
  const ended = text.endsWith('\r') ? text.slice(0, -1) : text;
  return line === 1 && ended.startsWith('\uFEFF') ? ended.slice(1) : ended;
}

function fieldsOf(group: readonly Line[]): CsvRow[] {
  const readable = group.filter(({ text }) => text.length <= LINE_MAX_CHARS && quotesPair(text));
  const parsed = parseTogether(readable);
  return group.map(({ line }) => ({ line, fields: parsed.get(line) }));
}

/** All lines in one call, because a call costs more than a line; one by one only when one of them is broken. */
function parseTogether(lines: readonly Line[]): Map<number, string[]> {
  try {
    const records: string[][] = parse(lines.map(({ text }) => text).join('\n'), OPTIONS);
    return new Map(lines.map(({ line }, i) => [line, records[i]!]));
  } catch {
    const found = lines.map(({ line, text }) => [line, parseAlone(text)] as const);
    return new Map(found.filter((entry): entry is readonly [number, string[]] => entry[1] !== undefined));
  }
}

function parseAlone(text: string): string[] | undefined {
  try {
    const records: string[][] = parse(text, OPTIONS);
    return records[0];
  } catch {
    return undefined;
  }
}

function quotesPair(text: string): boolean {
  let pair = true;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) pair = !pair;
  return pair;
}
