import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { answerLine, refusal } from './answer';
import { CommandError } from './request';

/** The longest request line; a longer one is answered with a refusal and skipped. */
export const MAX_LINE_CHARS = 65_536;

/**
 * Answers a stream of requests, one line for one line, in order. Answers leave chunk by chunk, and no further chunk is
 * read while the reader of the output lags behind: memory stays constant however long the stream is.
 *
 * @returns how many lines failed
 */
export async function answerStream(input: Readable, output: Writable): Promise<number> {
  let rest = '';
  let skipping = false;
  let failures = 0;
  input.setEncoding('utf8');

  const answerText = (line: string): string => {
    const { text, failed } = answerLine(line);
    if (failed) failures++;
    return `${text}\n`;
  };
  const tooLong = (): string => {
    failures++;
    return `${JSON.stringify(refusal(null, new CommandError('line-too-long')))}\n`;
  };

  for await (const chunk of input as AsyncIterable<string>) {
    let answers = '';
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const line = rest + chunk.slice(from, end);
      if (!skipping) answers += line.length > MAX_LINE_CHARS ? tooLong() : answerText(line);
      skipping = false;
      rest = '';
      from = end + 1;
    }
    if (!skipping) rest += chunk.slice(from);
    if (rest.length > MAX_LINE_CHARS) {
      answers += tooLong();
      skipping = true;
      rest = '';
    }
    if (answers && !output.write(answers)) await once(output, 'drain');
  }
  if (rest && !skipping) output.write(answerText(rest));
  return failures;
}
