/* Proves that pages come in order, that one is asked for while another is worked on, and that a failed read is told in its turn. */
import { readAhead } from './read-ahead';

it('gives each page once, in order, and asks for the next before the one is done', async () => {
  const asked: (number | undefined)[] = [];
  const pages = readAhead<number>((before) => {
    asked.push(before);
    return Promise.resolve(before === 3 ? undefined : (before ?? 0) + 1);
  });
  const seen: [number, number][] = [];
  for await (const page of pages) seen.push([page, asked.length]);
  expect(seen).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
  expect(asked).toEqual([undefined, 1, 2, 3]);
});

it('tells a read that failed after the pages before it', async () => {
  const seen: number[] = [];
  const pages = readAhead<number>((before) =>
    before === 2 ? Promise.reject(new Error('gone')) : Promise.resolve((before ?? 0) + 1),
  );
  const work = async () => {
    for await (const page of pages) seen.push(page);
  };
  await expect(work()).rejects.toThrow('gone');
  expect(seen).toEqual([1, 2]);
});
