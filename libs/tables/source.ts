export type FileKind = 'csv' | 'xlsx';

/** One row of a file, whatever its format. */
export interface SourceRow {
  /** 1 is the first line of the file. */
  readonly line: number;
  /** undefined: the line cannot be read, a quotation mark is lost. */
  readonly fields: readonly string[] | undefined;
  /** The line as it is, when it cannot be read. */
  readonly text?: string;
  /** Which fields a spreadsheet keeps as numbers, so that leading zeros and digits beyond the fifteenth are lost. */
  readonly numbers?: readonly boolean[] | undefined;
}

/** Rows that are stored together, and how far into the file the last of them is. */
export interface RowGroup {
  readonly rows: readonly SourceRow[];
  readonly doneBytes: number;
}

/** An import file that is open. */
export interface FileRows {
  /** What `doneBytes` of its groups counts up to. */
  readonly totalBytes: number;
  readonly groups: AsyncIterable<RowGroup>;
  close(): void;
}

/** Rows of a group: enough that a commit is cheap for each, few enough that a lost race is cheap to repeat. */
export const GROUP_ROWS = 750;
/** A row or cell longer than this is a lost quotation mark or no table at all; the limit also bounds the memory. */
export const ROW_MAX_CHARS = 8_192;
