// Proves that XML of callers is read within bounds and without entities, hand-written attacks first, then any bytes.
import * as fc from 'fast-check';
import { escapeXml, readXmlFields } from './xml-fields';

it('reads leaves, whatever the prefix, with the entities of XML itself', () => {
  const fields = readXmlFields(
    '<?xml version="1.0" encoding="UTF-8"?>\n<d:req xmlns:d="u"><d:login><userPass>a&amp;b&#33;</userPass></d:login>' +
      '<accountNo> 40012345 </accountNo><amount><![CDATA[500.10]]></amount><empty/><!-- no --></d:req>',
  );
  expect(fields?.secret('userPass')).toBe('a&b!');
  expect(fields?.text('account_no')).toBe('40012345');
  expect(fields?.text('amount')).toBe('500.10');
  expect(fields?.text('empty')).toBeUndefined();
});

it.each([
  ['nothing', ''],
  ['no XML', 'accountNo=1'],
  ['a tag left open', '<r><a>1</a>'],
  ['two roots', '<r/><r/>'],
  ['a document type', '<!DOCTYPE r><r><a>1</a></r>'],
  ['an external entity', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><a>&x;</a></r>'],
  ['a billion laughs', '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r><a>&b;</a></r>'],
  ['an entity of nobody', '<r><a>&x;</a></r>'],
  ['a processing instruction', '<r><?php run ?><a>1</a></r>'],
  ['too deep', `${'<r>'.repeat(5)}1${'</r>'.repeat(5)}`],
  ['too deep by far', '<r>'.repeat(2_000)],
  ['too many elements', `<r>${'<a/>'.repeat(50)}</r>`],
  ['a text too long', `<r><a>${'1'.repeat(300)}</a></r>`],
  ['a document too long', `<r><a>1</a>${' '.repeat(9_000)}</r>`],
  ['a character that is none', '<r><a>\u0001</a></r>'],
  ['a number of a character that is none', '<r><a>&#0;</a></r>'],
])('refuses %s', (_, xml) => expect(readXmlFields(xml)).toBeUndefined());

it('never throws', () => {
  const piece = fc.constantFrom(
    '<r>',
    '</r>',
    '<a>',
    '</a>',
    '&amp;',
    '&#1;',
    ']]>',
    '<![CDATA[',
    '<!--',
    '-->',
    '<?x',
    '"',
  );
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(fc.property(any, (xml) => void readXmlFields(xml)));
});

it('gives back what was escaped', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }), (text) => {
      const printable = text.replace(/[\p{Cc}\p{Cn}]/gu, 'x');
      expect(readXmlFields(`<r><a>${escapeXml(printable)}</a></r>`)?.secret('a')).toBe(printable);
    }),
  );
  expect(escapeXml('a\u0000<\ud800')).toBe('a?&lt;?');
});
