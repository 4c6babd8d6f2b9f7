/* Proves what a change of terms, a time without supply and a replacement leave behind of a connection's past, and that it is read back as it was written. */
import { chargingFromJson, chargingToJson, sinceMonth, withFormerTerms, withoutMonthsOff } from './charging';

const terms = { tariffClass: 'LT-A', phase: 1, sanctionedW: 9_007_199_254_740_993n, meterOwner: 'utility' } as const;

it.each([
  ['within a month', '2026-08-03', '2026-08-30', undefined],
  ['over the turn of a month', '2026-08-31', '2026-09-01', undefined],
  ['one whole month', '2026-08-31', '2026-10-01', [202609, 202609]],
  ['over a year', '2026-11-01', '2027-02-28', [202612, 202701]],
])('off %s: %s to %s', (_, off, on, span) => {
  expect(withoutMonthsOff(null, off, on)?.off).toEqual(span && [span]);
});

it('keeps former terms up to the month before the change, each change behind the one before', () => {
  const first = withFormerTerms(null, terms, '2026-01-31');
  const second = withFormerTerms(first, { ...terms, sanctionedW: 2n }, '2026-03-01');
  expect(second.past.map(({ throughMonth, sanctionedW }) => [throughMonth, sanctionedW])).toEqual([
    [202512, terms.sanctionedW],
    [202602, 2n],
  ]);
});

it('remembers the first installation through any number of replacements', () => {
  expect(sinceMonth(sinceMonth(null, '2024-03-05'), '2026-01-01').since).toBe(202403);
});

it('is read back exactly', () => {
  const charging = withFormerTerms(
    withoutMonthsOff(sinceMonth(null, '2024-03-05'), '2025-01-05', '2025-06-05'),
    terms,
    '2026-02-02',
  );
  expect(chargingFromJson(chargingToJson(charging))).toEqual(charging);
});
