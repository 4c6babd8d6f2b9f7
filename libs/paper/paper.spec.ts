/*
 * Proves that a receipt comes out on paper as it is: the bytes for a receipt printer are taken apart again into dots and held
 * against the picture, the PDF's text is read back in Bangla, and nothing leaves the paper. Pictures of all samples are
 * written to .local/screens/receipts for people to look at.
 */
import fs, { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sheetOf, type Language, type Receipt, type ReceiptSheet } from '@vend/receipts';
import { printed, textOfPdf } from '../../test/support/paper';
import { pngOf } from '../../test/support/png';
import { SAMPLE_RECEIPTS } from '../../test/support/receipts';
import { receiptEscPos, receiptPdf, receiptPicture } from '.';
import { bitmapOf, isBlack } from './bitmap';
import { linesOf, type Drawing } from './drawing';
import { DRAWINGS_MAX, DrawingTurns } from './drawing-turns';
import { Face, Faces } from './faces';
import { drawReceipt } from './receipt-drawing';

const PAGE = 'https://pay.example.bd/my/';
const FOLDER = join(__dirname, '../../.local/screens/receipts');

const samples = Object.entries<Receipt>(SAMPLE_RECEIPTS).flatMap(([name, receipt]) =>
  (['bn', 'en'] as const).map((language) => [name, language, sheetOf(receipt, language, PAGE)] as const),
);

let faces: Faces;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  faces = await Faces.load();
});

/** Everything that a sheet says, without the breaks between lines. */
function wordsOf({ title, marks, heading, notes, tokens, lines, totals, page }: ReceiptSheet): string[] {
  const rows = [...lines, ...totals].flatMap(({ name, value, note }) => [name, value, note ?? '']);
  const texts = [title, ...marks, ...heading.flatMap(({ name, value }) => [`${name}:`, value]), ...notes, ...rows];
  return [...texts, ...tokens.flatMap(({ name, groups }) => [name, groups]), page!.words]
    .flatMap((text) => text.split(' '))
    .filter((word) => word !== '');
}

const rightEnd = ({ marks }: Drawing) =>
  marks.map((mark) => mark.x + (mark.is === 'bar' ? mark.width : faces.widthOf(mark.text, mark.size, mark.weight)));

describe.each(samples)('%s in %s', (name, language: Language, sheet) => {
  it('comes out of a printer dot by dot as the picture is', async () => {
    const picture = await receiptPicture(sheet);
    writeFileSync(join(FOLDER, `${name}-${language}.png`), pngOf(picture));
    const paper = printed(await receiptEscPos(sheet));
    expect([paper.width, paper.height]).toEqual([576, picture.height]);
    expect(Buffer.compare(paper.rows, picture.rows)).toBe(0);
  });

  it('is a PDF that says in this language whatever the receipt says', async () => {
    const pdf = await receiptPdf(sheet, 'NV-261121-7K3M9QXA2T', SAMPLE_RECEIPTS.plain.issuedAt);
    writeFileSync(join(FOLDER, `${name}-${language}.pdf`), pdf);
    const text = textOfPdf(pdf).join(' ');
    // A word that is wider than the paper is broken; all else stands in one piece.
    const whole = text.replaceAll(' ', '');
    for (const word of wordsOf(sheet)) expect(whole).toContain(word);
    for (const { groups } of sheet.tokens) expect(text).toContain(groups);
    expect(await receiptPdf(sheet, 'NV-261121-7K3M9QXA2T', SAMPLE_RECEIPTS.plain.issuedAt)).toEqual(pdf);
  });

  it('stays on the paper, each token in one line', () => {
    const drawing = drawReceipt(faces, sheet);
    expect(Math.max(...rightEnd(drawing))).toBeLessThanOrEqual(576);
    expect(Math.min(...drawing.marks.map(({ x }) => x))).toBeGreaterThanOrEqual(0);
    const texts = drawing.marks.map((mark) => (mark.is === 'text' ? mark.text : ''));
    for (const { groups } of sheet.tokens) expect(texts.filter((each) => each === groups)).toHaveLength(1);
  });
});

const shape = (text: string) => faces.all.get('bengali-regular')!.shape(text);

