import { ROW_MAX_CHARS } from '../source';
import { readWholeXml } from './xml';

const BLOCK_BYTES = 1_048_576;

/** The texts that a workbook's cells refer to by number, as bytes in large blocks: as strings they would take thrice as much. */
export class SharedStrings {
  private readonly blocks: Buffer[] = [];
  private used = BLOCK_BYTES;
  private starts = new Float64Array(1_024);
  private count = 0;

  static async read(chunks: AsyncIterable<Buffer>): Promise<SharedStrings> {
    const strings = new SharedStrings();
    let text = '';
    // A text is in runs of different type; phonetic runs (rPh) say how it is read aloud and are not part of it.
    let [inText, aloud] = [false, false];
    await readWholeXml(chunks, {
      open: (name) => {
        if (name === 'si') text = '';
        inText = name === 't' && !aloud;
        if (name === 'rPh') aloud = true;
      },
      text: (piece) => {
        if (inText && text.length <= ROW_MAX_CHARS) text += piece.slice(0, ROW_MAX_CHARS);
      },
      close: (name) => {
        inText = false;
        if (name === 'rPh') aloud = false;
        if (name === 'si') strings.add(text);
      },
    });
    return strings;
  }

  /** @throws when there is none of this number */
  at(index: number): string {
    const start = index < this.count ? this.starts[index] : undefined;
    if (start === undefined) throw new Error('no such shared string');
    const block = this.blocks[Math.floor(start / BLOCK_BYTES)]!;
    const from = start % BLOCK_BYTES;
    const length = block.readUInt16LE(from);
    return block.toString('utf8', from + 2, from + 2 + length);
  }

  private add(text: string): void {
    // Longer than any value may be: cut, and refused by the rules of its column.
    const bytes = Buffer.from(text.slice(0, ROW_MAX_CHARS)).subarray(0, 65_535);
    if (this.used + bytes.length + 2 > BLOCK_BYTES) {
      this.blocks.push(Buffer.alloc(BLOCK_BYTES));
      this.used = 0;
    }
    if (this.count === this.starts.length) {
      const longer = new Float64Array(this.count * 2);
      longer.set(this.starts);
      this.starts = longer;
    }
    const block = this.blocks.at(-1)!;
    this.starts[this.count++] = (this.blocks.length - 1) * BLOCK_BYTES + this.used;
    block.writeUInt16LE(bytes.length, this.used);
    bytes.copy(block, this.used + 2);
    this.used += bytes.length + 2;
  }
}
