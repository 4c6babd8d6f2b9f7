/** As much of harfbuzzjs (HarfBuzz as WebAssembly; it brings no types) as is called here. */
declare module 'harfbuzzjs' {
  export interface Shaped {
    /** Glyph id. */
    readonly g: number;
    /** Where its text begins, in UTF-16 units. */
    readonly cl: number;
    /** Advance and offsets, in font units. */
    readonly ax: number;
    readonly dx: number;
    readonly dy: number;
  }
  export interface TextBuffer {
    addText(text: string): void;
    guessSegmentProperties(): void;
    json(): Shaped[];
    destroy(): void;
  }
  export type ShapingFont = object;
  export interface HarfBuzz {
    createBlob(bytes: Uint8Array): object;
    createFace(blob: object, index: number): object;
    createFont(face: object): ShapingFont;
    createBuffer(): TextBuffer;
    shape(font: ShapingFont, buffer: TextBuffer): void;
  }
  const ready: Promise<HarfBuzz>;
  export default ready;
}
