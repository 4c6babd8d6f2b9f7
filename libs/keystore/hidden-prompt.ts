import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';

const ENTER = [0x0d, 0x0a];
const BACKSPACE = [0x7f, 0x08];
const INTERRUPT = 0x03;
const LIMIT = 1024;

/** The person at the terminal pressed Ctrl-C. */
export class PromptInterrupted extends Error {
  override readonly name = 'PromptInterrupted';
}

/**
 * Asks at the terminal for a secret and shows nothing of what is typed, not even its length. The characters go into
 * one buffer and never become a string.
 *
 * @returns what was typed, without the line end; the caller fills it with zeros
 * @throws {PromptInterrupted} on Ctrl-C
 * @throws {Error} when the process has no terminal
 * @example const share = await promptHidden('Custodian 1, your share: ');
 */
export async function promptHidden(question: string): Promise<Buffer> {
  const input = new ReadStream(openSync('/dev/tty', 'r'));
  const output = new WriteStream(openSync('/dev/tty', 'w'));
  const typed = Buffer.alloc(LIMIT);
  // Before the question: what is typed ahead must not be echoed either.
  input.setRawMode(true);
  output.write(question);
  try {
    const length = await readLine(input, typed);
    const answer = Buffer.alloc(length);
    typed.copy(answer, 0, 0, length);
    return answer;
  } finally {
    typed.fill(0);
    input.setRawMode(false);
    output.write('\n');
    input.destroy();
    output.end();
  }
}

function readLine(input: ReadStream, typed: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let length = 0;
    input.once('error', reject);
    input.once('end', () => reject(new PromptInterrupted('the terminal was closed')));
    input.on('data', (chunk: Buffer) => {
      for (const byte of chunk) {
        if (byte === INTERRUPT) return reject(new PromptInterrupted('interrupted'));
        if (ENTER.includes(byte)) return resolve(length);
        if (BACKSPACE.includes(byte)) length = Math.max(0, length - 1);
        else if (length < LIMIT) typed[length++] = byte;
      }
      chunk.fill(0);
    });
  });
}
