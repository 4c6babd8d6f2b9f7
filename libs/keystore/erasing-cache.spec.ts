// Proves against a plain list as model that the cache is bounded, drops what was used longest ago, and erases all that leaves it.
import fc from 'fast-check';
import { ErasingCache } from './erasing-cache';

it('holds the most recently used values and erases the rest', () => {
  const step = fc.record({ put: fc.boolean(), name: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
      const cache = new ErasingCache<{ erased: boolean }>(limit, (value) => (value.erased = true));
      let model: { name: string; value: { erased: boolean } }[] = [];
      const everPut: { erased: boolean }[] = [];
      for (const { put, name: number } of steps) {
        const name = String(number);
        const known = model.find((entry) => entry.name === name);
        if (put) {
          const value = { erased: false };
          everPut.push(value);
          cache.put(name, value);
          model = [...model.filter((entry) => entry !== known), { name, value }].slice(-limit);
        } else {
          expect(cache.get(name)).toBe(known?.value);
          if (known) model = [...model.filter((entry) => entry !== known), known];
        }
        expect(cache.size).toBe(model.length);
        const kept = new Set(model.map((entry) => entry.value));
        for (const value of everPut) expect(value.erased).toBe(!kept.has(value));
      }
      cache.clear();
      expect(everPut.every((value) => value.erased)).toBe(true);
    }),
  );
});

it('refuses a limit that holds nothing', () => {
  expect(() => new ErasingCache(0, () => undefined)).toThrow(RangeError);
});
