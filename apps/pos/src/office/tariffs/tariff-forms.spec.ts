// Proves what the calculator sends for what is in its fields, and that the difference of two results is exact.
import { EMPTY_CALCULATION, requestOf } from './calculation-form';
import { fewerUnits } from './fewer-units';

it('asks for an invented household, or for a meter alone', () => {
  expect(requestOf(EMPTY_CALCULATION)).toEqual({
    ...{ amount: '500', tariffClass: 'LT-A', phase: '1', crediting: 'energy', sanctionedKw: '2', soldKwh: '0' },
    monthsDue: 1,
  });
  const real = {
    ...EMPTY_CALCULATION,
    meterNo: '600727000000000009',
    by: 'kwh',
    howMuch: ' 100 ',
    day: '2027-01-01',
  } as const;
  expect(requestOf({ ...real, version: 'bd-2027' })).toEqual({
    ...{ meterNo: '600727000000000009', kwh: '100', at: '2027-01-01', version: 'bd-2027' },
  });
});

it.each([
  ['88.1', '75.3', { kwh: '12.8', fewer: true }],
  ['75.3', '88.1', { kwh: '12.8', fewer: false }],
  ['100', '99.95', { kwh: '0.05', fewer: true }],
  ['9', '10', { kwh: '1', fewer: false }],
  ['100.0', '100', undefined],
])('from %s to %s units', (first, second, change) => {
  expect(fewerUnits(first, second)).toEqual(change);
});
