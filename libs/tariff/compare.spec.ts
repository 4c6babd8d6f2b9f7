// Proves that two versions side by side show every fact of both, mark exactly what differs, and never pair slabs of different limits.
import fc from 'fast-check';
import { historicalBook } from './books';
import { compareVersions } from './compare';
import { readTariffVersion, type TariffVersionSource } from './source';

const base: TariffVersionSource = {
  id: 'one',
  title: { bn: 'এক', en: 'One' },
  publishedOn: null,
  effectiveFrom: '2027-01-01',
  lifeline: 'none',
  vatPercent: 5,
  meterRentTk: { singlePhase: '40.00', threePhase: '250.00' },
  classes: [
    {
      code: 'LT-A',
      level: 'LT',
      name: { bn: 'আবাসিক', en: 'Residential' },
      demandTk: '42.00',
      energy: {
        kind: 'slab',
        lifeline: { toKwh: 50, rate: '4.63' },
        slabs: [
          { toKwh: 75, rate: '5.26' },
          { toKwh: null, rate: '7.20' },
        ],
      },
    },
  ],
};
const read = (changes: Partial<TariffVersionSource>) => readTariffVersion({ ...base, ...changes });
const changed = (changes: Partial<TariffVersionSource>) =>
  compareVersions(read({}), read(changes))
    .filter(({ differs }) => differs)
    .map(({ tariffClass, item, kwh, left, right }) => [tariffClass, item, kwh, left, right]);
const [household] = base.classes;

it('of a version with itself differs in nothing and has every fact', () => {
  const rows = compareVersions(read({}), read({}));
  expect(rows.filter(({ differs }) => differs)).toEqual([]);
  expect(rows.map(({ tariffClass, item, kwh }) => [tariffClass, item, kwh].filter(Boolean).join(' '))).toEqual([
    'effective-from',
    'lifeline-policy',
    'policy',
    'vat',
    'rent-single-phase',
    'rent-three-phase',
    'LT-A level',
    'LT-A demand',
    'LT-A lifeline 0-50',
    'LT-A slab 0-75',
    'LT-A slab 76-',
  ]);
});

it('marks a changed rate, a changed limit as two rows, and what only one side has', () => {
  expect(changed({ vatPercent: 7, endsOn: '2028-01-01' })).toEqual([
    [null, 'ends-on', null, null, '2028-01-01'],
    [null, 'vat', null, '5', '7'],
  ]);
  const slabs = [
    { toKwh: 100, rate: '5.26' },
    { toKwh: null, rate: '7.20' },
  ];
  expect(changed({ classes: [{ ...household!, demandTk: '50.00', energy: { kind: 'slab', slabs } }] })).toEqual([
    ['LT-A', 'demand', null, '42.00', '50.00'],
    ['LT-A', 'lifeline', '0-50', '4.63', null],
    ['LT-A', 'slab', '0-75', '5.26', null],
    ['LT-A', 'slab', '0-100', null, '5.26'],
    ['LT-A', 'slab', '76-', '7.20', null],
    ['LT-A', 'slab', '101-', null, '7.20'],
  ]);
  expect(changed({ classes: [] }).map(([, item, , left, right]) => [item, left !== null, right])).toEqual([
    ['level', true, null],
    ['demand', true, null],
    ['lifeline', true, null],
    ['slab', true, null],
    ['slab', true, null],
  ]);
});

it('turned round says the same with the sides changed, for all released versions', () => {
  const version = fc.constantFrom(...historicalBook.versions);
  fc.assert(
    fc.property(version, version, (one, other) => {
      const there = compareVersions(one, other).map(({ tariffClass, item, kwh, left, right }) =>
        JSON.stringify([tariffClass, item, kwh, left, right]),
      );
      const back = compareVersions(other, one).map(({ tariffClass, item, kwh, left, right }) =>
        JSON.stringify([tariffClass, item, kwh, right, left]),
      );
      expect(there.sort()).toEqual(back.sort());
    }),
  );
});
