// Proves that every rule of an import's row refuses with its own code at its own column, and that a good row
// comes out in the units that are stored.
import { meterCells, meterNo, type MeterCells } from '../../../test/builders/meters';
import { rowValidator } from './row';
import { rowFaultReasons, type RowFaultCode } from './row-faults';

const validate = rowValidator('2026-11-21');
const faultsOf = (changes: Partial<MeterCells>) => {
  const result = validate(7, meterCells(1, changes));
  return result.ok ? [] : result.faults;
};

it('turns a good row into watts, numbers and the stored forms', () => {
  const cells = meterCells(1, {
    customerNo: 't-1/a',
    mobile: '01700000001',
    sanctionedKw: '2.5',
    meterNo: meterNo(1).drn,
  });
  const result = validate(7, cells);
  expect(result).toMatchObject({
    ok: true,
    row: {
      line: 7,
      customerNo: 'T-1/A',
      mobile: '8801700000001',
      sanctionedKw: 2_500n,
      phase: 1,
      meterNo: meterNo(1),
      krn: 1,
      ti: '01',
      kt: 2,
      ken: 255,
      baseDate: 2014,
    },
  });
});

it('lets the phone, the language and the manufacturer be left out', () => {
  const result = validate(7, meterCells(1, { mobile: '', language: '', manufacturer: '' }));
  expect(result).toMatchObject({ ok: true, row: { mobile: null, language: undefined } });
});

it.each<[keyof MeterCells, string, RowFaultCode]>([
  ['customerNo', '', 'value-missing'],
  ['customerNo', 'A 1', 'customer-no-invalid'],
  ['customerNo', '1'.repeat(21), 'customer-no-invalid'],
  ['name', '', 'value-missing'],
  ['name', 'ক'.repeat(121), 'text-invalid'],
  ['name', 'a\tb', 'text-invalid'],
  ['name', 'Rahim \uFFFD', 'text-invalid'],
  ['mobile', '1700000001', 'mobile-invalid'],
  ['address', 'a'.repeat(201), 'text-invalid'],
  ['office', 'a'.repeat(61), 'text-invalid'],
  ['language', 'fr', 'language-unknown'],
  ['tariffClass', 'LT-Z', 'tariff-class-unknown'],
  ['tariffClass', 'lt-a', 'tariff-class-unknown'],
  ['phase', '2', 'phase-invalid'],
  ['sanctionedKw', '0', 'sanctioned-load-invalid'],
  ['sanctionedKw', '2.0005', 'sanctioned-load-invalid'],
  ['meterNo', '', 'value-missing'],
  ['meterNo', '123', 'meter-number-invalid'],
  ['meterNo', '600727000000000008', 'meter-check-digit-wrong'],
  ['manufacturer', '98', 'manufacturer-differs'],
  ['owner', 'nesco', 'owner-unknown'],
  ['installedOn', '2026-02-30', 'installed-on-invalid'],
  ['installedOn', '02/11/2026', 'installed-on-invalid'],
  ['installedOn', '1992-12-31', 'installed-on-invalid'],
  ['installedOn', '2026-11-22', 'installed-in-future'],
  ['chargedThrough', '2026-13', 'charged-through-invalid'],
  ['chargedThrough', '202610', 'charged-through-invalid'],
  ['crediting', 'kwh', 'crediting-unknown'],
  ['ea', '09', 'ea-unknown'],
  ['sgc', '12345', 'sgc-invalid'],
  ['krn', '0', 'krn-invalid'],
  ['krn', '10', 'krn-invalid'],
  ['ti', '1', 'ti-invalid'],
  ['kt', '4', 'kt-invalid'],
  ['ken', '256', 'ken-invalid'],
  ['ken', '-1', 'ken-invalid'],
  ['baseDate', '2015', 'base-date-unknown'],
])('refuses %s %j: %s', (column, text, code) => {
  expect(faultsOf({ [column]: text })).toEqual([{ line: 7, column, code }]);
  expect(rowFaultReasons[code].bn).toMatch(/[\u0980-\u09FF]/);
});

it('names every column that is wrong, once', () => {
  const faults = faultsOf({ phase: '', ti: 'x', name: `${'a'.repeat(130)}\u0007` });
  expect(faults.map((fault) => `${fault.column} ${fault.code}`).sort()).toEqual([
    'name text-invalid',
    'phase value-missing',
    'ti ti-invalid',
  ]);
});
