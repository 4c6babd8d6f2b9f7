import type { Faces, Weight } from './faces';

/** One line of text: `x` is its left end, `y` its base line. */
export interface TextMark {
  readonly is: 'text';
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: Weight;
}

/** Black from corner to corner. */
interface BarMark {
  readonly is: 'bar';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What stands where, in dots of an 80 mm printer (8 a millimetre), from the top left. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly (TextMark | BarMark)[];
}

/** How letters are set. */
export interface Style {
  readonly size: number;
  readonly weight: Weight;
}

/** Between which edges, and at which of them. */
interface Setting {
  readonly left?: number;
  readonly right?: number;
  readonly set?: 'left' | 'centre' | 'right';
}

const graphemes = new Intl.Segmenter('bn', { granularity: 'grapheme' });

/** Bangla has signs above and below the letters: lines stand further apart than Latin ones need. */
const LINE_HEIGHT = 1.32;
const BASE_LINE = 0.98;
/** A value that leaves its name less of the width stands below it. */
const VALUE_MAX = 0.7;

/** Sets lines and bars below one another. */
export class Column {
  private readonly marks: (TextMark | BarMark)[] = [];
  /** The next free dot from the top. */
  y = 0;

  constructor(
    private readonly faces: Faces,
    readonly width: number,
  ) {}

  drawing(): Drawing {
    return { width: this.width, height: Math.ceil(this.y), marks: this.marks };
  }

  bar(x: number, y: number, width: number, height: number): void {
    this.marks.push({ is: 'bar', x, y: Math.round(y), width, height });
  }

  /** A line across. */
  rule(height: number): void {
    this.bar(0, this.y, this.width, height);
    this.y += height;
  }

  /** An empty box. */
  frame(x: number, y: number, width: number, height: number): void {
    const [line, tall] = [3, Math.round(height)];
    this.bar(x, y, width, line);
    this.bar(x, y + tall - line, width, line);
    this.bar(x, y, line, tall);
    this.bar(x + width - line, y, line, tall);
  }

  /** Text of as many lines as it needs between two edges; `y` moves below it. */
  paragraph(text: string, style: Style, { left = 0, right = this.width, set = 'left' }: Setting = {}): void {
    const { size, weight } = style;
    for (const line of linesOf(this.faces, text, style, right - left)) {
      const free = right - left - this.faces.widthOf(line, size, weight);
      const x = left + free * { left: 0, centre: 0.5, right: 1 }[set];
      this.marks.push({ is: 'text', text: line, x, y: this.y + size * BASE_LINE, size, weight });
      this.y += size * LINE_HEIGHT;
    }
  }

  /** A name at the left edge, its value at the right one, below it where both do not fit. */
  pair(name: string, value: string, style: Style): void {
    const valueWidth = this.faces.widthOf(value, style.size, style.weight);
    const sideBySide = valueWidth <= this.width * VALUE_MAX;
    const top = this.y;
    this.paragraph(name, style, { right: sideBySide ? this.width - valueWidth - style.size : this.width });
    const below = this.y;
    if (sideBySide) this.y = top;
    this.paragraph(value, style, { set: 'right' });
    this.y = Math.max(this.y, below);
  }
}

/** A text broken at blanks, and inside a word only where the word alone is too wide. */
export function linesOf(faces: Faces, text: string, { size, weight }: Style, width: number): string[] {
  const fits = (line: string) => faces.widthOf(line, size, weight) <= width;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const { segment } of graphemes.segment(word)) {
      if (line !== '' && !fits(line + segment)) {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
  }
  return line === '' ? lines : [...lines, line];
}
