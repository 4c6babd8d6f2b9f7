import { ROW_MAX_CHARS, type SourceRow } from '../source';
import type { SharedStrings } from './shared-strings';
import type { XmlReader } from './xml';

/** More columns than any import file has. */
const COLUMNS_MAX = 200;
const DAY_MS = 86_400_000;
/** Day 0 of each way to count. The first takes 1900 for a leap year, as spreadsheets do, so it holds from March 1900 on. */
const DAY_ZERO = { since1900: Date.UTC(1899, 11, 30), since1904: Date.UTC(1904, 0, 1) } as const;
/** What an error of the spreadsheet (#REF!) is read as: a character that no column takes. */
const SPREADSHEET_ERROR = '\uFFFD';

/** Columns that may hold a day, and how much of it is written. */
const DAYS: Readonly<Record<string, number>> = { installedon: 'YYYY-MM-DD'.length, chargedthrough: 'YYYY-MM'.length };

/** Gathers the rows of a sheet out of its tags. */
export class SheetCells implements XmlReader {
  doneBytes = 0;
  private rows: SourceRow[] = [];
  private header: readonly string[] | undefined;
  private line = 0;
  private fields: string[] = [];
  private numbers: boolean[] = [];
  private column = -1;
  private type = 'n';
  private value = '';
  private inValue = false;

  constructor(
    private readonly strings: SharedStrings | undefined,
    private readonly since1904: boolean,
  ) {}

  /** The rows that are complete; each is given once. */
  take(): SourceRow[] {
    return this.rows.splice(0);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.beginRow(attributes['r']);
    else if (name === 'c') this.beginCell(attributes);
    this.inValue = name === 'v' || name === 't';
  }

  text(text: string): void {
    if (this.inValue && this.value.length <= ROW_MAX_CHARS) this.value += text.slice(0, ROW_MAX_CHARS + 1);
  }

  close(name: string): void {
    this.inValue = false;
    if (name === 'c') this.endCell();
    else if (name === 'row') this.endRow();
  }

  private beginRow(number: string | undefined): void {
    const line = number === undefined ? this.line + 1 : Number(number);
    if (!Number.isSafeInteger(line) || line <= this.line) throw new Error('rows out of order');
    this.line = line;
    this.fields = [];
    this.numbers = [];
    this.column = -1;
  }

  private beginCell(attributes: Readonly<Record<string, string>>): void {
    const letters = /^[A-Z]{1,3}/.exec(attributes['r'] ?? '')?.[0];
    this.column = letters === undefined ? this.column + 1 : columnOf(letters);
    if (this.column >= COLUMNS_MAX) throw new Error('too many columns');
    this.type = attributes['t'] ?? 'n';
    this.value = '';
  }

  private endCell(): void {
    const isNumber = this.type === 'n' && this.value !== '';
    this.fields[this.column] = (isNumber ? this.numberText() : this.plainText()).trim();
    this.numbers[this.column] = isNumber;
  }

  private plainText(): string {
    if (this.type === 's') return this.strings?.at(Number(this.value)) ?? SPREADSHEET_ERROR;
    if (this.type === 'e') return SPREADSHEET_ERROR;
    if (this.type === 'd') return this.value.slice(0, this.dayLength() ?? undefined);
    return this.value;
  }

  /** The shortest text that is this number: a spreadsheet writes 2.3 as 2.2999999999999998. */
  private numberText(): string {
    const number = Number(this.value);
    const length = this.dayLength();
    if (length === undefined || !Number.isInteger(number) || number < 61 || number > 80_000) return String(number);
    const zero = this.since1904 ? DAY_ZERO.since1904 : DAY_ZERO.since1900;
    return new Date(zero + number * DAY_MS).toISOString().slice(0, length);
  }

  private dayLength(): number | undefined {
    return DAYS[this.header?.[this.column]?.toLowerCase() ?? ''];
  }

  private endRow(): void {
    const width = this.header?.length ?? 0;
    let length = this.fields.length;
    // A sheet has cells as far as somebody once clicked; empty ones at the end are none.
    while (length > 0 && (this.fields[length - 1] ?? '') === '') length--;
    if (length === 0) return;
    const fields = Array.from({ length: Math.max(length, width) }, (_, i) => this.fields[i] ?? '');
    this.header ??= fields;
    this.rows.push({ line: this.line, fields, numbers: this.numbers });
  }
}

/** @example columnOf('AB') // 27 */
function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
