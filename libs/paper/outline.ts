import type { PathCommand } from 'fontkit';

type Point = readonly [x: number, y: number];

/** An outline as straight pieces, four numbers each: from x, from y, to x, to y, in the font's units. */
export type Segments = Float32Array;

/** Straight pieces that a curve of a letter of a few millimetres is cut into. */
const PIECES = 5;

/** @example segmentsOf(glyph.path.commands).length / 4 // pieces */
export function segmentsOf(commands: readonly PathCommand[]): Segments {
  const segments: number[] = [];
  let start: Point = [0, 0];
  let here = start;
  const to = (next: Point) => {
    segments.push(...here, ...next);
    here = next;
  };
  for (const { command, args } of commands) {
    const ends = Array.from({ length: args.length / 2 }, (_, index): Point => [args[2 * index]!, args[2 * index + 1]!]);
    if (command === 'moveTo') here = start = ends[0]!;
    else if (command === 'closePath') to(start);
    else if (command === 'lineTo') to(ends[0]!);
    else {
      const corners = [here, ...ends];
      for (let piece = 1; piece <= PIECES; piece++) to(onCurve(corners, piece / PIECES));
    }
  }
  return Float32Array.from(segments);
}

/** De Casteljau: a point of a curve, by the share of the way along it. */
function onCurve(corners: readonly Point[], share: number): Point {
  let points = corners;
  while (points.length > 1) {
    points = points.slice(1).map(([x, y], index): Point => {
      const [fromX, fromY] = points[index]!;
      return [fromX + (x - fromX) * share, fromY + (y - fromY) * share];
    });
  }
  return points[0]!;
}
