import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** The longest request line; a longer one is refused and skipped. */
export const MAX_LINE_CHARS = 262_144;

/** What becomes of one line: its answer without the newline, and whether it is a refusal. */
export interface LineAnswer {
  readonly text: string;
  readonly failed: boolean;
}

export interface LineHandler {
  /** @param number the line's number, from 1 */
  answer(line: string, number: number): LineAnswer;
  tooLong(number: number): LineAnswer;
}

export interface StreamTotals {
  readonly lines: number;
  readonly failures: number;
}

/**
 * Answers a stream of lines, one for one, in order; empty lines are skipped. No further chunk is read while the reader
 * of the output lags behind, so memory stays constant however long the stream is.
 *
 * @param onProgress told after every chunk how many lines are answered
 */
export async function answerLines(
  input: Readable,
  output: Writable,
  handler: LineHandler,
  onProgress: (lines: number) => void = () => undefined,
): Promise<StreamTotals> {
  let rest = '';
  let skipping = false;
  let number = 0;
  let lines = 0;
  let failures = 0;
  const noted = ({ text, failed }: LineAnswer): string => {
    lines += 1;
    if (failed) failures += 1;
    return `${text}\n`;
  };
  const answered = (line: string): string => {
    number += 1;
    if (line.length > MAX_LINE_CHARS) return noted(handler.tooLong(number));
    return line.trim() === '' ? '' : noted(handler.answer(line, number));
  };
  input.setEncoding('utf8');
  for await (const chunk of input as AsyncIterable<string>) {
    let answers = '';
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      if (!skipping) answers += answered(rest + chunk.slice(from, end));
      skipping = false;
      rest = '';
      from = end + 1;
    }
    if (!skipping) rest += chunk.slice(from);
    if (rest.length > MAX_LINE_CHARS) {
      answers += answered(rest);
      skipping = true;
      rest = '';
    }
    if (answers && !output.write(answers)) await once(output, 'drain');
    onProgress(lines);
  }
  if (!skipping && rest !== '') {
    const last = answered(rest);
    if (last) output.write(last);
  }
  return { lines, failures };
}
