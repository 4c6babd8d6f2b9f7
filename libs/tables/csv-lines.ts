import { StringDecoder } from 'node:string_decoder';
import { GROUP_ROWS, ROW_MAX_CHARS, type RowGroup, type SourceRow } from './source';

/**
 * Reads RFC 4180 rows out of a stream of UTF-8, in groups. A row is one physical line: a line break inside
 * quotation marks is a fault of that line and not the start of a longer row, so that one lost quotation mark
 * costs one row and never the rest of the file. Blank lines are passed over.
 */
export async function* csvRows(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<RowGroup> {
  const lines = new PhysicalLines();
  let rows: SourceRow[] = [];
  let doneBytes = 0;
  for await (const chunk of source) {
    doneBytes += chunk.length;
    for (const row of lines.take(chunk)) {
      rows.push(row);
      if (rows.length === GROUP_ROWS) {
        yield { rows, doneBytes };
        rows = [];
      }
    }
  }
  rows.push(...lines.end());
  if (rows.length > 0) yield { rows, doneBytes };
}

/** Cuts what comes into lines, and lines into fields. */
class PhysicalLines {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private line = 0;

  *take(chunk: Uint8Array | string): Generator<SourceRow> {
    const parts = (this.rest + (typeof chunk === 'string' ? chunk : this.decoder.write(Buffer.from(chunk)))).split(
      '\n',
    );
    // Beyond the limit the line is a fault whatever follows; its tail must not gather in memory.
    this.rest = parts.pop()!.slice(0, ROW_MAX_CHARS + 2);
    for (const text of parts) yield* this.row(text);
  }

  *end(): Generator<SourceRow> {
    this.rest += this.decoder.end();
    if (this.rest !== '') yield* this.row(this.rest);
  }

  private *row(text: string): Generator<SourceRow> {
    const line = ++this.line;
    const ended = text.endsWith('\r') ? text.slice(0, -1) : text;
    // Spreadsheets write a byte order mark.
    const clean = line === 1 && ended.startsWith('\uFEFF') ? ended.slice(1) : ended;
    if (/^[\s,]*$/.test(clean)) return;
    const fields = clean.length > ROW_MAX_CHARS ? undefined : fieldsOf(clean);
    yield fields ? { line, fields } : { line, fields, text: clean.slice(0, ROW_MAX_CHARS) };
  }
}

/**
 * The values of one line, blanks around them off; undefined when its quotation marks do not pair up or stand in the
 * middle of a value.
 *
 * @example fieldsOf('a, "b, ""c""" ,d') // ['a', 'b, "c"', 'd']
 */
export function fieldsOf(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim());
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*(,|$)/.exec(rest);
    const match = quoted ?? /^([^",]*)(,|$)/.exec(rest);
    if (!match) return undefined;
    fields.push(quoted ? match[1]!.replaceAll('""', '"') : match[1]!.trim());
    if (match[2] === '') return fields;
    rest = rest.slice(match[0].length);
  }
}
