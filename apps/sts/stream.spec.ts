// Proves that the command answers a stream line for line, in order, whatever the chunks are, and holds back reading while
// its answers are not taken.
import { Readable, Writable } from 'node:stream';
import { MAX_LINE_CHARS, answerStream } from './stream';

const request = (id: number): string =>
  JSON.stringify({ id, token: 'test-display', subclass: 0, manufacturer: id % 100, control: '1' });

async function run(
  chunks: Iterable<string | Buffer>,
): Promise<{ failures: number; answers: Record<string, unknown>[] }> {
  let text = '';
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const failures = await answerStream(Readable.from(chunks, { objectMode: false }), output);
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return { failures, answers: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

it.each([1, 7, 64, 100_000])('answers in order when the input comes in pieces of %i', async (size) => {
  const text = Array.from({ length: 50 }, (_, id) => request(id)).join('\n');
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  const { failures, answers } = await run(pieces);
  expect(failures).toBe(0);
  expect(answers.map((answer) => answer['id'])).toEqual(Array.from({ length: 50 }, (_, id) => id));
});

it('keeps letters whole that a chunk cuts in two', async () => {
  const bytes = Buffer.from(
    `${JSON.stringify({ id: 'মিটার', token: 'test-display', subclass: 0, manufacturer: 0, control: '1' })}\n`,
  );
  const { answers } = await run([bytes.subarray(0, 9), bytes.subarray(9)]);
  expect(answers[0]?.['id']).toBe('মিটার');
});

it('goes on after bad lines, counts them, and answers empty ones too', async () => {
  const { failures, answers } = await run([`${request(1)}\r\nnonsense\n\n${request(2)}\n`]);
  expect(failures).toBe(2);
  expect(answers.map((answer) => [answer['id'], (answer['error'] as { code: string } | undefined)?.code])).toEqual([
    [1, undefined],
    [null, 'bad-json'],
    [null, 'bad-json'],
    [2, undefined],
  ]);
});

it('answers an endless line once, without keeping it', async () => {
  const piece = 'x'.repeat(10_000);
  const long = Array.from({ length: 30 }, () => piece);
  const { failures, answers } = await run([...long, '\n', request(3), '\n', 'y'.repeat(MAX_LINE_CHARS + 1)]);
  expect(failures).toBe(2);
  expect(answers.map((answer) => answer['id'])).toEqual([null, 3, null]);
  expect(answers[0]).toMatchObject({ error: { code: 'line-too-long' } });
});

it('reads no further while its answers are not taken', async () => {
  let read = 0;
  let most = 0;
  function* lines(): Generator<string> {
    for (; read < 3000; read++) yield `${request(read)}\n`;
  }
  let taken = 0;
  const slow = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _encoding, done) {
      taken += chunk.toString().split('\n').length - 1;
      most = Math.max(most, read - taken);
      setImmediate(done);
    },
  });
  const input = Readable.from(lines(), { objectMode: false, highWaterMark: 1024 });
  await answerStream(input, slow);
  await new Promise<void>((resolve) => slow.end(resolve));
  expect(taken).toBe(3000);
  expect(most).toBeLessThan(200);
});
