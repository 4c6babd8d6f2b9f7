// Proves that table files are taken in each documented form and refused when they are no permutations or claim falsely.
import { IEC_SAMPLE_TABLES, StaTables, parseStaTables } from './sta.tables';
import { StsError } from './sts.errors';

const { s1, s2, p } = IEC_SAMPLE_TABLES.numbers;
const flat = [...s1, ...s2, ...p];
const text = (value: string): Uint8Array => Buffer.from(value);
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof StsError) return error.code;
    throw error;
  }
  return 'taken';
};

it('knows the sample tables by their fingerprint', () => {
  expect(IEC_SAMPLE_TABLES.kind).toBe('iec-sample');
  expect(IEC_SAMPLE_TABLES.sha256).toBe('cca464f5c6877eccefb60251dd75db898aaa29d7cfd85ddf9d03cbbed234e58d');
});

it.each([
  ['96 bytes', Uint8Array.from(flat)],
  ['JSON', text(JSON.stringify({ s1, s2, p }))],
  ['JSON in capitals', text(JSON.stringify({ S1: s1, S2: s2, P: p }))],
  ['decimals', text(flat.join(' '))],
  [
    'decimals on lines, with labels and a comment',
    text(`# sample\nS1 = ${s1.join(',')}\nS2: ${s2.join(', ')}\nP = ${p.join('\n')}\n`),
  ],
  ['hex digits', text(`${Buffer.from(flat).toString('hex')}\n`)],
  ['hex digits in groups', text(Buffer.from(flat).toString('hex').replace(/(..)/g, '$1 '))],
])('reads %s', (_, file) => {
  expect(parseStaTables(file).numbers).toEqual({ s1, s2, p });
  expect(parseStaTables(file).kind).toBe('iec-sample');
});

it('refuses tables that claim to be the production ones and are not', () => {
  expect(codeOf(() => parseStaTables(Uint8Array.from(flat), 'production'))).toBe('tables-fingerprint');
  const claiming = text(JSON.stringify({ s1, s2, p, claims: 'production' }));
  expect(codeOf(() => parseStaTables(claiming))).toBe('tables-fingerprint');
  expect(codeOf(() => parseStaTables(Uint8Array.from(flat), 'iec-sample'))).toBe('taken');
});

it.each([
  ['nothing', text('')],
  ['95 numbers', text(flat.slice(1).join(' '))],
  ['97 numbers', text(`${flat.join(' ')} 0`)],
  ['a value twice', text([...flat.slice(0, 95), flat[94]].join(' '))],
  ['a value too high', text(flat.map((value) => (value === 63 ? 64 : value)).join(' '))],
  ['broken JSON', text('{"s1":[')],
  ['JSON without P', text(JSON.stringify({ s1, s2 }))],
  ['JSON of texts', text(JSON.stringify({ s1: s1.map(String), s2, p }))],
  ['95 bytes', Uint8Array.from(flat.slice(1))],
])('refuses %s', (_, file) => {
  expect(codeOf(() => parseStaTables(file))).toBe('bad-tables');
});

it('refuses tables of the wrong length or with holes, by constructor', () => {
  expect(codeOf(() => new StaTables({ s1: s1.slice(1), s2, p }))).toBe('bad-tables');
  expect(codeOf(() => new StaTables({ s1, s2, p: [...p.slice(1), 0.5] }))).toBe('bad-tables');
});
