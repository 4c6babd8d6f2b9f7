import { SaxesParser } from 'saxes';
import { Fields } from './fields';

const LIMITS = { characters: 8_192, depth: 4, elements: 40, valueCharacters: 256 };

/**
 * Reads a small XML document: the text of each element that has no elements in it, under its name without a prefix. The
 * five entities of XML and numbered ones are known and nothing else: a document type, which could declare more, and
 * processing instructions are refused, and so is what is deeper, longer or has more elements than any contract asks for.
 *
 * @returns undefined when it is no such document
 * @example readXmlFields('<r><amount>500.10</amount></r>')?.text('amount') // '500.10'
 */
export function readXmlFields(xml: string): Fields | undefined {
  if (xml.length > LIMITS.characters) return undefined;
  try {
    return new Fields(leavesOf(xml));
  } catch (error) {
    if (error instanceof NotXml) return undefined;
    throw error;
  }
}

class NotXml extends Error {
  override readonly name = 'NotXml';
}

function leavesOf(xml: string): [name: string, text: string][] {
  const leaves: [string, string][] = [];
  const parser = new SaxesParser({ position: false });
  const refuse = (): never => {
    throw new NotXml();
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('processinginstruction', refuse);
  let depth = 0;
  let elements = 0;
  let text = '';
  let isLeaf = false;
  const heard = (more: string): void => {
    text += more;
    if (text.length > LIMITS.valueCharacters) refuse();
  };
  parser.on('opentag', () => {
    if (++depth > LIMITS.depth || ++elements > LIMITS.elements) refuse();
    text = '';
    isLeaf = true;
  });
  parser.on('text', heard);
  parser.on('cdata', heard);
  parser.on('closetag', ({ name }) => {
    if (isLeaf) leaves.push([name.slice(name.indexOf(':') + 1), text]);
    depth--;
    text = '';
    isLeaf = false;
  });
  parser.write(xml).close();
  return leaves;
}

/** Text as it stands between tags or in an attribute; what XML has no way to say is a question mark. */
export function escapeXml(text: string): string {
  const sayable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '?');
  return sayable.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' },
};
