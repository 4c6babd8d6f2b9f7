/* Proves how months and credited amounts are written for callers, with worked examples. */
import { creditedView, estimateText, moneyView, monthText } from './format';

it.each([
  [0, 256n, { amount: '25.6', unit: 'kWh' }],
  [0, 1n, { amount: '0.1', unit: 'kWh' }],
  [0, 18_201_624n, { amount: '1820162.4', unit: 'kWh' }],
  [4, 86_141_000n, { amount: '861.41', unit: 'BDT' }],
  [4, 86_141_300n, { amount: '861.413', unit: 'BDT' }],
  [4, 1n, { amount: '0.00001', unit: 'BDT' }],
  [4, 50_000_000n, { amount: '500.00', unit: 'BDT' }],
])('a token of subclass %s with %s units credits %j', (subclass, units, view) => {
  expect(creditedView(subclass, units)).toEqual(view);
});

it('writes money, months and estimates', () => {
  expect(moneyView(100_000n)).toEqual({ value: '1000.00', currency: 'BDT' });
  expect(monthText(202601)).toBe('2026-01');
  expect(estimateText(174_500n)).toBe('174.50');
  expect(estimateText(174_559n)).toBe('174.55');
});
