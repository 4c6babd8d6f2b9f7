/* Proves on a storage in memory that every sale a till has sent is found again until it is forgotten, whatever other windows of the till do. */
import { forgetSale, keepSale, keptSale } from './sale-store';
import type { Sale } from './till';

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, text: string) => void items.set(name, text),
    removeItem: (name: string) => void items.delete(name),
    clear: () => items.clear(),
  };
}

const sale = (key: string, sentAt: number): Sale => ({
  ...{ key, sentAt, quoteId: 'q1.x', meterNo: '600727000000000009', amount: '500.00', cash: '' },
});

it('finds the sale that was in hand, the first of several, and no other after they are forgotten', () => {
  const storage = memory();
  expect(keptSale(storage)).toBeUndefined();
  keepSale(sale('second', 2_000), storage);
  keepSale(sale('first', 1_000), storage);
  expect(keptSale(storage)).toEqual(sale('first', 1_000));
  forgetSale('first', storage);
  expect(keptSale(storage)).toEqual(sale('second', 2_000));
  forgetSale('second', storage);
  expect(keptSale(storage)).toBeUndefined();
});

it('sent once more, it is the same sale at its later time', () => {
  const storage = memory();
  keepSale(sale('one', 1_000), storage);
  keepSale(sale('one', 9_000), storage);
  forgetSale('one', storage);
  expect(keptSale(storage)).toBeUndefined();
});

it.each(['', '{', 'null', '[]', '{"key":7}', '"text"'])('is not kept from opening by %j in its place', (text) => {
  const storage = memory();
  storage.setItem('vend.sale.spoilt', text);
  storage.setItem('theme', 'dark');
  keepSale(sale('good', 1_000), storage);
  expect(keptSale(storage)).toEqual(sale('good', 1_000));
});
