/* Proves what a form of the office's work sends, by known cases; and of every work that its texts have both languages and that its name is its own, by the whole table. */
import type { Text } from '../../shared/words';
import { bodyOf, firstValues, shownFields, type Work } from './work';
import { ALL_WORKS, workNamed } from './works';

const facts = { about: '600100000000000019', part: 'P', fees: [] };
const sent = (name: string, values: Record<string, string>) => {
  const work = workNamed(name)!;
  return { ...bodyOf(work, { ...firstValues(work), ...values }), ...work.also?.(values, facts) };
};

it('sends what was typed, numbers as numbers, and leaves out what is empty or not asked for', () => {
  expect(sent('other-power-limit', { watts: '5000', reason: 'new load' })).toEqual({
    ...{ meterNo: facts.about, what: 'max-power-limit', watts: 5000, reason: 'new load' },
  });
  expect(sent('free-issue', { unit: 'taka', amount: '200', kwh: '5', note: 'flood', reason: 'goodwill' })).toEqual({
    ...{ meterNo: facts.about, amount: '200', reason: 'goodwill', note: 'flood' },
  });
  expect(sent('change-customer', { mobile: '01700000001', reason: 'asked' })).toEqual({
    ...{ mobile: '01700000001', reason: 'asked' },
  });
  expect(sent('customer-notices', { wanted: 'no', reason: 'asked' })).toEqual({ wanted: false, reason: 'asked' });
  expect(sent('head-end', { headEnd: ' ' })).toEqual({ headEnd: null });
});

it('takes the fee that the schedule says', () => {
  const fee = { fee: 'meter-test', net: '200.00', vat: '30.00', amount: { value: '230.00' } };
  const work = workNamed('fee')!;
  expect(work.also!({ fee: 'meter-test' }, { ...facts, fees: [fee] })).toEqual({
    ...{ meterNo: facts.about, fee: 'meter-test', amount: '230.00' },
  });
  expect(work.cash!({ fee: 'meter-test' }, { ...facts, fees: [fee] })).toBe('230.00');
});

it('asks only for what was chosen', () => {
  const names = (values: Record<string, string>) => shownFields(workNamed('penalty')!, values).map(({ name }) => name);
  expect(names({ kind: 'tampering' })).toContain('amount');
  expect(names({ kind: 'power-factor' })).not.toContain('amount');
});

it('gives every work a name of its own', () => {
  expect(new Set(ALL_WORKS.map(({ name }) => name)).size).toBe(ALL_WORKS.length);
});

const textsOf = (work: Work): Text[] => [
  ...[work.title, work.about],
  ...work.fields.flatMap((field) => [
    field.label,
    ...(field.kind === 'choice' ? field.options.map((o) => o.label) : []),
  ]),
];

it.each(ALL_WORKS)('$name speaks both languages', (work) => {
  for (const { bn, en } of textsOf(work)) {
    expect(en).not.toMatch(/[\u0980-\u09ff]/);
    // Only a class of the tariff order is the same in both.
    expect(/[\u0980-\u09ff]/.test(bn) || /^[LM]T-[A-Z]?\d?$/.test(bn)).toBe(true);
    expect(en.length).toBeGreaterThan(0);
  }
});

it('writes no name and no phone down', () => {
  const kept = ALL_WORKS.filter(({ once, personal }) => once && !personal);
  expect(
    kept.flatMap(({ fields }) => fields).filter(({ kind, name }) => kind === 'phone' || name === 'address'),
  ).toEqual([]);
});
