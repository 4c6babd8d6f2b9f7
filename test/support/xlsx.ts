import { crc32, deflateRawSync } from 'node:zlib';

/** A part of an archive; `claims` says another size than it has. */
export interface ZipPart {
  readonly name: string;
  readonly content: Buffer | string;
  readonly claims?: number;
}

/** A zip archive of these parts (APPNOTE 4.3), deflated. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claims } of parts) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims ?? bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name)]));
    files.push(file);
    offset += file.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

/** A cell: text, kept once for the workbook; a number; or XML as it is. */
export type Cell = string | number | { readonly xml: string };

const xmlText = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** The least workbook that a spreadsheet opens, with one sheet of these rows. */
export function workbookOf(
  rows: readonly (readonly Cell[])[],
  changes: { readonly parts?: readonly ZipPart[]; readonly since1904?: boolean } = {},
): Buffer {
  const strings: string[] = [];
  const cell = (value: Cell, at: string) => {
    if (typeof value === 'object') return value.xml.replace('<c', `<c r="${at}"`);
    if (typeof value === 'number') return `<c r="${at}" s="1"><v>${value}</v></c>`;
    return `<c r="${at}" t="s"><v>${strings.push(value) - 1}</v></c>`;
  };
  const sheet = rows
    .map((row, i) => `<row r="${i + 1}">${row.map((value, j) => cell(value, `${letters(j)}${i + 1}`)).join('')}</row>`)
    .join('');
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const parts: ZipPart[] = [
    {
      name: 'xl/workbook.xml',
      content: `${head}<workbook xmlns:r="r"><workbookPr date1904="${changes.since1904 === true}"/><sheets><sheet name="S" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `${head}<Relationships><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    {
      name: 'xl/sharedStrings.xml',
      content: `${head}<sst>${strings.map((text) => `<si><t xml:space="preserve">${xmlText(text)}</t></si>`).join('')}</sst>`,
    },
    { name: 'xl/worksheets/sheet1.xml', content: `${head}<worksheet><sheetData>${sheet}</sheetData></worksheet>` },
  ];
  const replaced = new Map([...parts, ...(changes.parts ?? [])].map((part) => [part.name, part]));
  return zipOf([...replaced.values()]);
}

function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}
