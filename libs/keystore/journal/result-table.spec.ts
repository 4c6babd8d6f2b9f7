// Proves that names are found: tables, filters and indexes on disk against a plain Map, with names that fast-check makes and hashes that collide.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ResultIndex } from './result-index';
import { PartNames } from './result-parts';
import { findIn, hashName, NameFilter, ResultTable } from './result-table';

jest.setTimeout(60_000);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'index-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a table', () => {
  it('finds every chunk of a name, the newest last, through growth and collisions', () => {
    const words = fc.integer({ min: 0, max: 0xffffffff });
    // Few different low words: long runs of slots, also around the end of the table.
    const name = fc.record({ high: words, low: fc.constantFrom(0, 1, 4095, 4096, 0xffffffff) });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 300 }), fc.integer({ min: 0, max: 3000 }), (names, others) => {
        const table = new ResultTable();
        const model = new Map<string, number[]>();
        const add = (one: { high: number; low: number }, chunk: number): void => {
          table.add(one, chunk);
          const key = `${one.high}:${one.low}`;
          model.set(key, [...(model.get(key) ?? []), chunk]);
        };
        for (let i = 0; i < others; i += 1) add(hashName(`other-${i}`), i);
        names.forEach((one, i) => add(one, i));
        expect(table.entries).toBe(names.length + others);
        for (const [key, chunks] of model) {
          const [high, low] = key.split(':').map(Number) as [number, number];
          expect([...table.find({ high, low })].sort()).toEqual([...chunks].sort());
        }
        expect(table.find({ high: 7, low: 3 })).toEqual(model.get('7:3') ?? []);
      }),
      { numRuns: 12 },
    );
  });

  it('tells when a run of slots goes on behind the piece', () => {
    const words = new Uint32Array(6).fill(9);
    expect(findIn(words, 4096, { high: 9, low: 9 }, 9)).toEqual({ chunks: [8, 8], ended: false });
  });
});

describe('a filter', () => {
  it('never denies a name that is there, and denies nearly all that are not', () => {
    const filter = NameFilter.forEntries(20_000);
    for (let i = 0; i < 20_000; i += 1) filter.add(hashName(`r-${i}`));
    let denied = 0;
    for (let i = 0; i < 20_000; i += 1) if (!filter.mayHold(hashName(`r-${i}`))) denied += 1;
    expect(denied).toBe(0);
    let wrong = 0;
    for (let i = 0; i < 20_000; i += 1) if (filter.mayHold(hashName(`absent-${i}`))) wrong += 1;
    expect(wrong / 20_000).toBeLessThan(0.03);
  });
});

describe('an index on disk', () => {
  it('finds what the table found', async () => {
    const names = new PartNames();
    const count = 30_000;
    for (let i = 0; i < count; i += 100) {
      names.add(
        1_000 + i * 7,
        Array.from({ length: 100 }, (_, j) => hashName(`r-${i + j}`)),
      );
    }
    names.add(999_999, [hashName('r-5')]);
    const path = join(folder, 'one.index');
    await ResultIndex.write(path, names.table, names.places, 1_234);
    const index = ResultIndex.read(path)!;
    expect(index.lastAt).toBe(1_234);
    for (let i = 0; i < count; i += 13) {
      const name = hashName(`r-${i}`);
      expect(index.find(name)).toEqual(names.find(name));
    }
    expect(index.find(hashName('r-5'))).toEqual([999_999, 1_000]);
    let found = 0;
    for (let i = 0; i < 2_000; i += 1) found += index.find(hashName(`absent-${i}`)).length;
    expect(found).toBe(0);
  });

  it('is not believed when it is missing, short or changed', async () => {
    const names = new PartNames();
    names.add(72, [hashName('r-1')]);
    const path = join(folder, 'two.index');
    expect(ResultIndex.read(path)).toBeUndefined();
    await ResultIndex.write(path, names.table, names.places, 0);
    expect(ResultIndex.read(path)?.find(hashName('r-1'))).toEqual([72]);
    truncateSync(path, 100);
    expect(ResultIndex.read(path)).toBeUndefined();
    writeFileSync(path, 'something else that is long enough to be a header of an index, is it not?');
    expect(ResultIndex.read(path)).toBeUndefined();
  });
});

it('spreads names that differ in a digit', () => {
  const seen = new Set<string>();
  const slots = new Set<number>();
  for (let i = 0; i < 50_000; i += 1) {
    const { high, low } = hashName(`019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42:${6_612_482 + i}:5\napi`);
    seen.add(`${high}:${low}`);
    slots.add(low & 0xffff);
  }
  expect(seen.size).toBe(50_000);
  // 50,000 balls in 65,536 boxes leave about 34,900 boxes that are not empty.
  expect(slots.size).toBeGreaterThan(33_000);
});
