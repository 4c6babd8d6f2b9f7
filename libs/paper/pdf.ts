import PDFDocument from 'pdfkit';
import type { Drawing, TextMark } from './drawing';
import type { Face, Faces } from './faces';

/** Points a dot: 8 dots a millimetre, 72 points an inch. */
const POINTS = 72 / 25.4 / 8;
/** What an 80 mm printer leaves white on either side, in dots. */
const MARGIN = 32;

/** What a PDF says of itself. */
export interface PdfFacts {
  readonly title: string;
  readonly language: 'bn' | 'en';
  /** The same receipt gives the same bytes: the file is dated by what it is of, not by when it was written. */
  readonly atMs: number;
}

/**
 * A drawing as a PDF of one page as wide as 80 mm paper. The letters are shaped; each line also carries the text that it was
 * made of (ActualText), so that what is copied, searched or read aloud is Bangla in its written order and not the order of
 * the shapes.
 *
 * @example await pdfOf(faces, drawReceipt(faces, sheet), { title: 'NV-261121-7K3M9QXA2T', language: 'bn', atMs: receipt.issuedAt })
 */
export async function pdfOf(faces: Faces, drawing: Drawing, { title, language, atMs }: PdfFacts): Promise<Buffer> {
  const document = new PDFDocument({
    size: [(drawing.width + 2 * MARGIN) * POINTS, (drawing.height + 2 * MARGIN) * POINTS],
    margin: 0,
    lang: language === 'bn' ? 'bn-BD' : 'en-GB',
    info: { Title: title, CreationDate: new Date(atMs) },
    displayTitle: true,
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => document.on('end', resolve).on('error', reject));
  for (const face of faces.all.values()) document.registerFont(face.name, fontFor(face));
  for (const mark of drawing.marks) {
    if (mark.is === 'text') write(document, faces, mark);
    else document.rect(...points(MARGIN + mark.x, MARGIN + mark.y, mark.width, mark.height)).fill('#000000');
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

/** pdfkit takes an opened font and asks it to lay out each text: the shapes are HarfBuzz's, all else is the font's own. */
function fontFor(face: Face): PDFKit.Mixins.PDFFontSource {
  const layout = (text: string) => {
    const shaped = face.shape(text);
    return {
      // The width that the file gives a shape, beside the room that it takes here: the difference is written with the text.
      glyphs: shaped.map(({ id, codePoints }) => ({
        id,
        advanceWidth: face.font.getGlyph(id).advanceWidth,
        codePoints,
      })),
      positions: shaped.map(({ xAdvance, xOffset, yOffset }) => ({ xAdvance, yAdvance: 0, xOffset, yOffset })),
      advanceWidth: shaped.reduce((sum, { xAdvance }) => sum + xAdvance, 0),
    };
  };
  // Its types know of files and bytes only.
  return Object.create(face.font, { layout: { value: layout } }) as PDFKit.Mixins.PDFFontSource;
}

function write(document: PDFKit.PDFDocument, faces: Faces, { text, x, y, size, weight }: TextMark): void {
  document.markContent('Span', { actual: text });
  let left = MARGIN + x;
  for (const run of faces.runsOf(text, weight)) {
    const [pointsX, pointsY] = points(left, MARGIN + y, 0, 0);
    document.font(run.face.name).fontSize(size * POINTS);
    document.fillColor('#000000').text(run.text, pointsX, pointsY, { lineBreak: false, baseline: 'alphabetic' });
    left += run.face.widthOf(run.text, size);
  }
  document.endMarkedContent();
}

function points(x: number, y: number, width: number, height: number): [number, number, number, number] {
  return [x * POINTS, y * POINTS, width * POINTS, height * POINTS];
}
