import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';

/** What a part of a workbook is read by: names without their prefix, attributes as text. */
export interface XmlReader {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads XML as it comes, calling back for each tag. The parser knows the five entities of XML and numbered ones, and no
 * others; a document type, which could declare more, is refused.
 *
 * @returns after each chunk, so that the caller may hand on what it has got
 * @throws when it is not well-formed
 */
export async function* readXml(chunks: AsyncIterable<Buffer>, reader: XmlReader): AsyncGenerator<number> {
  const parser = new SaxesParser({ position: false });
  const decoder = new StringDecoder('utf8');
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type');
  });
  parser.on('opentag', ({ name, attributes }) => reader.open?.(localName(name), attributes as Record<string, string>));
  parser.on('text', (text) => reader.text?.(text));
  parser.on('closetag', ({ name }) => reader.close?.(localName(name)));
  let bytes = 0;
  for await (const chunk of chunks) {
    parser.write(decoder.write(chunk));
    yield (bytes += chunk.length);
  }
  parser.write(decoder.end());
  parser.close();
}

/** The same to the end, for a part that is small. */
export async function readWholeXml(chunks: AsyncIterable<Buffer>, reader: XmlReader): Promise<void> {
  for await (const _bytes of readXml(chunks, reader)) continue;
}
