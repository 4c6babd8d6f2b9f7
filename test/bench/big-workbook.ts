import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { crc32, createDeflateRaw } from 'node:zlib';

/** Writes a zip archive part by part, each of any length (APPNOTE 4.3: sizes behind the content, in a data descriptor). */
class ZipWriter {
  private readonly out;
  private readonly directory: Buffer[] = [];
  private offset = 0;

  constructor(path: string) {
    this.out = createWriteStream(path);
  }

  async part(name: string, content: Iterable<string>): Promise<void> {
    const place = this.offset;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 2);
    head.writeUInt16LE(8, 4);
    head.writeUInt16LE(name.length, 22);
    await this.write(Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name)]));
    const sizes = await this.packed(content);
    await this.write(Buffer.concat([Buffer.from('PK\x07\x08'), sizes]));
    sizes.copy(head, 10);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(place, 10);
    this.directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), head, rest, Buffer.from(name)]));
  }

  async end(): Promise<void> {
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(this.directory.length, 8);
    end.writeUInt16LE(this.directory.length, 10);
    end.writeUInt32LE(Buffer.concat(this.directory).length, 12);
    end.writeUInt32LE(this.offset, 16);
    await this.write(Buffer.concat([...this.directory, end]));
    this.out.end();
    await once(this.out, 'close');
  }

  /** Checksum, size packed, size unpacked. */
  private async packed(content: Iterable<string>): Promise<Buffer> {
    const deflate = createDeflateRaw({ level: 1 });
    const [before, count] = [this.offset, { crc: 0, bytes: 0 }];
    const written = (async () => {
      for await (const chunk of deflate) await this.write(chunk as Buffer);
    })();
    for (const text of content) {
      const bytes = Buffer.from(text);
      count.crc = crc32(bytes, count.crc);
      count.bytes += bytes.length;
      if (!deflate.write(bytes)) await once(deflate, 'drain');
    }
    deflate.end();
    await written;
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(count.crc, 0);
    sizes.writeUInt32LE(this.offset - before, 4);
    sizes.writeUInt32LE(count.bytes, 8);
    return sizes;
  }

  private async write(bytes: Buffer): Promise<void> {
    this.offset += bytes.length;
    if (!this.out.write(bytes)) await once(this.out, 'drain');
  }
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const xmlText = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/**
 * Writes a workbook of any number of rows without holding them, as a spreadsheet does: every text once, in the table of
 * texts. The rows are asked for twice.
 *
 * @param repeated true for a column whose texts come again and again
 */
export async function writeWorkbook(
  path: string,
  rows: () => Iterable<readonly string[]>,
  repeated: (column: number) => boolean,
): Promise<void> {
  const zip = new ZipWriter(path);
  await zip.part('xl/workbook.xml', [
    `${HEAD}<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ]);
  await zip.part('xl/_rels/workbook.xml.rels', [
    `${HEAD}<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
  ]);
  await zip.part('xl/worksheets/sheet1.xml', sheetOf(rows(), numbering(repeated)));
  await zip.part('xl/sharedStrings.xml', textsOf(rows(), numbering(repeated)));
  await zip.end();
}

/** Which text of the table a cell is; `isNew` when it is the next one. */
function numbering(repeated: (column: number) => boolean) {
  const known = new Map<string, number>();
  let next = 0;
  return (text: string, column: number): { readonly number: number; readonly isNew: boolean } => {
    const found = repeated(column) ? known.get(text) : undefined;
    if (found !== undefined) return { number: found, isNew: false };
    if (repeated(column)) known.set(text, next);
    return { number: next++, isNew: true };
  };
}

function* sheetOf(rows: Iterable<readonly string[]>, numberOf: ReturnType<typeof numbering>): Generator<string> {
  yield `${HEAD}<worksheet><sheetData>`;
  let line = 0;
  for (const row of rows) {
    const at = ++line;
    const cells = row.map((text, column) => {
      const place = `${String.fromCharCode(65 + column)}${at}`;
      return text === '' ? '' : `<c r="${place}" t="s"><v>${numberOf(text, column).number}</v></c>`;
    });
    yield `<row r="${at}">${cells.join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function* textsOf(rows: Iterable<readonly string[]>, numberOf: ReturnType<typeof numbering>): Generator<string> {
  yield `${HEAD}<sst>`;
  for (const row of rows) {
    const fresh = row.filter((text, column) => text !== '' && numberOf(text, column).isNew);
    yield fresh.map((text) => `<si><t>${xmlText(text)}</t></si>`).join('');
  }
  yield '</sst>';
}
