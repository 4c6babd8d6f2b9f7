import { readFileSync } from 'node:fs';
import { create, type Font } from 'fontkit';
import harfBuzz, { type HarfBuzz, type ShapingFont } from 'harfbuzzjs';
import { segmentsOf, type Segments } from './outline';
import { unpackWoff } from './woff';

export type Weight = 'regular' | 'bold';

/** The files of one font family: each has the letters of one script in one weight. */
const FILES = {
  'bengali-regular': 'noto-sans-bengali-bengali-400-normal.woff',
  'bengali-bold': 'noto-sans-bengali-bengali-700-normal.woff',
  'latin-regular': 'noto-sans-bengali-latin-400-normal.woff',
  'latin-bold': 'noto-sans-bengali-latin-700-normal.woff',
} as const;
export type FaceName = keyof typeof FILES;

/** What the Bengali file has: its block, the danda, and the joiners, which belong to the letters around them. */
const BENGALI = /[\u0951\u0952\u0964\u0965\u0980-\u09fe\u200c\u200d\u25cc]+/gu;

/** A shape and where it stands, in the font's units. */
export interface ShapedGlyph {
  readonly id: number;
  readonly xAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
  /** The text that it is made of, as code points; empty where a neighbour's stands for both. */
  readonly codePoints: readonly number[];
}

/** A piece of a line in one script, and the font that has it. */
export interface Run {
  readonly text: string;
  readonly face: Face;
}

/**
 * One font. HarfBuzz, which browsers use too, says which shapes a text has: fontkit, which reads the outlines and writes the
 * font into a PDF, gets conjuncts like that of কেন্দ্র and the reph of পরিবর্তন wrong.
 */
export class Face {
  readonly unitsPerEm: number;
  private readonly outlines = new Map<number, Segments>();

  constructor(
    readonly name: FaceName,
    private readonly shaper: HarfBuzz,
    private readonly shaping: ShapingFont,
    /** For what reads font files; its own shaping must not be used. */
    readonly font: Font,
  ) {
    this.unitsPerEm = font.unitsPerEm;
  }

  shape(text: string): ShapedGlyph[] {
    const shaped = this.shapes(text);
    return shaped.map(({ g, cl, ax, dx, dy }, index) => {
      const isFirst = shaped[index - 1]?.cl !== cl;
      const end = shaped.find((each) => each.cl > cl)?.cl;
      const codePoints = isFirst ? Array.from(text.slice(cl, end), (letter) => letter.codePointAt(0)!) : [];
      return { id: g, xAdvance: ax, xOffset: dx, yOffset: dy, codePoints };
    });
  }

  private shapes(text: string) {
    // It lives in HarfBuzz's own memory, which nobody sweeps.
    const buffer = this.shaper.createBuffer();
    try {
      buffer.addText(text);
      buffer.guessSegmentProperties();
      this.shaper.shape(this.shaping, buffer);
      return buffer.json();
    } finally {
      buffer.destroy();
    }
  }

  /** How wide a text comes out, in the unit of the size. */
  widthOf(text: string, size: number): number {
    return (this.shape(text).reduce((sum, { xAdvance }) => sum + xAdvance, 0) / this.unitsPerEm) * size;
  }

  /** A font has few hundred shapes: each is cut into pieces once. */
  outlineOf(glyphId: number): Segments {
    let outline = this.outlines.get(glyphId);
    if (!outline) this.outlines.set(glyphId, (outline = segmentsOf(this.font.getGlyph(glyphId).path.commands)));
    return outline;
  }
}

/** All fonts of a receipt. */
export class Faces {
  private static ready: Promise<Faces> | undefined;

  private constructor(readonly all: ReadonlyMap<FaceName, Face>) {}

  /** Read once; what could not be read is tried again when it is asked for again. */
  static load(): Promise<Faces> {
    return (this.ready ??= this.read().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    }));
  }

  private static async read(): Promise<Faces> {
    const shaper = await harfBuzz;
    const names = Object.keys(FILES) as FaceName[];
    return new Faces(new Map(names.map((name) => [name, openFace(name, shaper)])));
  }

  /** A line cut where the script changes. @example faces.runsOf('টোকেন 1', 'bold').length // 2 */
  runsOf(text: string, weight: Weight): Run[] {
    const runs: Run[] = [];
    const add = (script: 'bengali' | 'latin', piece: string) => {
      if (piece !== '') runs.push({ text: piece, face: this.all.get(`${script}-${weight}`)! });
    };
    let end = 0;
    for (const match of text.matchAll(BENGALI)) {
      add('latin', text.slice(end, match.index));
      add('bengali', match[0]);
      end = match.index + match[0].length;
    }
    add('latin', text.slice(end));
    return runs;
  }

  /** How wide a line comes out, in the unit of the size. */
  widthOf(text: string, size: number, weight: Weight): number {
    return this.runsOf(text, weight).reduce((sum, run) => sum + run.face.widthOf(run.text, size), 0);
  }
}

function openFace(name: FaceName, shaper: HarfBuzz): Face {
  const file = unpackWoff(readFileSync(require.resolve(`@fontsource/noto-sans-bengali/files/${FILES[name]}`)));
  const font = create(file);
  if (!('getGlyph' in font)) throw new Error(`${FILES[name]} is not a single font`);
  return new Face(name, shaper, shaper.createFont(shaper.createFace(shaper.createBlob(file), 0)), font);
}
