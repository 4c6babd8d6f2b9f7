/* Proves that ids made one after the other rise, are told apart and are ids, also past the end of their counter. */
import { idFromBytes, idToBytes, isId, newId, risingIds } from './ids';

const AT = Date.UTC(2026, 10, 22);

it('makes rising ids of the instant, more of them than a millisecond has counts', () => {
  const next = risingIds(AT);
  const ids = Array.from({ length: 10_000 }, () => next());
  expect(ids.every(isId)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual([...ids].sort());
  const msOf = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  expect([msOf(ids[0]!), msOf(ids[4_095]!), msOf(ids[4_096]!)]).toEqual([AT, AT, AT + 1]);
});

it('gives two makers of the same instant different ids', () => {
  const [a, b] = [risingIds(AT), risingIds(AT)];
  const ids = Array.from({ length: 200 }, (_, i) => (i % 2 ? a() : b()));
  expect(new Set([...ids, newId(AT)]).size).toBe(201);
});

it('is stored in the order of its text', () => {
  const next = risingIds(AT);
  const [first, second] = [next(), next()];
  expect(idFromBytes(idToBytes(first))).toBe(first);
  expect(idToBytes(first).compare(idToBytes(second))).toBe(-1);
});
