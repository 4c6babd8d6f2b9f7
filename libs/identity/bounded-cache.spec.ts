// Proves with a hand-moved clock that the cache shares a lookup, forgets in time, stays within its size, and does
// not keep a failure.
import { BoundedCache } from './bounded-cache';

function setUp(size = 2) {
  let nowMs = 0;
  const asked: string[] = [];
  const cache = new BoundedCache<string>(size, 30_000, () => nowMs);
  const get = (key: string) =>
    cache.get(key, () => {
      asked.push(key);
      return Promise.resolve(`${key}@${nowMs}`);
    });
  return { get, asked, cache, pass: (ms: number) => (nowMs += ms) };
}

it('asks once for callers at the same time and for 30 seconds', async () => {
  const { get, asked, pass } = setUp();
  expect(await Promise.all([get('a'), get('a')])).toEqual(['a@0', 'a@0']);
  pass(29_999);
  expect(await get('a')).toBe('a@0');
  pass(1);
  expect(await get('a')).toBe('a@30000');
  expect(asked).toEqual(['a', 'a']);
});

it('keeps the latest keys only', async () => {
  const { get, asked } = setUp(2);
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await get(key);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('asks again after a failure', async () => {
  const { cache, get } = setUp();
  await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await get('a')).toBe('a@0');
});