it.each([
  // Conjuncts are one shape, or a shape with a mark on it; a vowel sign that is spoken after stands before; so does রেফ behind.
  ['ক্ষ', 1],
  ['র্জ', 2],
  ['প্রি', 3],
  ['ন্ত', 2],
  ['কেন্দ্র', 6],
  ['পরিবর্তন', 7],
  // The sign before, and the mark behind, in one: a shape of its own, with an empty one in the mark's place.
  ['বার্ষিক', 7],
])('shapes %s as it is written, whatever was shaped before', (text, glyphs) => {
  const shaped = shape(text);
  expect(shaped).toHaveLength(glyphs);
  expect(shaped.map(({ id }) => id)).not.toContain(0);
  shape('সর্বোচ্চ');
  expect(shape(text)).toEqual(shaped);
  // Every letter is the text of exactly one shape.
  expect(String.fromCodePoint(...shaped.flatMap(({ codePoints }) => codePoints))).toBe(text);
});

it('draws a conjunct alone as inside a word', () => {
  expect(shape('শিক্ষা').map(({ id }) => id)).toContain(shape('ক্ষ')[0]!.id);
  expect(shape('অর্জন').map(({ id }) => id)).toContain(shape('র্জ')[1]!.id);
});

it('reads the fonts again when they could not be read', async () => {
  await jest.isolateModulesAsync(async () => {
    const again = jest.requireActual<{ Faces: typeof Faces }>('./faces');
    expect(again.Faces).not.toBe(Faces);
    const { readFileSync } = fs;
    const broken = jest.spyOn(fs, 'readFileSync').mockImplementation((...args) => {
      if (String(args[0]).endsWith('.woff')) throw new Error('EMFILE');
      return readFileSync(...args);
    });
    try {
      await expect(again.Faces.load()).rejects.toThrow('EMFILE');
    } finally {
      broken.mockRestore();
    }
    expect((await again.Faces.load()).widthOf('১', 20, 'bold')).toBe(faces.widthOf('১', 20, 'bold'));
  });
});

it('gives the shaper its memory back when shaping fails', () => {
  const destroy = jest.fn();
  const nothing = () => undefined;
  const buffer = { addText: nothing, guessSegmentProperties: nothing, json: () => [], destroy };
  const shape = () => {
    throw new Error('out of memory');
  };
  const shaper = { createBlob: Object, createFace: Object, createFont: Object, createBuffer: () => buffer, shape };
  const face = new Face('latin-bold', shaper, {}, faces.all.get('latin-bold')!.font);
  expect(() => face.shape('1')).toThrow('out of memory');
  expect(destroy).toHaveBeenCalledTimes(1);
});

it('draws one after another, lets others in between, and refuses who would wait too long', async () => {
  const turns = new DrawingTurns();
  const order: string[] = [];
  let drawing = 0;
  let most = 0;
  const draw = async (name: number) => {
    most = Math.max(most, ++drawing);
    if (name === 1) setImmediate(() => order.push('another request'));
    await Promise.resolve();
    drawing -= 1;
    order.push(`${name}`);
    if (name === 2) throw new Error('no such letter');
    return name;
  };
  const asked = Array.from({ length: DRAWINGS_MAX + 1 }, (_, name) => turns.take(() => draw(name)));
  const outcomes = await Promise.allSettled(asked);
  expect(most).toBe(1);
  expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error).message))).toEqual([
    ...[0, 1, 'no such letter'],
    ...Array.from({ length: DRAWINGS_MAX - 3 }, (_, index) => index + 3),
    'receipts-busy',
  ]);
  expect(order.indexOf('another request')).toBeLessThan(order.indexOf('4'));
  expect(await turns.take(() => draw(99))).toBe(99);
});

it('fills letters and leaves what they enclose white', () => {
  const mark = { is: 'text', text: 'O', x: 10, y: 90, size: 100, weight: 'bold' } as const;
  const picture = bitmapOf(faces, { width: 100, height: 100, marks: [mark] });
  const row = Array.from({ length: 100 }, (_, x) => (isBlack(picture, x, 55) ? '#' : '.')).join('');
  expect(row).toMatch(/^\.+#+\.+#+\.+$/);
});

it('takes each script from its own font, and loses nothing', () => {
  const text = 'টোকেন 1/3: ৫০০.০০ টাকা, LT-A।';
  expect(
    faces
      .runsOf(text, 'bold')
      .map((run) => run.text)
      .join(''),
  ).toBe(text);
  for (const { text: piece, face } of faces.runsOf(text, 'bold'))
    expect(face.shape(piece).map(({ id }) => id)).not.toContain(0);
});

it('breaks lines at blanks, and a word only where it alone is too wide', () => {
  const style = { size: 20, weight: 'regular' } as const;
  const lines = linesOf(faces, 'এক দুই তিন অনেকলম্বাএকটিশব্দ', style, 90);
  expect(lines.join('').replaceAll(' ', '')).toBe('একদুইতিনঅনেকলম্বাএকটিশব্দ');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(faces.widthOf(line, 20, 'regular')).toBeLessThanOrEqual(90);
});
