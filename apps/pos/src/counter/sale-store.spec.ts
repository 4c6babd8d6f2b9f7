/* Proves on a storage in memory that every sale a till has sent is found again until it is forgotten, whatever other windows of the till do. */
import { forgetSale, keepSale, keptSale, strangeSale } from './sale-store';
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

const HERE = 'NESCO-RAJ-01';
const sale = (key: string, sentAt: number): Sale => ({
  ...{ key, sentAt, quoteId: 'q1.x', meterNo: '600727000000000009', amount: '500.00', cash: '' },
  ...{ station: HERE, clerk: 'rahima' },
});

it('finds the sale that was in hand, the first of several, and no other after they are forgotten', () => {
  const storage = memory();
  expect(keptSale(HERE, storage)).toBeUndefined();
  keepSale(sale('second', 2_000), storage);
  keepSale(sale('first', 1_000), storage);
  expect(keptSale(HERE, storage)).toEqual(sale('first', 1_000));
  forgetSale('first', storage);
  expect(keptSale(HERE, storage)).toEqual(sale('second', 2_000));
  forgetSale('second', storage);
  expect(keptSale(HERE, storage)).toBeUndefined();
});

it('sent once more, it is the same sale at its later time', () => {
  const storage = memory();
  keepSale(sale('one', 1_000), storage);
  keepSale(sale('one', 9_000), storage);
  forgetSale('one', storage);
  expect(keptSale(HERE, storage)).toBeUndefined();
});

it.each(['', '{', 'null', '[]', '{"key":7}', '"text"', '{"key":"k","sentAt":1}'])(
  'is not kept from opening by %j in its place',
  (text) => {
    const storage = memory();
    storage.setItem('vend.sale.spoilt', text);
    storage.setItem('theme', 'dark');
    keepSale(sale('good', 1_000), storage);
    expect(keptSale(HERE, storage)).toEqual(sale('good', 1_000));
  },
);

it('gives a sale to its own station only, and tells another that it is there', () => {
  const storage = memory();
  keepSale({ ...sale('there', 1_000), station: 'NESCO-RAJ-02' }, storage);
  expect([keptSale(HERE, storage), strangeSale(HERE, storage)?.key]).toEqual([undefined, 'there']);
  expect([keptSale('NESCO-RAJ-02', storage)?.key, strangeSale('NESCO-RAJ-02', storage)]).toEqual(['there', undefined]);
  keepSale(sale('here', 2_000), storage);
  expect([keptSale(HERE, storage)?.key, strangeSale(HERE, storage)?.key]).toEqual(['here', 'there']);
});
