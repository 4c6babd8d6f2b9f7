import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { openPackFile } from '@vend/packfile';
import { Counter } from './counter';

const USAGE = `usage: npm run pack -- open <file>
Opens an offline pack at a counter without a network: asks the passphrase, then hands out items by meter number.
What was handed out is kept in <file>.journal, which is uploaded when the network is back.`;

/** Reads the passphrase first, without showing it at a terminal, then a line for each customer. */
async function main([command, file, ...rest]: readonly string[]): Promise<number> {
  if (command !== 'open' || file === undefined || rest.length > 0) {
    console.error(USAGE);
    return 2;
  }
  let hidden = true;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) process.stdout.write(chunk);
      done();
    },
  });
  process.stdout.write('Passphrase: ');
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  let counter: Counter | undefined;
  for await (const line of lines) {
    if (!counter) {
      hidden = false;
      process.stdout.write('\n');
      const pack = await openPackFile(readFileSync(file, 'utf8'), line);
      counter = new Counter(pack, `${file}.journal`, { say: (text) => console.log(text), now: Date.now });
      counter.begin();
    } else if (!counter.answer(line)) break;
  }
  lines.close();
  return counter ? 0 : 2;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
